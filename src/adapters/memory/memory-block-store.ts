/** Blocks in memory, those used longest ago given up first: for tests, the simulator and pages that may keep nothing. */

import type { BlockStore } from '../../ports/block-store.ts';
import { LruMap } from './lru-map.ts';
import { BLOCK_STORE_BYTES_MAX, checkBlockFits, checkBlockHash } from './store-rules.ts';

export class MemoryBlockStore implements BlockStore {
  readonly #bytesMax: number;
  readonly #blocks: LruMap<string, Uint8Array>;

  constructor(bytesMax: number = BLOCK_STORE_BYTES_MAX) {
    this.#bytesMax = bytesMax;
    this.#blocks = new LruMap(bytesMax, block => block.length);
  }

  async get(hash: string): Promise<Uint8Array | undefined> {
    checkBlockHash(hash);
    return this.#blocks.get(hash)?.slice();
  }

  async has(hash: string): Promise<boolean> {
    checkBlockHash(hash);
    return this.#blocks.has(hash);
  }

  async put(hash: string, bytes: Uint8Array): Promise<void> {
    checkBlockHash(hash);
    checkBlockFits(bytes, this.#bytesMax);
    this.#blocks.set(hash, bytes.slice());
  }

  async delete(hash: string): Promise<void> {
    checkBlockHash(hash);
    this.#blocks.delete(hash);
  }
}
