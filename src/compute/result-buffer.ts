/** Accepted results on their way to the consumer: in the order of the inputs, or as they come. Pure. */

import type { HashAddress } from '../address/hash-address.ts';

export interface MapResult {
  /** Which input, counted from 0. */
  readonly index: number;
  readonly output: Uint8Array;
  /** Who computed this output: `redundancy` of them or more. */
  readonly providers: readonly HashAddress[];
}

export class ResultBuffer {
  readonly #ordered: boolean;
  readonly #results = new Map<number, MapResult>();
  #nextIndex = 0;

  constructor(ordered: boolean) {
    this.#ordered = ordered;
  }

  put(result: MapResult): void {
    this.#results.set(result.index, result);
  }

  /** Takes the result that is due; undefined when there is none. */
  take(): MapResult | undefined {
    const result = this.#ordered ? this.#results.get(this.#nextIndex) : this.#results.values().next().value;
    if (result === undefined) return undefined;
    this.#results.delete(result.index);
    this.#nextIndex++;
    return result;
  }
}
