import { expect, test } from 'vitest';
import type { Link } from '../link/link.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { SLOW_HOP_MS, SLOW_HOP_MS_MAX } from './limits.ts';
import { SlowHops } from './slow-hops.ts';

const link = {} as Link;

test('rests double up to the longest, and an answer forgets them', () => {
  const clock = new ManualClock();
  const slow = new SlowHops(clock);
  const rests: number[] = [];
  for (let i = 0; i < 6; i++) {
    slow.silent(link);
    const fromMs = clock.now();
    while (slow.has(link)) clock.pass(SLOW_HOP_MS);
    rests.push(clock.now() - fromMs);
  }
  expect(rests).toEqual([5_000, 10_000, 20_000, 40_000, SLOW_HOP_MS_MAX, SLOW_HOP_MS_MAX]);
  slow.silent(link);
  slow.answered(link);
  expect(slow.has(link)).toBe(false);
  slow.silent(link);
  clock.pass(SLOW_HOP_MS);
  expect(slow.has(link)).toBe(false);
});

test('silence within a rest makes it no longer', () => {
  const clock = new ManualClock();
  const slow = new SlowHops(clock);
  for (let ms = 0; ms < SLOW_HOP_MS; ms += 1_000) {
    slow.silent(link);
    expect(slow.has(link)).toBe(true);
    clock.pass(1_000);
  }
  expect(slow.has(link)).toBe(false);
});
