/** What the kernel computes, byte by byte and slow: the definition that it is held against. */

import { sha256 } from '@noble/hashes/sha2.js';
import { concat } from '../../base/bytes.ts';
import { codeRow, multiply } from '../galois.ts';

const LEAF_BYTES = 1024;

/** Shard `index` of the code over these data shards. */
export function referenceShard(data: readonly Uint8Array[], index: number): Uint8Array {
  const row = codeRow(data.length, index);
  return new Uint8Array(data[0]!.length).map((_, at) =>
    data.reduce((sum, shard, column) => sum ^ multiply(row[column]!, shard[at]!), 0),
  );
}

/** Leaf H(0x00‖block), node H(0x01‖left‖right), odd promoted, root H(0x02‖count‖top). */
export function referenceRoot(bytes: Uint8Array): Uint8Array {
  const blocks = Math.max(1, Math.ceil(bytes.length / LEAF_BYTES));
  let level: Uint8Array[] = Array.from({ length: blocks }, (_, i) =>
    sha256(concat(Uint8Array.of(0), bytes.subarray(i * LEAF_BYTES, (i + 1) * LEAF_BYTES))),
  );
  while (level.length > 1) {
    const next: Uint8Array[] = [];
    for (let i = 0; i + 1 < level.length; i += 2) next.push(sha256(concat(Uint8Array.of(1), level[i]!, level[i + 1]!)));
    if (level.length % 2 === 1) next.push(level.at(-1)!);
    level = next;
  }
  const count = new Uint8Array(8);
  new DataView(count.buffer).setBigUint64(0, BigInt(blocks));
  return sha256(concat(Uint8Array.of(2), count, level[0]!));
}
