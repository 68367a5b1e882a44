/** Real time for tests, which may run faster: a test of a timeout of seconds need not take seconds. */

import type { Clock } from '../../base/clock.ts';

/** With `speed` 10 a second of the clock takes 100 ms. */
export function timersClock(speed: number = 1): Clock {
  return {
    now: () => performance.now() * speed,
    wallMs: () => Date.now(),
    after(delayMs, fn) {
      const timer = setTimeout(fn, delayMs / speed);
      return () => clearTimeout(timer);
    },
  };
}
