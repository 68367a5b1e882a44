/** What the pages of `storage*.spec.ts` can do: a node that lends, stores, reads; what its shelf has; the stores' acceptance suites. */

import { browserShardCoder } from '../../src/adapters/browser/browser-shard-coder.ts';
import { IndexedDbShardStore } from '../../src/adapters/browser/indexed-db-shard-store.ts';
import { IndexedDbSmallStore } from '../../src/adapters/browser/indexed-db-small-store.ts';
import { PeerseaDatabase } from '../../src/adapters/browser/peersea-database.ts';
import { WorkerClock } from '../../src/adapters/browser/worker-clock.ts';
import { toHex } from '../../src/base/bytes.ts';
import { segmentsOf } from '../../src/base/file-source.ts';
import { createSea, isSeaError, type Sea } from '../../src/index.ts';
import { type CaseOutcome, runCases } from '../../src/ports/acceptance/case.ts';
import { shardCoderCases } from '../../src/ports/acceptance/shard-coder.ts';
import { shardStoreCases } from '../../src/ports/acceptance/shard-store.ts';
import { formatLink, parseLink } from '../../src/storage/file-link.ts';
import { decodeLeases } from '../../src/storage/lease.ts';
import { SEGMENT_BYTES } from '../../src/storage/limits.ts';

export interface Held {
  readonly usedBytes: number;
  readonly shards: number;
}

/** A shard that its holder said it has. */
export interface Acknowledged {
  readonly segment: number;
  readonly shard: number;
  readonly holder: string;
}

/** What is in an origin's database, whoever looks at it. */
export interface Shelved {
  /** Ids of shards whose bytes are what their id and their record say, and which are leased. */
  readonly whole: string[];
  /** Ids of all others that are listed. */
  readonly broken: string[];
  /** Shards without a record. */
  readonly unlisted: number;
}

/** Bytes of a file that no compression makes smaller; the same for the same seed. */
function bytesOf(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed;
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    words[i] = state ^ (state >>> 13);
  }
  return new Uint8Array(words.buffer, 0, length);
}

/** Looks like bytes and cannot be cloned. */
function unkept(): Uint8Array {
  return { byteLength: 1, buffer: { byteLength: 1 }, clone() {} } as unknown as Uint8Array;
}

