/** The scenarios of the overlay, small: each holds its own bar. */

import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { churn } from './churn.ts';
import { nat } from './nat.ts';

const options = { nodes: 60, seed: 5, drain: (): Promise<void> => setImmediate(), say: (): void => {} };

test('with three in ten pairs cut off from one another, everybody is reachable', async () => {
  const { faults, metrics } = await nat(options);
  expect(faults).toEqual([]);
  expect(metrics.reachable).toBeGreaterThanOrEqual(0.999);
});

test('calls between the living succeed while others come and go', async () => {
  const { faults, metrics } = await churn(options);
  expect(faults).toEqual([]);
  expect(metrics.left).toBeGreaterThan(5);
});
