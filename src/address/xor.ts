/** Order and buckets of the XOR metric, exact on all 256 bits. */

import type { HashAddress } from './hash-address.ts';

/** Negative when `a` is nearer to `target` than `b`, 0 when alike, else positive. All arguments: equal lengths. */
export function compareDistance(target: Uint8Array, a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const t = target[i]!;
    const difference = (a[i]! ^ t) - (b[i]! ^ t);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Up to this many are picked out one by one, which is cheaper than to sort all. */
const PICKED_MAX = 32;

/** The addresses in order of distance to `target`, nearest first, at most `count`, as a new array. Alike ones keep their order. */
export function nearest<T extends { readonly address: HashAddress }>(
  target: HashAddress,
  items: Iterable<T>,
  count: number = Number.POSITIVE_INFINITY,
): T[] {
  const compare = (a: T, b: T): number => compareDistance(target.bytes, a.address.bytes, b.address.bytes);
  if (count > PICKED_MAX) return [...items].sort(compare).slice(0, count);
  const picked: T[] = [];
  for (const item of items) {
    if (picked.length === count && (count === 0 || compare(item, picked[count - 1]!) >= 0)) continue;
    let at = picked.length;
    while (at > 0 && compare(item, picked[at - 1]!) < 0) at--;
    picked.splice(at, 0, item);
    if (picked.length > count) picked.pop();
  }
  return picked;
}
