/**
 * Shards in IndexedDB: bytes and record in one transaction, resolved when it is complete. That outlives a killed page or
 * browser; a power cut may take the last seconds (durability is the browser's default, relaxed in Chromium). Not as blobs,
 * which Chromium would write and read faster: it keeps their bytes in memory until the page's garbage is collected.
 */

import { type Deferred, deferred } from '../../base/deferred.ts';
import { SeaError } from '../../base/errors.ts';
import type { ShardEntry, ShardStore } from '../../ports/shard-store.ts';
import { checkBlockHash } from '../memory/store-rules.ts';
import type { PeerseaDatabase } from './peersea-database.ts';
import type { ShardRecord } from './peersea-schema.ts';

const STORES = ['shards', 'shardRecords'] as const;

/** Shards in one transaction: bounds what is copied at a time. */
const PUTS_TOGETHER_MAX = 16;

interface Put {
  readonly id: string;
  readonly entry: ShardRecord;
  readonly bytes: Uint8Array;
  readonly written: Deferred<void>;
}

export class IndexedDbShardStore implements ShardStore {
  readonly #database: PeerseaDatabase;
  readonly #waiting: Put[] = [];
  #isWriting = false;

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

  /** What is asked for while a transaction runs goes into the next one together. */
  async put(id: string, record: Uint8Array, bytes: Uint8Array): Promise<void> {
    checkBlockHash(id);
    const written = deferred<void>();
    this.#waiting.push({ id, entry: { byteLength: bytes.length, record: whole(record) }, bytes, written });
    if (!this.#isWriting) void this.#writeWaiting();
    await written.promise;
  }

  async #writeWaiting(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) await this.#settle(this.#waiting.splice(0, PUTS_TOGETHER_MAX));
    this.#isWriting = false;
  }

  /** Where they cannot be had together, each is tried alone: the one that does not fit fails, and no other. */
  async #settle(puts: readonly Put[]): Promise<void> {
    try {
      await this.#write(puts);
      for (const { written } of puts) written.resolve();
    } catch (error) {
      if (puts.length === 1) puts[0]!.written.reject(error);
      else for (const put of puts) await this.#settle([put]);
    }
  }

  async #write(puts: readonly Put[]): Promise<void> {
    await this.#database.use(async connection => {
      const transaction = connection.transaction(STORES, 'readwrite');
      const steps: Promise<unknown>[] = [transaction.done];
      try {
        for (const { id, entry, bytes } of puts) {
          steps.push(transaction.objectStore('shards').put(whole(bytes), id));
          steps.push(transaction.objectStore('shardRecords').put(entry, id));
        }
      } catch (error) {
        transaction.abort(); // what was put before would stay
        await Promise.allSettled(steps);
        throw error;
      }
      await Promise.all(steps);
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
