/**
 * The blocks kept on this device, as far as they are believed: the store bounds itself and gives up what was used longest
 * ago, so any block may be gone, and bytes are checked against their name when they are read.
 */

import { ContentId } from '../address/content-id.ts';
import type { BlockStore } from '../ports/block-store.ts';
import type { Log } from '../ports/log.ts';

export class Keeper {
  readonly #store: BlockStore;
  readonly #log: Log;

  constructor(store: BlockStore, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  /** The block, if it is kept here whole; undefined otherwise, also when the store fails. */
  async get(id: ContentId): Promise<Uint8Array | undefined> {
    try {
      const bytes = await this.#store.get(id.hex);
      return bytes !== undefined && ContentId.of(bytes).equals(id) ? bytes : undefined;
    } catch (error) {
      this.#log.write('warn', 'a kept block could not be read', { block: id.toString(), error });
      return undefined;
    }
  }

  /** Keeps a block. Throws NO_STORAGE. */
  async keep(id: ContentId, bytes: Uint8Array): Promise<void> {
    await this.#store.put(id.hex, bytes);
  }

  /** Keeps a block if it can: a store that fails costs a later fetch, nothing else. */
  async tryKeep(id: ContentId, bytes: Uint8Array): Promise<void> {
    try {
      await this.keep(id, bytes);
    } catch (error) {
      this.#log.write('warn', 'a block could not be kept', { block: id.toString(), error });
    }
  }

  /** True for a block that the store names; whether it is whole, reading it shows. */
  async has(id: ContentId): Promise<boolean> {
    return this.#store.has(id.hex);
  }
}
