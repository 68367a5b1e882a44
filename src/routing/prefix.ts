/** Sets of addresses by their leading 8 bytes, as digests and visited lists carry them: a flat byte string. */

import type { HashAddress } from '../address/hash-address.ts';
import { PREFIX_BYTES } from '../wire/limits.ts';

/** The leading 8 bytes, a view. */
export function prefixOf(address: HashAddress): Uint8Array {
  return address.bytes.subarray(0, PREFIX_BYTES);
}

/** True when the list holds the prefix that stands in `bytes` from `at` (by default an address's own). */
export function hasPrefix(prefixes: Uint8Array, bytes: Uint8Array, at: number = 0): boolean {
  for (let each = 0; each < prefixes.length; each += PREFIX_BYTES) if (same(prefixes, each, bytes, at)) return true;
  return false;
}

/**
 * Compares two prefixes, given as bytes and where they begin, by their distance to the target: negative when `a` is
 * nearer than `b`. Walked for every entry of every digest at every hop: it allocates nothing.
 */
export function comparePrefixes(target: Uint8Array, a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): number {
  for (let i = 0; i < PREFIX_BYTES; i++) {
    const difference = (a[aAt + i]! ^ target[i]!) - (b[bAt + i]! ^ target[i]!);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** How many leading bits the prefix that stands in `prefixes` at `at` has in common with an address: 64 at most. */
export function sharedBits(address: Uint8Array, prefixes: Uint8Array, at: number): number {
  for (let i = 0; i < PREFIX_BYTES; i++) {
    const difference = address[i]! ^ prefixes[at + i]!;
    if (difference !== 0) return i * 8 + Math.clz32(difference) - 24;
  }
  return PREFIX_BYTES * 8;
}

/** The union of a list and more addresses, in order of arrival, at most `countMax` (later ones are left out). */
export function withPrefixes(prefixes: Uint8Array, more: Uint8Array, countMax: number): Uint8Array {
  const union = new Uint8Array(Math.max(prefixes.length, countMax * PREFIX_BYTES));
  union.set(prefixes);
  let length = prefixes.length;
  for (let at = 0; at < more.length && length < countMax * PREFIX_BYTES; at += PREFIX_BYTES) {
    if (hasPrefix(union.subarray(0, length), more, at)) continue;
    union.set(more.subarray(at, at + PREFIX_BYTES), length);
    length += PREFIX_BYTES;
  }
  return union.subarray(0, length);
}

function same(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): boolean {
  for (let i = 0; i < PREFIX_BYTES; i++) if (a[aAt + i] !== b[bAt + i]) return false;
  return true;
}
