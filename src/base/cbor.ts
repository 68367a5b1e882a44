/**
 * The strict codec: the subset of CBOR (RFC 8949 §4.2.1, core deterministic encoding) that travels between peers.
 * One value has one encoding; everything else is refused. `undefined` is not a value; keys are strings.
 */

import { decode, encode, type Token, Tokenizer, Type } from 'cborg';
import { equal, utf8Decode } from './bytes.ts';
import { SeaError } from './errors.ts';

/** What can travel. Numbers are finite (-0 arrives as 0); text is well-formed Unicode. */
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
  retainStringBytes: true,
  useMaps: true,
} as const;

const DEPTH_MAX = 32; // levels; bounds recursion on a stranger's nesting
/** Numbers, texts, byte strings, lists and objects in one value: what reading it costs, some 30 ms. Bytes are cheap, items are not. */
export const VALUE_ITEMS_MAX = 131_072;

/** Canonical bytes of a value. Throws BAD_ARGUMENT naming what cannot travel, TOO_LARGE for more than 131,072 items. */
export function encodeValue(value: Value): Uint8Array {
  checkValue(value, 0, { items: 0 });
  return encode(value);
}

/**
 * Total: the canonical bytes of a value nested at most 32 levels, of at most 131,072 items, give that value; any others
 * throw BAD_MESSAGE.
 */
export function decodeValue(bytes: Uint8Array): Value {
  let raw: unknown;
  let canonical: Uint8Array;
  try {
    raw = decode(bytes, { ...decodeOptions, tokenizer: new BoundedTokenizer(bytes, decodeOptions) });
    canonical = encode(raw);
  } catch (cause) {
    throw new SeaError('BAD_MESSAGE', 'not a canonical CBOR value', { cause });
  }
  // cborg leaves through wider floats than need be, keys out of order and -0
  if (!equal(bytes, canonical)) throw new SeaError('BAD_MESSAGE', 'not the canonical form of its value');
  return plain(raw);
}

/** Adds to cborg's tokenizer bounds on nesting and items, and text that is decoded exactly: its own replaces what is no UTF-8. */
class BoundedTokenizer extends Tokenizer {
  /** Items that each open array or map still awaits, the outermost first. */
  readonly #awaited: number[] = [];
  #items = 0;

  override next(): Token {
    if (++this.#items > VALUE_ITEMS_MAX) throw new Error(`value of more than ${VALUE_ITEMS_MAX} items`);
    if (this.#awaited.length > DEPTH_MAX) throw new Error(`value nested more than ${DEPTH_MAX} levels`);
    const token = super.next();
    if (token.byteValue !== undefined) token.value = utf8Decode(token.byteValue);
    this.#count(token);
    return token;
  }

  #count({ type, value }: Token): void {
    const awaited = this.#awaited;
    if (awaited.length > 0) awaited[awaited.length - 1]!--;
    if (type === Type.array) awaited.push(value as number);
    else if (type === Type.map) awaited.push(2 * (value as number));
    while (awaited[awaited.length - 1] === 0) awaited.pop();
  }
}

function plain(raw: unknown): Value {
  if (raw === null || typeof raw === 'boolean' || typeof raw === 'number' || typeof raw === 'string') return raw;
  // In Node cborg gives Buffers, whose slice() is a view: a copy that is written to would change the original.
  if (raw instanceof Uint8Array) return new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength);
  if (Array.isArray(raw)) return raw.map(plain);
  if (raw instanceof Map) {
    const entries: [string, Value][] = [];
    for (const [key, value] of raw) {
      if (typeof key !== 'string') throw new SeaError('BAD_MESSAGE', 'map key is not text');
      entries.push([key, plain(value)]);
    }
    return Object.fromEntries(entries); // defines own properties: a key "__proto__" stays a key
  }
  throw new SeaError('BAD_MESSAGE', 'value of a type that does not travel');
}

function checkValue(value: unknown, depth: number, count: { items: number }): void {
  if (++count.items > VALUE_ITEMS_MAX)
    throw new SeaError('TOO_LARGE', `more than ${VALUE_ITEMS_MAX} items in one value: send numbers as a Uint8Array`);
  if (depth > DEPTH_MAX) throw new SeaError('BAD_ARGUMENT', `value nested more than ${DEPTH_MAX} levels (a cycle?)`);
  if (value === null || typeof value === 'boolean' || value instanceof Uint8Array) return;
  if (typeof value === 'string') {
    checkText(value);
    return;
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new SeaError('BAD_ARGUMENT', `the number ${value} cannot be sent`);
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value) checkValue(item, depth + 1, count);
    return;
  }
  if (typeof value === 'object' && isPlainObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      checkText(key);
      count.items++;
      checkValue(item, depth + 1, count);
    }
    return;
  }
  throw new SeaError(
    'BAD_ARGUMENT',
    `a ${describe(value)} cannot be sent: use null, booleans, numbers, text, Uint8Array, arrays and plain objects`,
  );
}

/** UTF-8 has no form for half a surrogate pair: it would arrive as another character. */
function checkText(text: string): void {
  if (/\p{Surrogate}/u.test(text)) throw new SeaError('BAD_ARGUMENT', 'text with half a surrogate pair cannot be sent');
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  if (typeof value !== 'object') return typeof value;
  return (value as object).constructor?.name ?? 'object';
}
