/** A clock for tests that stands still until told: no test waits for real time to see a timeout. */

import type { Cancel, Clock } from '../../base/clock.ts';

interface Timer {
  readonly dueMs: number;
  readonly fn: () => void;
}

export class ManualClock implements Clock {
  readonly #timers = new Set<Timer>();
  #nowMs = 0;

  now(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return 1_700_000_000_000 + this.#nowMs;
  }

  after(delayMs: number, fn: () => void): Cancel {
    const timer = { dueMs: this.#nowMs + delayMs, fn };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Timers that wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Lets `ms` pass: every timer that falls due runs at its time, those that they set included. */
  pass(ms: number): void {
    const until = this.#nowMs + ms;
    for (let next = this.#nextUntil(until); next !== undefined; next = this.#nextUntil(until)) {
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      this.#timers.delete(next);
      next.fn();
    }
    this.#nowMs = until;
  }

  /** The process is too busy for its timers: what falls due meanwhile fires late, with the next `pass`. */
  stall(ms: number): void {
    this.#nowMs += ms;
  }

  #nextUntil(untilMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs <= untilMs && (next === undefined || timer.dueMs < next.dueMs)) next = timer;
    }
    return next;
  }
}
