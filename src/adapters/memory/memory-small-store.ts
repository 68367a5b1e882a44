/** Small values in memory: for tests, the simulator and pages that may keep nothing. */

import type { SmallStore } from '../../ports/small-store.ts';
import { checkSmallKey, checkSmallValue } from './store-rules.ts';

export class MemorySmallStore implements SmallStore {
  readonly #values = new Map<string, Uint8Array>(); // keys are chosen by this program, never by a peer

  async get(key: string): Promise<Uint8Array | undefined> {
    checkSmallKey(key);
    return this.#values.get(key)?.slice();
  }

  async set(key: string, value: Uint8Array): Promise<void> {
    checkSmallKey(key);
    checkSmallValue(value);
    this.#values.set(key, value.slice());
  }

  async delete(key: string): Promise<void> {
    checkSmallKey(key);
    this.#values.delete(key);
  }
}
