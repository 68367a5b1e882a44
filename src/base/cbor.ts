/**
 * The strict codec: the subset of CBOR (RFC 8949 §4.2.1, core deterministic encoding) that travels between peers.
 * One value has one encoding; everything else is refused. `undefined` is not a value; keys are strings.
 */

import { decode, encode } from 'cborg';
import { SeaError } from './errors.ts';

/** What can travel. Numbers are integers up to 2^53 or 64-bit floats, never NaN or infinite. */
export type Value =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Value[]
  | { readonly [key: string]: Value };

const decodeOptions = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowNaN: false,
  allowInfinity: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
  useMaps: true,
} as const;

/** Canonical bytes of a value. Throws BAD_ARGUMENT naming what cannot travel. */
export function encodeValue(value: Value): Uint8Array {
  checkValue(value, 0);
  return encode(value);
}

/** Total: any bytes give a value or throw BAD_MESSAGE. `depthMax` bounds nesting. */
export function decodeValue(bytes: Uint8Array): Value {
  let raw: unknown;
  try {
    raw = decode(bytes, decodeOptions);
  } catch (cause) {
    throw new SeaError('BAD_MESSAGE', 'not a canonical CBOR value', { cause });
  }
  return plain(raw, 0);
}

const DEPTH_MAX = 32; // levels; bounds recursion on a stranger's nesting

function plain(raw: unknown, depth: number): Value {
  if (depth > DEPTH_MAX) throw new SeaError('BAD_MESSAGE', `value nested more than ${DEPTH_MAX} levels`);
  if (raw === null || typeof raw === 'boolean' || typeof raw === 'number' || typeof raw === 'string') return raw;
  if (raw instanceof Uint8Array) return raw;
  if (Array.isArray(raw)) return raw.map(item => plain(item, depth + 1));
  if (raw instanceof Map) {
    const entries: [string, Value][] = [];
    for (const [key, value] of raw) {
      if (typeof key !== 'string') throw new SeaError('BAD_MESSAGE', 'map key is not text');
      entries.push([key, plain(value, depth + 1)]);
    }
    return Object.fromEntries(entries); // defines own properties: a key "__proto__" stays a key
  }
  throw new SeaError('BAD_MESSAGE', 'value of a type that does not travel');
}

function checkValue(value: unknown, depth: number): void {
  if (depth > DEPTH_MAX) throw new SeaError('BAD_ARGUMENT', `value nested more than ${DEPTH_MAX} levels (a cycle?)`);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return;
  if (typeof value === 'number') {
    if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return;
    throw new SeaError('BAD_ARGUMENT', `the number ${value} cannot be sent`);
  }
  if (value instanceof Uint8Array) return;
  if (Array.isArray(value)) {
    for (const item of value) checkValue(item, depth + 1);
    return;
  }
  if (typeof value === 'object' && isPlainObject(value)) {
    for (const item of Object.values(value)) checkValue(item, depth + 1);
    return;
  }
  throw new SeaError(
    'BAD_ARGUMENT',
    `a ${describe(value)} cannot be sent: use null, booleans, numbers, text, Uint8Array, arrays and plain objects`,
  );
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  if (typeof value !== 'object') return typeof value;
  return (value as object).constructor?.name ?? 'object';
}
