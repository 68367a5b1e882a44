/** Sets of addresses by their leading 8 bytes, as digests and visited lists carry them: a flat byte string. */

import type { HashAddress } from '../address/hash-address.ts';
import { PREFIX_BYTES } from '../wire/limits.ts';

/** The leading 8 bytes. */
export function prefixOf(address: HashAddress): Uint8Array {
  return address.bytes.subarray(0, PREFIX_BYTES);
}

/** True when the list holds the address's prefix. */
export function hasPrefix(prefixes: Uint8Array, address: Uint8Array): boolean {
  for (let at = 0; at < prefixes.length; at += PREFIX_BYTES) if (matches(prefixes, at, address)) return true;
  return false;
}

/** The union of a list and more addresses, in order of arrival, at most `countMax` (later ones are left out). */
export function withPrefixes(prefixes: Uint8Array, more: Uint8Array, countMax: number): Uint8Array {
  const fresh: Uint8Array[] = [];
  for (let at = 0; at < more.length; at += PREFIX_BYTES) {
    const prefix = more.subarray(at, at + PREFIX_BYTES);
    if (!hasPrefix(prefixes, prefix)) fresh.push(prefix);
  }
  const room = countMax - prefixes.length / PREFIX_BYTES;
  const taken = fresh.slice(0, Math.max(0, room));
  const union = new Uint8Array(prefixes.length + taken.length * PREFIX_BYTES);
  union.set(prefixes);
  for (const [i, prefix] of taken.entries()) union.set(prefix, prefixes.length + i * PREFIX_BYTES);
  return union;
}

/** Every prefix of the list, as views. */
export function* eachPrefix(prefixes: Uint8Array): IterableIterator<Uint8Array> {
  for (let at = 0; at < prefixes.length; at += PREFIX_BYTES) yield prefixes.subarray(at, at + PREFIX_BYTES);
}

function matches(prefixes: Uint8Array, at: number, address: Uint8Array): boolean {
  for (let i = 0; i < PREFIX_BYTES; i++) if (prefixes[at + i] !== address[i]) return false;
  return true;
}
