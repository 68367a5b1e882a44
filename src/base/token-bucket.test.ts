import { expect, test } from 'vitest';
import type { Clock } from './clock.ts';
import { TokenBucket } from './token-bucket.ts';

function stoppedClock(): Clock & { ms: number } {
  return { ms: 1000, now: clockNow, wallMs: clockNow, after: () => () => {} };
}

function clockNow(this: { ms: number }): number {
  return this.ms;
}

test('a full bucket gives its burst and then refuses', () => {
  const bucket = new TokenBucket(stoppedClock(), { burst: 3, perSecond: 2 });
  expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, true, false]);
});

test('tokens come back with time, fractions included, and never above the burst', () => {
  const clock = stoppedClock();
  const bucket = new TokenBucket(clock, { burst: 3, perSecond: 2 });
  expect(bucket.take(3)).toBe(true);
  clock.ms += 499;
  expect(bucket.take()).toBe(false);
  clock.ms += 1;
  expect(bucket.take()).toBe(true);
  clock.ms += 3_600_000;
  expect(bucket.take(4)).toBe(false);
  expect(bucket.take(3)).toBe(true);
});

test('a refused take costs nothing', () => {
  const bucket = new TokenBucket(stoppedClock(), { burst: 3, perSecond: 1 });
  expect(bucket.take(4)).toBe(false);
  expect(bucket.take(3)).toBe(true);
});

test('spend goes into debt and says how long it lasts', () => {
  const clock = stoppedClock();
  const bucket = new TokenBucket(clock, { burst: 100, perSecond: 50 });
  expect(bucket.spend(100)).toBe(0);
  expect(bucket.spend(25)).toBe(500);
  clock.ms += 500;
  expect(bucket.take(0)).toBe(true);
  expect(bucket.spend(1)).toBe(20);
});

test('full tells an untouched bucket from a used one', () => {
  const clock = stoppedClock();
  const bucket = new TokenBucket(clock, { burst: 2, perSecond: 1 });
  expect(bucket.full).toBe(true);
  bucket.take();
  expect(bucket.full).toBe(false);
  clock.ms += 1000;
  expect(bucket.full).toBe(true);
});

test('a bucket that could never refill is a bug', () => {
  expect(() => new TokenBucket(stoppedClock(), { burst: 1, perSecond: 0 })).toThrow('broken assumption');
});
