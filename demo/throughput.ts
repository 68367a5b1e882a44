/** Parts finished over the last minute: one counter per second in a ring. Time is given, never read. */

export const WINDOW_SECONDS = 60;

export class Throughput {
  readonly #counts: number[] = new Array(WINDOW_SECONDS).fill(0);
  #second = 0;

  /** Counts parts finished at `nowMs` (any steady clock). A time before the newest one counts as the newest. */
  add(parts: number, nowMs: number): void {
    this.#advance(nowMs);
    this.#counts[this.#second % WINDOW_SECONDS]! += parts;
  }

  /** Parts of the last 60 seconds. */
  perMinute(nowMs: number): number {
    this.#advance(nowMs);
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** Parts of each of the last 60 seconds, oldest first. */
  series(nowMs: number): number[] {
    this.#advance(nowMs);
    const oldest = (this.#second + 1) % WINDOW_SECONDS;
    return [...this.#counts.slice(oldest), ...this.#counts.slice(0, oldest)];
  }

  /** Empties the counters of the seconds that passed. */
  #advance(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    if (second <= this.#second) return;
    const passed = Math.min(second - this.#second, WINDOW_SECONDS);
    for (let back = 0; back < passed; back++) this.#counts[(second - back) % WINDOW_SECONDS] = 0;
    this.#second = second;
  }
}
