/** Scenario `join`, small: the checkers hold, and a seed replays. */

import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { join } from './join.ts';

const options = { nodes: 24, drain: (): Promise<void> => setImmediate(), say: (): void => {} };

test('everybody gets its place, and the same seed gives the same trace', async () => {
  const first = await join({ ...options, seed: 11 });
  expect(first.faults).toEqual([]);
  expect(first.metrics.callSuccess).toBe(1);
  const second = await join({ ...options, seed: 11 });
  expect(second.traceHash).toBe(first.traceHash);
  const other = await join({ ...options, seed: 12 });
  expect(other.traceHash).not.toBe(first.traceHash);
});
