/** When to try again what did not help: after a wait that doubles each time. */

import type { Clock } from '../base/clock.ts';
import { UPGRADE_MS_MAX, UPGRADE_MS_MIN } from './limits.ts';

export class Patience {
  readonly #clock: Clock;
  #waitMs = 0;
  #triedMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True when it is time: the wait since the last attempt is over, or this much of it. */
  due(waitMsMax: number): boolean {
    return this.#clock.now() - this.#triedMs >= Math.min(this.#waitMs, waitMsMax);
  }

  /** An attempt has ended. Unless it helped there will be another. */
  tried(): void {
    this.#triedMs = this.#clock.now();
    this.#waitMs = Math.min(Math.max(2 * this.#waitMs, UPGRADE_MS_MIN), UPGRADE_MS_MAX);
  }

  /** Things have changed: it is time now, and the next wait is the shortest again. */
  reset(): void {
    this.#waitMs = 0;
  }
}
