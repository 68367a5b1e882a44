/** How long parts take, and from when on one is late. Pure: times come from the caller. */

import {
  PACE_SAMPLES,
  SILENT_MEDIANS,
  SILENT_MS_MIN,
  SILENT_MS_UNKNOWN,
  TAIL_LATE_MEDIANS,
  TAIL_LATE_MS_MIN,
} from './limits.ts';

export class Pace {
  /** The last answer times, in the order they came; a ring. */
  readonly #recent: number[] = [];
  readonly #sorted: number[] = [];
  #next = 0;

  /** One part was answered `elapsedMs` after it was sent. */
  record(elapsedMs: number): void {
    const oldest = this.#recent[this.#next];
    if (oldest !== undefined) this.#sorted.splice(this.#rank(oldest), 1);
    this.#recent[this.#next] = elapsedMs;
    this.#next = (this.#next + 1) % PACE_SAMPLES;
    this.#sorted.splice(this.#rank(elapsedMs), 0, elapsedMs);
  }

  /** Median of the last answers (the upper one of two), ms; undefined before the first. */
  get medianMs(): number | undefined {
    return this.#sorted[this.#sorted.length >> 1];
  }

  /** Age from which an unanswered part counts as silent, ms. */
  get silentAfterMs(): number {
    const median = this.medianMs;
    return median === undefined ? SILENT_MS_UNKNOWN : Math.max(SILENT_MEDIANS * median, SILENT_MS_MIN);
  }

  /** The same at the end of a map, when somebody idle could take a copy. */
  get tailLateAfterMs(): number {
    const median = this.medianMs;
    return median === undefined ? SILENT_MS_UNKNOWN : Math.max(TAIL_LATE_MEDIANS * median, TAIL_LATE_MS_MIN);
  }

  /** Where in the sorted list the value stands or would stand. */
  #rank(value: number): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
