/** A carrier's signs of life: when to ask for one, when its silence is suspect, and what an answer proves. */

import type { Clock } from '../base/clock.ts';
import { PING_AFTER_MS, PING_IDLE_MS, PINGS_MAX, SUSPECT_MS } from './limits.ts';

export class Pulse {
  readonly #clock: Clock;
  #heardMs: number;
  #askedMs: number;
  /** Questions without an answer, in order: when each was asked, and the number of the last frame before it. */
  readonly #open: { readonly ms: number; readonly seq: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#heardMs = clock.now();
    this.#askedMs = clock.now();
  }

  /** Something came. */
  heard(): void {
    this.#heardMs = this.#clock.now();
  }

  /** A ping goes out after frame `seq`. False when too many wait already: then it had better not. */
  ask(seq: number): boolean {
    if (this.#open.length >= PINGS_MAX) return false;
    this.#askedMs = this.#clock.now();
    this.#open.push({ ms: this.#askedMs, seq });
    return true;
  }

  /**
   * The first open ping is answered by a side that has everything up to `seq`. False when frames that went before the
   * ping are not there: a carrier keeps order, so it has lost them.
   */
  answered(seq: number): boolean {
    const asked = this.#open.shift();
    return asked === undefined || seq >= asked.seq;
  }

  /** Time to ask; `waiting`: frames wait for an acknowledgement. */
  askNow(waiting: boolean): boolean {
    const nowMs = this.#clock.now();
    const owed = waiting || this.#open.length > 0;
    const silentMs = nowMs - this.#heardMs;
    return silentMs >= (owed ? PING_AFTER_MS : PING_IDLE_MS) || (owed && nowMs - this.#askedMs >= SUSPECT_MS);
  }

  /** Nothing came for too long although an answer is owed. */
  get suspect(): boolean {
    const nowMs = this.#clock.now();
    const [asked] = this.#open;
    return asked !== undefined && nowMs - this.#heardMs >= SUSPECT_MS && nowMs - asked.ms >= SUSPECT_MS;
  }
}
