/** Small values in IndexedDB. */

import type { SmallStore } from '../../ports/small-store.ts';
import { checkSmallKey, checkSmallValue } from '../memory/store-rules.ts';
import type { PeerseaDatabase } from './peersea-database.ts';

export class IndexedDbSmallStore implements SmallStore {
  readonly #database: PeerseaDatabase;

  constructor(database: PeerseaDatabase) {
    this.#database = database;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    checkSmallKey(key);
    return this.#database.use(connection => connection.get('small', key));
  }

  async set(key: string, value: Uint8Array): Promise<void> {
    checkSmallKey(key);
    checkSmallValue(value);
    const copy = value.slice(); // a view would be stored with all the memory behind it
    await this.#database.use(connection => connection.put('small', copy, key));
  }

  async delete(key: string): Promise<void> {
    checkSmallKey(key);
    await this.#database.use(connection => connection.delete('small', key));
  }
}
