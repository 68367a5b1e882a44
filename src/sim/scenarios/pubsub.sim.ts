/** Scenario `pubsub`, small: the checkers hold, the trees are thin, and a seed replays. */

import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { pubsub } from './pubsub.ts';

const options = { nodes: 30, drain: (): Promise<void> => setImmediate(), say: (): void => {} };

test('everybody hears everything once, before and after a fifth has crashed', async () => {
  const first = await pubsub({ ...options, seed: 3 });
  expect(first.faults).toEqual([]);
  expect(first.metrics.delivery).toBe(1);
  expect(first.metrics.deliveryCrashed).toBe(1);
  expect(first.metrics.doubled).toBe(0);
  expect(first.metrics.copiesPerNode).toBeGreaterThanOrEqual(1);
  expect(first.metrics.copiesPerNode).toBeLessThan(1.3);
  const second = await pubsub({ ...options, seed: 3 });
  expect(second.traceHash).toBe(first.traceHash);
});
