/** Node keys in IndexedDB. */

import type { PeerseaDatabase } from './peersea-database.ts';
import type { KeptKey } from './peersea-schema.ts';

export class IndexedDbKeyStore {
  readonly #database: PeerseaDatabase;

  constructor(database: PeerseaDatabase) {
    this.#database = database;
  }

  /** Throws NO_STORAGE. */
  async get(name: string): Promise<KeptKey | undefined> {
    return this.#database.use(connection => connection.get('keys', name));
  }

  /** Keeps `key` unless there is one under this name already; resolves to the one that is kept. Throws NO_STORAGE. */
  async keepFirst(name: string, key: KeptKey): Promise<KeptKey> {
    return this.#database.use(async connection => {
      const transaction = connection.transaction('keys', 'readwrite', { durability: 'strict' });
      const first = await transaction.store.get(name);
      if (first === undefined) await transaction.store.put(key, name);
      await transaction.done;
      return first ?? key;
    });
  }
}
