/** How many devices in the sea offer room for a file, as far as was asked. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Sea } from '../../src/index.ts';
import { complaintOf } from '../errors.ts';
import { DEVICES_MAX, type Safety, type SafetyName, safetyFor } from './files-safety.ts';

export class Devices {
  readonly #count: Signal<number | undefined> = signal<number | undefined>(undefined);
  #turn = 0;

  /** DEVICES_MAX stands for that many or more; undefined before the first answer. */
  get count(): ReadonlySignal<number | undefined> {
    return this.#count;
  }

  /** Asks anew. The newest question wins; a question that fails leaves what was known. */
  async ask(sea: Sea): Promise<void> {
    const turn = ++this.#turn;
    try {
      const offers = await sea.storage.offers({ wanted: DEVICES_MAX });
      if (turn === this.#turn) this.#count.value = offers.length;
    } catch (error) {
      if (turn === this.#turn && complaintOf(error).code === 'NOT_ONLINE') this.#count.value = undefined;
    }
  }

  /**
   * The cut that the devices can take that have room for this very file; undefined when none has. It begins with as many as
   * are known: to ask for more is to wait for those that have just left. Fewer devices mean larger shards, so it asks until
   * the answer fits.
   */
  async fit(sea: Sea, wanted: SafetyName, bytes: number, signal: AbortSignal): Promise<Safety | undefined> {
    for (let devices = this.#count.value || DEVICES_MAX; devices > 0; ) {
      const safety = safetyFor(wanted, devices)!;
      const offers = await sea.storage.offers({ bytes: Math.ceil(bytes / safety.k) || 1, wanted: safety.n, signal });
      if (offers.length >= safety.n) return safety;
      devices = offers.length;
    }
    return undefined;
  }
}
