/** Scenario `storage`, small: what can come back comes back while holders leave. */

import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { storage } from './storage.ts';

const options = { nodes: 30, drain: (): Promise<void> => setImmediate(), say: (): void => {} };

test('files are stored and read while nodes come and go', async () => {
  const { ok, faults, metrics } = await storage({ ...options, seed: 2 });
  expect(faults).toEqual([]);
  expect(ok).toBe(true);
  expect(metrics.puts).toBeGreaterThan(50);
  expect(metrics.gets).toBeGreaterThan(100);
  expect(metrics.left).toBeGreaterThan(5);
});
