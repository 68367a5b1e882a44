/** What every implementation of the shard-store port must do. */

import type { ShardStore } from '../shard-store.ts';
import { type AcceptanceCase, expectCode, expectSame } from './case.ts';

export interface ShardStoreSubject {
  readonly store: ShardStore;
  /** Another instance over the same device, as after a restart. */
  reopened(): Promise<ShardStore>;
}

const RECORD = Uint8Array.of(7, 8);

/** `make` gives a subject on a fresh device. */
export function shardStoreCases(make: () => Promise<ShardStoreSubject>): AcceptanceCase[] {
  return [...keepingCases(make), ...edgeCases(make)];
}

function keepingCases(make: () => Promise<ShardStoreSubject>): AcceptanceCase[] {
  return [
    {
      name: 'keeps shards with their records, and gives them up when told',
      async run() {
        const { store } = await make();
        expectSame([await store.get(idOf(1)), (await store.list()).length], [undefined, 0], 'before');
        await store.put(idOf(1), RECORD, Uint8Array.of(1, 2, 3));
        await store.put(idOf(2), new Uint8Array(0), new Uint8Array(0));
        expectSame(await store.get(idOf(1)), Uint8Array.of(1, 2, 3), 'bytes');
        expectSame(await listed(store), `${idOf(1)} 3 7,8; ${idOf(2)} 0 `, 'list');
        await store.delete(idOf(1));
        await store.delete(idOf(1));
        expectSame([await store.get(idOf(1)), await listed(store)], [undefined, `${idOf(2)} 0 `], 'after');
      },
    },
    {
      name: 'replaces records and leaves the bytes',
      async run() {
        const { store, reopened } = await make();
        await store.put(idOf(1), RECORD, Uint8Array.of(1, 2, 3));
        await store.update(idOf(1), Uint8Array.of(9));
        expectSame(await listed(await reopened()), `${idOf(1)} 3 9`, 'list');
        expectSame(await store.get(idOf(1)), Uint8Array.of(1, 2, 3), 'bytes');
      },
    },
    {
      name: 'shards and records are there after a restart',
      async run() {
        const { store, reopened } = await make();
        const shard = new Uint8Array(1_048_576).fill(3);
        await Promise.all([1, 2, 3, 4].map(i => store.put(idOf(i), Uint8Array.of(i), shard)));
        const again = await reopened();
        expectSame(await again.get(idOf(4)), shard, 'bytes');
        expectSame(await listed(again), [1, 2, 3, 4].map(i => `${idOf(i)} 1048576 ${i}`).join('; '), 'list');
      },
    },
    {
      name: 'a shard put again has the later record',
      async run() {
        const { store } = await make();
        await store.put(idOf(1), RECORD, Uint8Array.of(1));
        await store.put(idOf(1), Uint8Array.of(5), Uint8Array.of(1));
        expectSame(await listed(store), `${idOf(1)} 1 5`, 'list');
      },
    },
  ];
}

function edgeCases(make: () => Promise<ShardStoreSubject>): AcceptanceCase[] {
  return [
    {
      name: 'keeps its own memory',
      async run() {
        const { store } = await make();
        const large = Uint8Array.of(0, 0, 5, 6, 0, 0);
        await store.put(idOf(1), RECORD, large.subarray(2, 4));
        large.fill(1);
        expectSame(await store.get(idOf(1)), Uint8Array.of(5, 6), 'bytes');
      },
    },
    {
      name: 'has no record to replace of a shard that is not there',
      async run() {
        const { store } = await make();
        await expectCode(store.update(idOf(1), RECORD), 'NO_STORAGE', 'update');
        expectSame(await listed(store), '', 'list');
      },
    },
    {
      name: 'refuses names that are not 64 lower-case hex digits',
      async run() {
        const { store } = await make();
        for (const name of ['', 'ab', idOf(10).toUpperCase(), `../${idOf(1)}`, `${idOf(1)}0`]) {
          await expectCode(store.put(name, RECORD, Uint8Array.of(1)), 'BAD_ARGUMENT', `put ${name}`);
          await expectCode(store.get(name), 'BAD_ARGUMENT', `get ${name}`);
          await expectCode(store.update(name, RECORD), 'BAD_ARGUMENT', `update ${name}`);
          await expectCode(store.delete(name), 'BAD_ARGUMENT', `delete ${name}`);
        }
      },
    },
  ];
}

async function listed(store: ShardStore): Promise<string> {
  const entries = (await store.list()).map(({ id, byteLength, record }) => `${id} ${byteLength} ${[...record]}`);
  return entries.sort().join('; ');
}

function idOf(i: number): string {
  return i.toString(16).padStart(2, '0').repeat(32);
}