const pageApi = {
  sea: undefined as Sea | undefined,
  /** Of the last put, or of the one under way. */
  acknowledged: [] as Acknowledged[],

  /** Lends before it joins: nobody can have told it anything; what it holds. */
  async wake(bootstrap: string, quotaBytes: number): Promise<Held> {
    this.sea = await createSea({ bootstraps: [bootstrap] });
    await this.sea.storage.lend({ quotaBytes });
    return this.held();
  },

  /** Joins and lends; the node's address. */
  async join(bootstrap: string, quotaBytes: number): Promise<string> {
    this.sea ??= await createSea({ bootstraps: [bootstrap] });
    await this.sea.goOnline();
    await this.sea.storage.lend({ quotaBytes });
    return this.sea.localId().toString();
  },

  links(): number {
    return this.sea!.connections().length;
  },

  held(): Held {
    return this.sea!.storage.status();
  },

  /** Stores a file of so many bytes; its links, and how long it took. */
  async put(
    length: number,
    seed: number,
    k: number,
    n: number,
  ): Promise<{ read: string; delete: string; ms: number } | { code: string }> {
    const file = new File([bytesOf(length, seed)], 'film.bin', { type: 'video/x-test' });
    const began = performance.now();
    this.acknowledged = [];
    try {
      const links = await this.sea!.storage.put(file, {
        k,
        n,
        onShard: ({ holder, ...which }) => this.acknowledged.push({ ...which, holder: holder.toString() }),
      });
      return { ...links, ms: performance.now() - began };
    } catch (error) {
      return { code: isSeaError(error) ? error.code : String(error) };
    }
  },

  /** Reads the file and compares each byte with what was stored. */
  async get(link: string, length: number, seed: number): Promise<{ equal: boolean; ms: number } | { code: string }> {
    const expected = bytesOf(length, seed);
    const began = performance.now();
    let at = 0;
    let equal = true;
    try {
      for await (const piece of this.sea!.storage.get(link)) {
        for (let i = 0; i < piece.length; i++) equal &&= piece[i] === expected[at + i];
        at += piece.length;
      }
      return { equal: equal && at === length, ms: performance.now() - began };
    } catch (error) {
      return { code: isSeaError(error) ? error.code : String(error) };
    }
  },

  /** Ids of the shards that this owner's file becomes, by segment and shard. */
  async shardIds(length: number, seed: number, k: number, n: number): Promise<string[][]> {
    const secret = await new IndexedDbSmallStore(new PeerseaDatabase(new WorkerClock())).get('storage-secret');
    const coder = browserShardCoder();
    const ids: string[][] = [];
    for await (const plain of segmentsOf(bytesOf(length, seed), SEGMENT_BYTES)) {
      const { shards } = await coder.seal(plain, secret!, k, n);
      ids.push(shards.map(({ id }) => toHex(id)));
    }
    coder.close();
    return ids;
  },

  /** The manifest of a link, and who acknowledged it. */
  manifest(link: string): { id: string; holders: string[] } {
    const { id, holders } = parseLink(link).manifest;
    return { id: toHex(id), holders: holders.map(String) };
  },

  /** Reads and hashes all that this origin's database says it holds; joins nothing. */
  async shelved(): Promise<Shelved> {
    const database = new PeerseaDatabase(new WorkerClock());
    const store = new IndexedDbShardStore(database);
    const coder = browserShardCoder();
    const shelved = { whole: [] as string[], broken: [] as string[], unlisted: 0 };
    for (const { id, byteLength, record } of await store.list()) {
      const bytes = await store.get(id);
      const isWhole =
        bytes?.length === byteLength && toHex(await coder.hash(bytes)) === id && decodeLeases(record).length > 0;
      shelved[isWhole ? 'whole' : 'broken'].push(id);
    }
    const kept = await database.use(connection => connection.count('shards'));
    shelved.unlisted = kept - shelved.whole.length - shelved.broken.length;
    coder.close();
    database.close();
    return shelved;
  },

  /** Addresses of the holders of the first segment, by shard. */
  async holders(link: string): Promise<string[]> {
    return (await this.sea!.storage.inspect(link)).segments[0]!.map(String);
  },

  async delete(link: string): Promise<{ deleted: number; missed: number } | { code: string }> {
    return this.sea!.storage.delete(link).catch(error => ({ code: isSeaError(error) ? error.code : String(error) }));
  },

  /** The link with another right in it, or with the manifest of another file. */
  forged(link: string, what: 'right' | { readonly manifestOf: string }): string {
    const parsed = parseLink(link);
    if (what === 'right') return formatLink({ ...parsed, seed: new Uint8Array(32).fill(9) });
    return formatLink({ ...parsed, manifest: parseLink(what.manifestOf).manifest });
  },

  /** Changes a byte in the middle of every shard on this device, as a bad disk or a bad holder would. */
  async damage(): Promise<number> {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('peersea');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const transaction = database.transaction('shards', 'readwrite');
    const store = transaction.objectStore('shards');
    let changed = 0;
    await new Promise<void>((resolve, reject) => {
      store.openCursor().onsuccess = event => {
        const cursor = (event.target as IDBRequest<IDBCursorWithValue | null>).result;
        if (cursor === null) return;
        const bytes = cursor.value as Uint8Array;
        bytes[bytes.length >> 1]! ^= 1;
        cursor.update(bytes);
        changed++;
        cursor.continue();
      };
      transaction.oncomplete = () => resolve();
      transaction.onerror = () => reject(transaction.error);
    });
    database.close();
    return changed;
  },

  coderSuite(): Promise<CaseOutcome[]> {
    return runCases(shardCoderCases(browserShardCoder));
  },

  storeSuite(): Promise<CaseOutcome[]> {
    const clock = new WorkerClock();
    let count = 0;
    return runCases(
      shardStoreCases(async () => {
        const name = `shards ${count++}`;
        const open = (): IndexedDbShardStore => new IndexedDbShardStore(new PeerseaDatabase(clock, name));
        return { store: open(), reopened: async () => open() };
      }),
    );
  },

  /** Shards put at once, one of them with a record that no browser keeps: what each ended in, then which are there. */
  async putTogether(): Promise<string[]> {
    const store = new IndexedDbShardStore(new PeerseaDatabase(new WorkerClock(), 'together'));
    const records = Array.from({ length: 20 }, (_, i) => (i === 7 ? unkept() : Uint8Array.of(i)));
    const idOf = (i: number): string => i.toString(16).padStart(64, '0');
    const puts = await Promise.allSettled(
      records.map((record, i) => store.put(idOf(i), record, bytesOf(100_000, i + 1))),
    );
    const ended = puts.map(put => (put.status === 'fulfilled' ? 'kept' : isSeaError(put.reason) && put.reason.code));
    const there = await Promise.all(records.map(async (_, i) => (await store.get(idOf(i)))?.length));
    return [...new Set(ended.map((one, i) => `${one} ${there[i]}`))];
  },
};

export type StoragePage = typeof pageApi;
Object.assign(globalThis, { page: pageApi });
