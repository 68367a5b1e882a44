/** Blocks in IndexedDB, those used longest ago given up first. Several tabs may share the database. */

import type { IDBPTransaction } from 'idb';
import type { Clock } from '../../base/clock.ts';
import type { BlockStore } from '../../ports/block-store.ts';
import { BLOCK_STORE_BYTES_MAX, BLOCK_TOUCH_MS, checkBlockFits, checkBlockHash } from '../memory/store-rules.ts';
import type { PeerseaDatabase } from './peersea-database.ts';
import type { PeerseaSchema } from './peersea-schema.ts';

const STORES = ['blocks', 'blockUse', 'totals'] as const;
type Writing = IDBPTransaction<PeerseaSchema, typeof STORES, 'readwrite'>;

export class IndexedDbBlockStore implements BlockStore {
  readonly #database: PeerseaDatabase;
  readonly #clock: Clock;
  readonly #bytesMax: number;

  constructor(database: PeerseaDatabase, clock: Clock, bytesMax: number = BLOCK_STORE_BYTES_MAX) {
    this.#database = database;
    this.#clock = clock;
    this.#bytesMax = bytesMax;
  }

  async get(hash: string): Promise<Uint8Array | undefined> {
    checkBlockHash(hash);
    const [block, use] = await this.#database.use(async connection => {
      const transaction = connection.transaction(['blocks', 'blockUse']);
      return Promise.all([transaction.objectStore('blocks').get(hash), transaction.objectStore('blockUse').get(hash)]);
    });
    if (use !== undefined && this.#clock.wallMs() - use.usedAt >= BLOCK_TOUCH_MS) await this.#touch(hash);
    return block;
  }

  async has(hash: string): Promise<boolean> {
    checkBlockHash(hash);
    return (await this.#database.use(connection => connection.getKey('blockUse', hash))) !== undefined;
  }

  async put(hash: string, bytes: Uint8Array): Promise<void> {
    checkBlockHash(hash);
    checkBlockFits(bytes, this.#bytesMax);
    const block = bytes.slice(); // a view would be stored with all the memory behind it
    await this.#write(async transaction => {
      const total = (await forget(transaction, hash)) + block.length;
      await transaction.objectStore('totals').put(await makeRoom(transaction, total, this.#bytesMax), 'blockBytes');
      await transaction.objectStore('blockUse').put({ usedAt: this.#clock.wallMs(), byteLength: block.length }, hash);
      await transaction.objectStore('blocks').put(block, hash);
    });
  }

  async delete(hash: string): Promise<void> {
    checkBlockHash(hash);
    await this.#write(async transaction => {
      await transaction.objectStore('totals').put(await forget(transaction, hash), 'blockBytes');
    });
  }

  /** Reading goes on where writing is refused, by a full disk for instance: the block is only given up sooner. */
  async #touch(hash: string): Promise<void> {
    const usedAt = this.#clock.wallMs();
    const touching = this.#write(async transaction => {
      const store = transaction.objectStore('blockUse');
      const use = await store.get(hash);
      if (use !== undefined) await store.put({ ...use, usedAt }, hash);
    });
    await touching.catch(() => {});
  }

  async #write(work: (transaction: Writing) => Promise<void>): Promise<void> {
    await this.#database.use(async connection => {
      const transaction = connection.transaction(STORES, 'readwrite');
      try {
        await work(transaction);
        await transaction.done;
      } catch (error) {
        throw await causeOf(transaction, error);
      }
    });
  }
}

/** Takes the block out; resolves to the bytes of all that are left. */
async function forget(transaction: Writing, hash: string): Promise<number> {
  const total = (await transaction.objectStore('totals').get('blockBytes')) ?? 0;
  const use = await transaction.objectStore('blockUse').get(hash);
  if (use === undefined) return total;
  await transaction.objectStore('blockUse').delete(hash);
  await transaction.objectStore('blocks').delete(hash);
  return total - use.byteLength;
}

/** Takes the blocks out that were used longest ago until `total` fits; resolves to the new total. */
async function makeRoom(transaction: Writing, total: number, bytesMax: number): Promise<number> {
  let left = total;
  let cursor = left > bytesMax ? await transaction.objectStore('blockUse').index('usedAt').openCursor() : null;
  while (cursor !== null && left > bytesMax) {
    left -= cursor.value.byteLength;
    await transaction.objectStore('blocks').delete(cursor.primaryKey);
    await cursor.delete();
    cursor = await cursor.continue();
  }
  return left;
}

/** Ends a transaction that met `error`; where it had ended by itself, its own reason says more (that the disk is full). */
async function causeOf(transaction: Writing, error: unknown): Promise<unknown> {
  let cause = (): unknown => error;
  try {
    transaction.abort();
  } catch {
    cause = () => transaction.error ?? error;
  }
  await transaction.done.catch(() => {}); // the outcome is known
  return cause();
}
