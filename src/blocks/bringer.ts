/**
 * Brings blocks: from this device where they are kept, else from their sources, each checked and then kept. However many
 * want one at the same time, it travels once; sources that do not deliver spoil it for nobody who knows better ones.
 */

import type { ContentId } from '../address/content-id.ts';
import { abortable, checkAborted, withTimeout } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import type { Keeper } from './keeper.ts';
import { HEDGE_MS } from './limits.ts';
import type { Sources } from './sources.ts';

/** For whom blocks are brought. */
export interface Order {
  readonly sources: Sources;
  readonly signal: AbortSignal;
  /** True: a block that the store refuses is NO_STORAGE; false: it is only not kept. */
  readonly mustKeep: boolean;
}

export interface Brought {
  /** The receiver's own. */
  readonly bytes: Uint8Array;
  /** It came from a source, for this order. */
  readonly fetched: boolean;
}

export class Bringer {
  readonly #clock: Clock;
  readonly #keeper: Keeper;
  /** By hex digest. */
  readonly #flights = new Map<string, Promise<Brought>>();

  constructor(clock: Clock, keeper: Keeper) {
    this.#clock = clock;
    this.#keeper = keeper;
  }

  /** Throws what Sources.bring throws, NO_STORAGE, the signal's reason. */
  async bring(id: ContentId, order: Order): Promise<Brought> {
    checkAborted(order.signal);
    const other = this.#flights.get(id.hex);
    const bytes = other && (await this.#join(other, order.signal));
    if (bytes !== undefined) {
      if (order.mustKeep) await this.#keeper.keep(id, bytes);
      return { bytes, fetched: false };
    }
    const flight = this.#fetch(id, order);
    this.#flights.set(id.hex, flight);
    try {
      return await flight;
    } finally {
      if (this.#flights.get(id.hex) === flight) this.#flights.delete(id.hex);
    }
  }

  /** What another order's flight brings; undefined when it fails or takes long: its sources may be worse. */
  async #join(other: Promise<Brought>, signal: AbortSignal): Promise<Uint8Array | undefined> {
    try {
      const waiting = withTimeout(this.#clock, other, HEDGE_MS, 'a block for another order');
      return (await abortable(waiting, signal)).bytes.slice();
    } catch {
      checkAborted(signal);
      return undefined;
    }
  }

  async #fetch(id: ContentId, { sources, signal, mustKeep }: Order): Promise<Brought> {
    const kept = await this.#keeper.get(id);
    if (kept !== undefined) return { bytes: kept, fetched: false };
    const bytes = await sources.bring(id, signal);
    if (mustKeep) await this.#keeper.keep(id, bytes);
    else await this.#keeper.tryKeep(id, bytes);
    return { bytes, fetched: true };
  }
}
