/**
 * Neighbours that were silent as hops of late. While others can take a message on they are given none; as the last way
 * they are tried. No offence: a busy device is as silent as a hostile one, and neither does harm where it is not asked.
 */

import type { Clock } from '../base/clock.ts';
import type { Link } from '../link/link.ts';
import { SLOW_HOP_MS, SLOW_HOP_MS_MAX } from './limits.ts';

interface Slow {
  readonly untilMs: number;
  readonly waitMs: number;
}

export class SlowHops {
  readonly #clock: Clock;
  readonly #slow = new WeakMap<Link, Slow>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The hop let its time pass: it rests for a while, twice as long as before. Several paths in one silence count once. */
  silent(link: Link): void {
    if (this.has(link)) return;
    const before = this.#slow.get(link)?.waitMs ?? SLOW_HOP_MS / 2;
    const waitMs = Math.min(2 * before, SLOW_HOP_MS_MAX);
    this.#slow.set(link, { untilMs: this.#clock.now() + waitMs, waitMs });
  }

  /** It answered in time: all is forgotten. */
  answered(link: Link): void {
    this.#slow.delete(link);
  }

  has(link: Link): boolean {
    return (this.#slow.get(link)?.untilMs ?? 0) > this.#clock.now();
  }
}
