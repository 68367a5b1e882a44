import { describe, expect, it } from 'vitest';
import { MemoryShardStore } from '../adapters/memory/memory-shard-store.ts';
import { silentLog } from '../ports/log.ts';
import { encodeLeases, type Lease } from './lease.ts';
import { LEASE_ROOM_BYTES, LEASES_PER_SHARD_MAX, SHARD_ROOM_BYTES } from './limits.ts';
import { roomOf, Shelf } from './shelf.ts';

const id = 'ab'.repeat(32);
const bytes = new Uint8Array(100).fill(7);

function lease(name: number, endsAtMs = 1_000): Lease {
  const key = new Uint8Array(32).fill(name);
  return {
    fetchKey: key,
    deleteKey: key,
    verifyKey: null,
    endsAtMs,
    root: key,
    signature: new Uint8Array(64).fill(name),
  };
}

async function shelf(quotaBytes = 1_000_000, store = new MemoryShardStore()): Promise<Shelf> {
  const made = new Shelf(store, silentLog);
  await made.load();
  made.quotaBytes = quotaBytes;
  return made;
}

describe('the shelf', () => {
  it('counts what it holds and what is on its way against the quota, to the byte, records and leases too', async () => {
    const one = roomOf(100, 1);
    expect(one).toBe(100 + SHARD_ROOM_BYTES + LEASE_ROOM_BYTES);
    const store = await shelf(2 * one + 50);
    await store.keep(id, bytes, lease(1));
    expect([store.usedBytes, store.freeBytes, store.count]).toEqual([one, 150, 1]);
    expect(() => store.reserve(151)).toThrow(expect.objectContaining({ code: 'QUOTA' }));
    const release = store.reserve(150);
    expect(store.freeBytes).toBe(0);
    await expect(store.lease(id, 100, lease(2))).rejects.toMatchObject({ code: 'QUOTA' });
    await store.lease(id, 100, lease(1, 2_000)); // takes no more room
    release();
    release();
    expect(store.freeBytes).toBe(150);
    await store.lease(id, 100, lease(2));
    expect(store.usedBytes).toBe(one + LEASE_ROOM_BYTES);
    store.quotaBytes = 50;
    expect([store.usedBytes, store.freeBytes]).toEqual([one + LEASE_ROOM_BYTES, 0]);
    await store.sweep(1_000);
    expect(store.usedBytes).toBe(one);
  });

  it('never brings the end of a lease nearer, and leaves its rights where they are', async () => {
    const store = await shelf();
    await store.keep(id, bytes, lease(1, 5_000));
    await store.lease(id, 100, lease(1, 4_000));
    expect(store.leases(id)).toEqual([lease(1, 5_000)]);
    const other = new Uint8Array(32).fill(9);
    for (const change of [{ fetchKey: other }, { verifyKey: other }, { root: other }])
      await expect(store.lease(id, 100, { ...lease(1, 9_000), ...change })).rejects.toMatchObject({ code: 'NO_RIGHT' });
    await expect(store.lease(id, 99, lease(1, 9_000))).rejects.toMatchObject({ code: 'DAMAGED' });
    expect(store.leases(id)).toEqual([lease(1, 5_000)]);
  });

  it('knows when the last lease ends, since the last sweep', async () => {
    const store = await shelf();
    expect(store.endsAtMs).toBeUndefined();
    await store.keep(id, bytes, lease(1, 5_000));
    await store.lease(id, 100, lease(2, 9_000));
    expect(store.endsAtMs).toBe(9_000);
    await store.endLeases(id, ({ endsAtMs }) => endsAtMs === 9_000);
    await store.sweep(1_000);
    expect(store.endsAtMs).toBe(5_000);
    await store.sweep(5_000);
    expect(store.endsAtMs).toBeUndefined();
  });

  it('has one copy of a shard for many leases, and gives it up with the last', async () => {
    const store = await shelf();
    await Promise.all([store.keep(id, bytes, lease(1)), store.keep(id, bytes, lease(2))]);
    expect(await store.lease(id, 100, lease(2, 5_000))).toBe(true);
    expect(store.leases(id).map(({ endsAtMs }) => endsAtMs)).toEqual([1_000, 5_000]);
    await store.sweep(999);
    expect(store.leases(id).length).toBe(2);
    await store.sweep(1_000);
    expect([store.leases(id).length, store.usedBytes]).toEqual([1, roomOf(100, 1)]);
    expect(await store.read(id)).toEqual(bytes);
    await store.endLeases(id, () => true);
    expect([store.count, store.usedBytes]).toEqual([0, 0]);
    await expect(store.read(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await store.lease(id, 100, lease(1))).toBe(false);
  });

  it('takes LEASES_PER_SHARD_MAX and no more', async () => {
    const store = await shelf();
    await store.keep(id, bytes, lease(0));
    for (let i = 1; i < LEASES_PER_SHARD_MAX; i++) await store.lease(id, 100, lease(i));
    await expect(store.lease(id, 100, lease(LEASES_PER_SHARD_MAX))).rejects.toMatchObject({ code: 'OVERLOADED' });
    await store.lease(id, 100, lease(3, 9_000));
    expect(store.leases(id).length).toBe(LEASES_PER_SHARD_MAX);
  });

  it('has after a restart what it had, and gives up what has no readable record', async () => {
    const device = new MemoryShardStore();
    await (await shelf(1_000_000, device)).keep(id, bytes, lease(1));
    await device.put('cd'.repeat(32), Uint8Array.of(0xff), bytes);
    const again = await shelf(1_000_000, device);
    expect([again.count, again.usedBytes]).toEqual([1, roomOf(100, 1)]);
    expect(again.leases(id)).toEqual([lease(1)]);
    expect((await device.list()).map(entry => entry.id)).toEqual([id]);
  });

  it('holds nothing that the store refused', async () => {
    const device = new MemoryShardStore();
    device.put = async () => {
      throw new Error('full');
    };
    const store = await shelf(1_000_000, device);
    await expect(store.keep(id, bytes, lease(1))).rejects.toThrow('full');
    expect([store.count, store.usedBytes]).toEqual([0, 0]);
  });

  it('keeps records that say what the leases say', async () => {
    const device = new MemoryShardStore();
    await (await shelf(1_000_000, device)).keep(id, bytes, lease(1));
    expect((await device.list())[0]!.record).toEqual(encodeLeases([lease(1)]));
  });
});
