/** Time in a Node process. */

import type { Cancel, Clock } from '../../base/clock.ts';

/** Longest delay that setTimeout takes; a longer wait is made of several. */
const TIMEOUT_MS_MAX = 0x7fff_ffff;

export class NodeClock implements Clock {
  now(): number {
    return performance.now();
  }

  wallMs(): number {
    return Date.now();
  }

  /** Keeps the process alive until the call has run or is cancelled. */
  after(delayMs: number, fn: () => void): Cancel {
    const dueMs = this.now() + Math.max(0, delayMs);
    let timer: NodeJS.Timeout;
    // Node's timers ring up to a millisecond early by performance.now(): the rest is waited for too.
    const wait = (): void => {
      const restMs = Math.ceil(dueMs - this.now());
      timer = setTimeout(() => (this.now() >= dueMs ? fn() : wait()), Math.min(restMs, TIMEOUT_MS_MAX));
    };
    wait();
    return () => clearTimeout(timer);
  }
}
