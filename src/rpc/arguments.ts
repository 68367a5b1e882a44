/**
 * Arguments and results of application calls as bodies: CBOR data, addresses included, and at most one raw byte payload
 * (the largest Uint8Array among the top-level values travels as such, uncopied by the codec).
 */

import { HashAddress } from '../address/hash-address.ts';
import type { Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import type { Body } from './exchange.ts';

/** What an application may pass and return: CBOR data and addresses. `undefined` counts as null. */
export type Argument = Value | HashAddress | undefined | readonly Argument[] | { readonly [key: string]: Argument };

const ADDRESS_KEY = '$address';
const PAYLOAD_BYTES_MIN = 256; // below this a payload is not worth its place apart
const DEPTH_MAX = 32; // levels, as the codec's own: a cycle ends here

/** [index of the payload or null, values…] and the payload. Throws BAD_ARGUMENT for what cannot travel. */
export function packArguments(args: readonly Argument[]): Body {
  let at: number | null = null;
  let longest = PAYLOAD_BYTES_MIN - 1;
  for (const [i, argument] of args.entries()) {
    if (argument instanceof Uint8Array && argument.length > longest) {
      at = i;
      longest = argument.length;
    }
  }
  const values = args.map((argument, i) => (i === at ? null : toValue(argument, 0)));
  return at === null ? { value: [null, ...values] } : { value: [at, ...values], payload: args[at] as Uint8Array };
}

/** Throws BAD_MESSAGE. */
export function unpackArguments(body: Body): Argument[] {
  if (!Array.isArray(body.value)) throw new SeaError('BAD_MESSAGE', 'arguments are not a list');
  const [at, ...values] = body.value as Value[];
  const args: Argument[] = values.map(fromValue);
  if (at === null) return args;
  if (typeof at !== 'number' || !Number.isInteger(at) || at < 0 || at >= args.length || body.payload === undefined) {
    throw new SeaError('BAD_MESSAGE', 'the payload has no place among the arguments');
  }
  args[at] = body.payload;
  return args;
}

function toValue(argument: Argument, depth: number): Value {
  if (depth > DEPTH_MAX)
    throw new SeaError('BAD_ARGUMENT', `an argument nested more than ${DEPTH_MAX} levels (a cycle?)`);
  if (argument === undefined) return null;
  if (argument instanceof HashAddress) return { [ADDRESS_KEY]: argument.bytes };
  if (Array.isArray(argument)) return Array.from(argument, item => toValue(item as Argument, depth + 1));
  if (typeof argument !== 'object' || argument === null || argument instanceof Uint8Array || !isPlain(argument))
    return argument as Value; // what cannot travel is refused by the codec
  const entries = Object.entries(argument as Record<string, Argument>);
  if (entries.some(([key]) => key === ADDRESS_KEY))
    throw new SeaError('BAD_ARGUMENT', `the key ${ADDRESS_KEY} marks an address: pass a HashAddress`);
  return Object.fromEntries(entries.map(([key, item]) => [key, toValue(item, depth + 1)]));
}

function fromValue(value: Value): Argument {
  if (Array.isArray(value)) return value.map(fromValue);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value as Argument;
  const entries = Object.entries(value as Record<string, Value>);
  const [first] = entries;
  if (entries.length === 1 && first![0] === ADDRESS_KEY && first![1] instanceof Uint8Array && first![1].length === 32)
    return HashAddress.from(first![1]);
  return Object.fromEntries(entries.map(([key, item]) => [key, fromValue(item)]));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
