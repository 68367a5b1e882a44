import { describe, expect, it } from 'vitest';
import { MemoryShardStore } from '../adapters/memory/memory-shard-store.ts';
import { silentLog } from '../ports/log.ts';
import { encodeLeases, type Lease } from './lease.ts';
import { LEASES_PER_SHARD_MAX } from './limits.ts';
import { Shelf } from './shelf.ts';

const id = 'ab'.repeat(32);
const bytes = new Uint8Array(100).fill(7);

function lease(name: number, endsAtMs = 1_000): Lease {
  const key = new Uint8Array(32).fill(name);
  return { fetchKey: key, deleteKey: key, verifyKey: null, endsAtMs };
}

async function shelf(quotaBytes = 1_000, store = new MemoryShardStore()): Promise<Shelf> {
  const made = new Shelf(store, silentLog);
  await made.load();
  made.quotaBytes = quotaBytes;
  return made;
}

describe('the shelf', () => {
  it('counts what it holds and what is on its way against the quota, to the byte', async () => {
    const store = await shelf(250);
    await store.keep(id, bytes, lease(1));
    expect([store.usedBytes, store.freeBytes, store.count]).toEqual([100, 150, 1]);
    const release = store.reserve(150);
    expect(store.freeBytes).toBe(0);
    expect(() => store.reserve(1)).toThrow(expect.objectContaining({ code: 'QUOTA' }));
    release();
    release();
    expect(store.freeBytes).toBe(150);
    store.quotaBytes = 50;
    expect([store.usedBytes, store.freeBytes]).toEqual([100, 0]);
  });

  it('has one copy of a shard for many leases, and gives it up with the last', async () => {
    const store = await shelf();
    await Promise.all([store.keep(id, bytes, lease(1)), store.keep(id, bytes, lease(2))]);
    await store.lease(id, lease(2, 5_000));
    expect(store.leases(id).map(({ endsAtMs }) => endsAtMs)).toEqual([1_000, 5_000]);
    await store.sweep(999);
    expect(store.leases(id).length).toBe(2);
    await store.sweep(1_000);
    expect([store.leases(id).length, store.usedBytes]).toEqual([1, 100]);
    expect(await store.read(id)).toEqual(bytes);
    await store.endLeases(id, () => true);
    expect([store.has(id), store.usedBytes]).toEqual([false, 0]);
    await expect(store.read(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(store.lease(id, lease(1))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('takes LEASES_PER_SHARD_MAX and no more', async () => {
    const store = await shelf();
    await store.keep(id, bytes, lease(0));
    for (let i = 1; i < LEASES_PER_SHARD_MAX; i++) await store.lease(id, lease(i));
    await expect(store.lease(id, lease(LEASES_PER_SHARD_MAX))).rejects.toMatchObject({ code: 'OVERLOADED' });
    await store.lease(id, lease(3, 9_000));
    expect(store.leases(id).length).toBe(LEASES_PER_SHARD_MAX);
  });

  it('has after a restart what it had, and gives up what has no readable record', async () => {
    const device = new MemoryShardStore();
    await (await shelf(1_000, device)).keep(id, bytes, lease(1));
    await device.put('cd'.repeat(32), Uint8Array.of(0xff), bytes);
    const again = await shelf(1_000, device);
    expect([again.count, again.usedBytes]).toEqual([1, 100]);
    expect(again.leases(id)).toEqual([lease(1)]);
    expect((await device.list()).map(entry => entry.id)).toEqual([id]);
  });

  it('holds nothing that the store refused', async () => {
    const device = new MemoryShardStore();
    device.put = async () => {
      throw new Error('full');
    };
    const store = await shelf(1_000, device);
    await expect(store.keep(id, bytes, lease(1))).rejects.toThrow('full');
    expect([store.has(id), store.usedBytes]).toEqual([false, 0]);
  });

  it('keeps records that say what the leases say', async () => {
    const device = new MemoryShardStore();
    await (await shelf(1_000, device)).keep(id, bytes, lease(1));
    expect((await device.list())[0]!.record).toEqual(encodeLeases([lease(1)]));
  });
});
