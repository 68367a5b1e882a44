/** Order and buckets of the XOR metric, exact on all 256 bits. */

import { ADDRESS_BYTES, type HashAddress } from './hash-address.ts';

/** Negative when `a` is nearer to `target` than `b`, 0 when alike, else positive. All arguments: equal lengths. */
export function compareDistance(target: Uint8Array, a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const t = target[i]!;
    const difference = (a[i]! ^ t) - (b[i]! ^ t);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The addresses in order of distance to `target`, nearest first, at most `count`, as a new array. */
export function nearest<T extends { readonly address: HashAddress }>(
  target: HashAddress,
  items: Iterable<T>,
  count: number = ADDRESS_BYTES * 8,
): T[] {
  return [...items].sort((a, b) => compareDistance(target.bytes, a.address.bytes, b.address.bytes)).slice(0, count);
}
