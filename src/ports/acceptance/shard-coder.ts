/** What every implementation of the shard-coder port must do. */

import { toHex } from '../../base/bytes.ts';
import type { CodedShard, FoundShard, SealedSegment, ShardCoder } from '../shard-coder.ts';
import { type AcceptanceCase, expectCode, expectSame } from './case.ts';

const SECRET = new Uint8Array(32).fill(7);

/** `make` gives a fresh coder. */
export function shardCoderCases(make: () => ShardCoder): AcceptanceCase[] {
  return [...segmentCases(make), ...refusalCases(make), ...hashCases(make)];
}

function segmentCases(make: () => ShardCoder): AcceptanceCase[] {
  return [
    {
      name: 'the same segment and secret give the same key, tag and shards: these, everywhere',
      run: () =>
        using(make, async coder => {
          const sealed = await coder.seal(pattern(10), SECRET, 3, 5);
          expectSame(
            sealed.shards.map(({ bytes }) => bytes.length),
            [4, 4, 4, 4, 4],
            'lengths of the shards',
          );
          expectSame(toHex(sealed.key), KEY, 'key');
          expectSame(toHex(sealed.tag), TAG, 'tag');
          expectSame(sealed.shards.map(({ bytes }) => toHex(bytes)).join(' '), SHARDS, 'shards');
        }),
    },
    {
      name: 'any k shards give the segment, whatever its length',
      run: () =>
        using(make, async coder => {
          for (const [length, k, n] of [
            [1, 1, 1],
            [1, 4, 6],
            [5, 4, 10],
            [100_003, 4, 10],
            [70_000, 20, 24],
          ] as const) {
            const sealed = await coder.seal(pattern(length), SECRET, k, n);
            const seal = { k, length, key: sealed.key, tag: sealed.tag };
            for (const first of [0, n - k]) {
              const opened = await coder.open(found(sealed, first, k), seal);
              expectSame(opened, pattern(length), `k=${k} n=${n} from shard ${first}`);
            }
          }
        }),
    },
    {
      name: 'ids are the SHA-256 of the shards, roots their Merkle roots',
      run: () =>
        using(make, async coder => {
          const { shards } = await coder.seal(pattern(9_000), SECRET, 2, 3);
          for (const shard of shards) {
            expectSame(shard.id, await coder.hash(shard.bytes), 'id');
            expectSame(shard.root, await coder.merkleRoot(shard.bytes), 'root');
          }
        }),
    },
    {
      name: 'several segments at once do not mix',
      run: () =>
        using(make, async coder => {
          const lengths = [3_000, 4_000, 5_000, 6_000];
          const sealed = await Promise.all(lengths.map(length => coder.seal(pattern(length), SECRET, 2, 3)));
          const opened = await Promise.all(
            sealed.map((each, i) => coder.open(found(each, 1, 2), { ...each, k: 2, length: lengths[i]! })),
          );
          expectSame(opened, lengths.map(pattern), 'segments');
        }),
    },
  ];
}

function refusalCases(make: () => ShardCoder): AcceptanceCase[] {
  return [
    {
      name: 'a changed shard, key, tag or length is DAMAGED',
      run: () =>
        using(make, async coder => {
          const sealed = await coder.seal(pattern(1_000), SECRET, 2, 4);
          const seal = { k: 2, length: 1_000, key: sealed.key, tag: sealed.tag };
          const shards = (): FoundShard[] => found(sealed, 1, 2);
          const changed = shards();
          changed[1]!.bytes[17]! ^= 4;
          await expectCode(coder.open(changed, seal), 'DAMAGED', 'shard');
          await expectCode(coder.open(shards(), { ...seal, key: SECRET }), 'DAMAGED', 'key');
          await expectCode(coder.open(shards(), { ...seal, tag: new Uint8Array(16) }), 'DAMAGED', 'tag');
          await expectCode(coder.open(shards(), { ...seal, length: 999 }), 'DAMAGED', 'length');
          await expectCode(coder.open(shards(), { ...seal, length: 1_004 }), 'DAMAGED', 'length of shards');
        }),
    },
    {
      name: 'too few shards, one given twice, and an impossible code are BAD_ARGUMENT',
      run: () =>
        using(make, async coder => {
          const sealed = await coder.seal(pattern(100), SECRET, 2, 3);
          const seal = { k: 2, length: 100, key: sealed.key, tag: sealed.tag };
          await expectCode(coder.open(found(sealed, 0, 1), seal), 'BAD_ARGUMENT', 'too few');
          await expectCode(coder.open([...found(sealed, 0, 1), ...found(sealed, 0, 1)], seal), 'BAD_ARGUMENT', 'twice');
          for (const [k, n] of [
            [0, 1],
            [2, 1],
            [1, 257],
            [1.5, 2],
          ] as const)
            await expectCode(coder.seal(pattern(10), SECRET, k, n), 'BAD_ARGUMENT', `k=${k} n=${n}`);
          await expectCode(coder.seal(new Uint8Array(0), SECRET, 1, 1), 'BAD_ARGUMENT', 'an empty segment');
        }),
    },
  ];
}

function hashCases(make: () => ShardCoder): AcceptanceCase[] {
  return [
    {
      name: 'hashes bytes and leaves them where they are',
      run: () =>
        using(make, async coder => {
          const bytes = pattern(3).subarray(0, 0);
          const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
          expectSame(toHex(await coder.hash(bytes)), empty, 'hash of nothing');
          const kept = pattern(2_500);
          expectSame(toHex(await coder.merkleRoot(kept)), ROOT_2500, 'root');
          expectSame(kept, pattern(2_500), 'the bytes afterwards');
        }),
    },
  ];
}

/** Of ten bytes 0 … 9 with k=3, n=5 and the secret of 32 sevens. */
const KEY = 'fd25085ec24c9cbec6bd615556dc82728ba38fd5d8d64ac884e70adcd1293f4a';
const TAG = '90e93d9b67354f424e350b3846f7bb3f';
const SHARDS = 'ac956c48 ba552844 cbb20000 f265301a f2441306';
/** Of 2500 bytes 0, 1, 2 … (also a test vector of the kernel). */
const ROOT_2500 = 'b8bb8a28386e835fe8c060dd765aa918b33b93bcfcfbbe554a8108a706dd270b';

async function using(make: () => ShardCoder, work: (coder: ShardCoder) => Promise<void>): Promise<void> {
  const coder = make();
  try {
    await work(coder);
  } finally {
    coder.close();
  }
}

function pattern(length: number): Uint8Array {
  return new Uint8Array(length).map((_, i) => i);
}

/** Copies of `count` shards from `first` on. */
function found({ shards }: SealedSegment, first: number, count: number): FoundShard[] {
  const chosen: readonly CodedShard[] = shards.slice(first, first + count);
  return chosen.map(({ bytes }, i) => ({ index: first + i, bytes: bytes.slice() }));
}
