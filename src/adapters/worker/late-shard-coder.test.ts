import { expect, it } from 'vitest';
import { deferred } from '../../base/deferred.ts';
import { runCases } from '../../ports/acceptance/case.ts';
import { shardCoderCases } from '../../ports/acceptance/shard-coder.ts';
import type { ShardCoder } from '../../ports/shard-coder.ts';
import { MemoryShardCoder } from '../memory/memory-shard-coder.ts';
import { LateShardCoder } from './late-shard-coder.ts';

it('does all that a shard coder must', async () => {
  const outcomes = await runCases(shardCoderCases(() => new LateShardCoder(async () => new MemoryShardCoder())));
  expect(outcomes.filter(({ failure }) => failure !== undefined)).toEqual([]);
});

it('loads with the first request, again after a failure, and not after its end', async () => {
  let asked = 0;
  const loads = [Promise.reject(new TypeError('Failed to fetch')), Promise.resolve(new MemoryShardCoder())];
  const coder = new LateShardCoder(() => loads[asked++]!);
  expect(asked).toBe(0);
  await expect(coder.merkleRoot(new Uint8Array(1))).rejects.toMatchObject({ code: 'HOST_FAILURE' });
  expect((await coder.merkleRoot(new Uint8Array(1))).length).toBe(32);
  coder.close();
  await expect(coder.hash(new Uint8Array(1))).rejects.toMatchObject({ code: 'CLOSED' });
  expect(asked).toBe(2);
});

it('that is closed while it comes ends at once', async () => {
  const load = deferred<ShardCoder>();
  const inner = new MemoryShardCoder();
  let isClosed = false;
  inner.close = () => {
    isClosed = true;
  };
  const coder = new LateShardCoder(() => load.promise);
  const root = coder.merkleRoot(new Uint8Array(1));
  coder.close();
  load.resolve(inner);
  await expect(root).rejects.toMatchObject({ code: 'CLOSED' });
  expect(isClosed).toBe(true);
});
