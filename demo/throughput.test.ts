/** The window of the last sixty seconds. */

import { expect, it } from 'vitest';
import { Throughput, WINDOW_SECONDS } from './throughput.ts';

it('sums what the last minute brought and forgets what is older', () => {
  const throughput = new Throughput();
  throughput.add(2, 1_000);
  throughput.add(3, 1_999);
  throughput.add(1, 30_000);
  expect(throughput.perMinute(30_500)).toBe(6);
  expect(throughput.perMinute(60_999)).toBe(6); // second 1 is still within the 60 seconds 1 … 60
  expect(throughput.perMinute(61_000)).toBe(1);
  expect(throughput.perMinute(90_000)).toBe(0);
});

it('gives the seconds oldest first', () => {
  const throughput = new Throughput();
  throughput.add(5, 100_000);
  throughput.add(7, 102_000);
  const series = throughput.series(102_000);
  expect(series).toHaveLength(WINDOW_SECONDS);
  expect(series.slice(-3)).toEqual([5, 0, 7]);
  expect(series.slice(0, -3).every(count => count === 0)).toBe(true);
});

it('starts again after a pause longer than the window', () => {
  const throughput = new Throughput();
  throughput.add(9, 5_000);
  throughput.add(1, 3_600_000);
  expect(throughput.perMinute(3_600_000)).toBe(1);
});

it('counts a time that went back as now', () => {
  const throughput = new Throughput();
  throughput.add(1, 50_000);
  throughput.add(1, 20_000);
  expect(throughput.series(50_000).at(-1)).toBe(2);
});
