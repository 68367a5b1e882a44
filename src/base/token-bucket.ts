/** A budget that refills with time: bounds how often a stranger may do something. */

import { assert } from './assert.ts';
import type { Clock } from './clock.ts';

/** A bucket's size and how fast it fills. */
export interface Rate {
  /** Tokens a full bucket holds: the largest burst. */
  readonly burst: number;
  /** Tokens that come back each second. */
  readonly perSecond: number;
}

export class TokenBucket {
  readonly #clock: Clock;
  readonly #rate: Rate;
  #tokens: number;
  #filledAt: number;

  /** Starts full. */
  constructor(clock: Clock, rate: Rate) {
    assert(rate.burst > 0 && rate.perSecond > 0, 'a bucket holds something and refills');
    this.#clock = clock;
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAt = clock.now();
  }

  /** True when nothing is owed and nothing was taken lately: as good as a new bucket. */
  get full(): boolean {
    this.#fill();
    return this.#tokens >= this.#rate.burst;
  }

  /** Takes `amount` tokens; false, and nothing taken, when there are not that many. */
  take(amount = 1): boolean {
    this.#fill();
    if (this.#tokens < amount) return false;
    this.#tokens -= amount;
    return true;
  }

  /** Takes `amount` tokens even when they are not there; returns the ms until the debt is paid back, 0 without debt. */
  spend(amount: number): number {
    this.#fill();
    this.#tokens -= amount;
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens * 1000) / this.#rate.perSecond);
  }

  #fill(): void {
    const now = this.#clock.now();
    const earned = ((now - this.#filledAt) * this.#rate.perSecond) / 1000;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + earned);
    this.#filledAt = now;
  }
}
