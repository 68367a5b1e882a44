/** Scenario `join` at its full size over many seeds: one unlucky seed is a defect, and its name is the replay. */

import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { join } from '../../src/sim/scenarios/join.ts';

const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1);

test.each(SEEDS)('npm run sim -- --scenario join --nodes 200 --seed %i', async seed => {
  const { faults } = await join({ nodes: 200, seed, drain: () => setImmediate(), say: () => {} });
  expect(faults).toEqual([]);
});
