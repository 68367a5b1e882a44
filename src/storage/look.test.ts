/** What a look at a file shows: shards that are held, lost and away; and what a holder and an owner learn beside. */

import { describe, expect, it } from 'vitest';
import type { ShardSight } from './look.ts';
import type { PutProgress, StoredShard } from './put.ts';
import { roomOf } from './shelf.ts';
import { TEST_SEGMENT_BYTES, TestSea, testBytes } from './testing/test-sea.ts';

const file = testBytes(TEST_SEGMENT_BYTES + 1000);

const states = (sights: readonly ShardSight[]): string[] =>
  [...sights].sort((a, b) => a.segment - b.segment || a.shard - b.shard).map(({ state }) => state);

describe('a look', () => {
  it('tells of every shard who holds it, each as soon as it is known', async () => {
    const sea = new TestSea();
    const { owner } = await sea.star(3);
    const links = await owner.storage.put(file, { k: 1, n: 3 });
    const heard: ShardSight[] = [];
    const sights = await owner.storage.look(links.read, { onShard: sight => heard.push(sight) });
    expect(states(sights)).toEqual(['held', 'held', 'held', 'held', 'held', 'held']);
    expect(heard).toEqual(sights);
    const { segments } = await owner.storage.inspect(links.read);
    for (const { segment, shard, holder } of sights) expect(holder.equals(segments[segment]![shard]!)).toBe(true);
  });

  it('knows a shard that was lost from a holder that is away', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(3);
    const { read } = await owner.storage.put(testBytes(1000), { k: 1, n: 3 });
    const order = (await owner.storage.inspect(read)).segments[0]!.map(String);
    const at = (shard: number) => holders.find(({ address }) => address.toString() === order[shard])!;
    const reader = await sea.node();
    for (const { id } of await at(1).shards.list()) await at(1).shards.delete(id);
    sea.network.swallow = ({ to }) => to.equals(at(2).address);
    expect(states(await sea.until(reader.storage.look(read)))).toEqual(['held', 'lost', 'away']);
  });

  it('moves no byte of a shard', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(2);
    const { read } = await owner.storage.put(file, { k: 1, n: 2 });
    const served = () => holders.reduce((sum, { storage }) => sum + storage.status().servedBytes, 0);
    await owner.storage.inspect(read);
    const manifestBytes = served();
    await owner.storage.look(read);
    expect(served()).toBe(2 * manifestBytes);
  });

  it('needs a read link', async () => {
    const sea = new TestSea();
    const { owner } = await sea.star(2);
    const links = await owner.storage.put(file, { k: 1, n: 2 });
    await expect(owner.storage.look(links.delete)).rejects.toMatchObject({ code: 'NO_RIGHT' });
    await expect(owner.storage.look('sea-read:')).rejects.toMatchObject({ code: 'BAD_LINK' });
  });

  it('can be broken off', async () => {
    const sea = new TestSea();
    const { owner } = await sea.star(2);
    const { read } = await owner.storage.put(file, { k: 1, n: 2 });
    const controller = new AbortController();
    const looking = owner.storage.look(read, { signal: controller.signal, onShard: () => controller.abort() });
    await expect(looking).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('an owner', () => {
  it('learns who offers room, as many as it wants', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(3, roomOf(1_000, 1));
    const all = holders.map(({ address }) => address.toString()).sort();
    expect((await owner.storage.offers()).map(String).sort()).toEqual(all);
    expect(await owner.storage.offers({ bytes: 1_001 })).toEqual([]);
    expect(await owner.storage.offers({ bytes: 1_000, wanted: 2 })).toHaveLength(2);
  });

  it('does not wait for who is slow to offer', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(3);
    const silent = holders[0]!.address.toString();
    sea.network.swallow = ({ to }) => to.toString() === silent;
    expect(await sea.until(owner.storage.offers(), 3_000)).toHaveLength(2);
  });

  it('hears of each shard that is durable, and of what is sealed', async () => {
    const sea = new TestSea();
    const { owner } = await sea.star(2);
    const stored: StoredShard[] = [];
    const progress: PutProgress[] = [];
    const { read } = await owner.storage.put(file, {
      k: 1,
      n: 2,
      onShard: shard => stored.push(shard),
      onProgress: told => progress.push(told),
    });
    const { segments } = await owner.storage.inspect(read);
    expect(stored.map(({ segment, shard }) => `${segment} ${shard}`).sort()).toEqual(['0 0', '0 1', '1 0', '1 1']);
    for (const { segment, shard, holder } of stored) expect(holder.equals(segments[segment]![shard]!)).toBe(true);
    expect(progress[0]).toMatchObject({ sealedBytes: TEST_SEGMENT_BYTES, storedBytes: 0 });
    expect(progress.at(-1)).toMatchObject({ sealedBytes: file.length, storedBytes: file.length });
  });
});

describe('a holder', () => {
  it('says until when it holds', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(1);
    const [holder] = holders;
    expect(holder!.storage.status().endsAtMs).toBeUndefined();
    const now = sea.clock.wallMs();
    await owner.storage.put(testBytes(10), { k: 1, n: 1, leaseMs: 60_000 });
    await owner.storage.put(testBytes(20), { k: 1, n: 1, leaseMs: 5_000 });
    expect(holder!.storage.status().endsAtMs).toBe(now + 60_000);
  });

  it('gives up all that it holds, and takes nothing more', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(1);
    const { read } = await owner.storage.put(testBytes(1000), { k: 1, n: 1 });
    await holders[0]!.storage.giveUp();
    expect(holders[0]!.storage.status()).toMatchObject({ quotaBytes: 0, usedBytes: 0, shards: 0 });
    expect(await holders[0]!.shards.list()).toEqual([]);
    await expect(owner.storage.inspect(read)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await owner.storage.offers()).toEqual([]);
  });
});
