/**
 * Shards in IndexedDB: bytes and record in one transaction, resolved when it is complete. That outlives a killed page or
 * browser; a power cut may take the last seconds (durability is the browser's default, relaxed in Chromium).
 */

import { SeaError } from '../../base/errors.ts';
import type { ShardEntry, ShardStore } from '../../ports/shard-store.ts';
import { checkBlockHash } from '../memory/store-rules.ts';
import type { PeerseaDatabase } from './peersea-database.ts';

const STORES = ['shards', 'shardRecords'] as const;

export class IndexedDbShardStore implements ShardStore {
  readonly #database: PeerseaDatabase;

  constructor(database: PeerseaDatabase) {
    this.#database = database;
  }

  async list(): Promise<ShardEntry[]> {
    const [ids, kept] = await this.#database.use(async connection => {
      const store = connection.transaction('shardRecords').store;
      return Promise.all([store.getAllKeys(), store.getAll()]);
    });
    return ids.map((id, i) => ({ id, ...kept[i]! }));
  }

  async get(id: string): Promise<Uint8Array | undefined> {
    checkBlockHash(id);
    return this.#database.use(connection => connection.get('shards', id));
  }

  async put(id: string, record: Uint8Array, bytes: Uint8Array): Promise<void> {
    checkBlockHash(id);
    const own = whole(bytes);
    await this.#database.use(async connection => {
      const transaction = connection.transaction(STORES, 'readwrite');
      const writes = [
        transaction.objectStore('shards').put(own, id),
        transaction.objectStore('shardRecords').put({ byteLength: own.length, record: whole(record) }, id),
      ];
      await Promise.all([...writes, transaction.done]);
    });
  }

  async update(id: string, record: Uint8Array): Promise<void> {
    checkBlockHash(id);
    await this.#database.use(async connection => {
      const transaction = connection.transaction('shardRecords', 'readwrite');
      const kept = await transaction.store.get(id);
      if (kept === undefined) throw new SeaError('NO_STORAGE', 'the shard is not here');
      await Promise.all([transaction.store.put({ ...kept, record: whole(record) }, id), transaction.done]);
    });
  }

  async delete(id: string): Promise<void> {
    checkBlockHash(id);
    await this.#database.use(async connection => {
      const transaction = connection.transaction(STORES, 'readwrite');
      const deletes = [
        transaction.objectStore('shards').delete(id),
        transaction.objectStore('shardRecords').delete(id),
      ];
      await Promise.all([...deletes, transaction.done]);
    });
  }
}

/** A view would be stored with all the memory behind it. */
function whole(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}
