/**
 * The loop that storage is measured against, one awaited step after another: for each segment AES-GCM, cut into k pieces,
 * then n times SHA-256 of a piece and one record in a relaxed transaction of its own. It writes as much as ours does, but
 * codes nothing, builds no tree, and keeps no second copy in mind.
 */

const SEGMENT_BYTES = 4_194_304;
const STORE = 'pieces';

interface Kept {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly tag: Uint8Array<ArrayBuffer>;
}

export class SerialStore {
  readonly #database: IDBDatabase;
  readonly #key: CryptoKey;
  readonly #k: number;
  readonly #n: number;
  #kept: Kept[] = [];

  private constructor(database: IDBDatabase, key: CryptoKey, k: number, n: number) {
    this.#database = database;
    this.#key = key;
    this.#k = k;
    this.#n = n;
  }

  static async open(k: number, n: number): Promise<SerialStore> {
    const opening = indexedDB.open('serial', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    return new SerialStore(await done(opening), key, k, n);
  }

  async put(file: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#kept = [];
    for (let at = 0, segment = 0; at < file.length; at += SEGMENT_BYTES, segment++) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const plain = file.subarray(at, at + SEGMENT_BYTES);
      const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, this.#key, plain));
      this.#kept.push({ iv, tag: sealed.slice(plain.length) });
      const length = Math.ceil(plain.length / this.#k);
      for (let shard = 0; shard < this.#n; shard++) {
        const from = (shard % this.#k) * length;
        const piece = sealed.slice(from, Math.min(from + length, plain.length));
        await crypto.subtle.digest('SHA-256', piece);
        await this.#write(piece, `${segment} ${shard}`);
      }
    }
  }

  async get(): Promise<void> {
    for (const [segment, { iv, tag }] of this.#kept.entries()) {
      const pieces: Uint8Array<ArrayBuffer>[] = [];
      for (let shard = 0; shard < this.#k; shard++) {
        const store = this.#database.transaction(STORE).objectStore(STORE);
        const piece = (await done(store.get(`${segment} ${shard}`))) as Uint8Array<ArrayBuffer>;
        await crypto.subtle.digest('SHA-256', piece);
        pieces.push(piece);
      }
      const sealed = new Uint8Array(await new Blob([...pieces, tag]).arrayBuffer());
      await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, this.#key, sealed);
    }
  }

  #write(piece: Uint8Array, key: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(STORE, 'readwrite', { durability: 'relaxed' });
      transaction.objectStore(STORE).put(piece, key);
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
