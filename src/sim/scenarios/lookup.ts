/** Look-up: in a sea at rest, anybody finds anybody in a few hops over a bounded number of links. */

import { BEAT_MS } from '../../membership/limits.ts';
import { World } from '../world.ts';
import { callAround, gather, mean } from './gather.ts';
import type { ScenarioOptions, ScenarioResult } from './scenario.ts';

const LOOKUPS = 100_000;
const AT_ONCE = 200;
const SUCCESS_MIN = 0.9999;

export async function lookup({ nodes: count, seed, drain, say }: ScenarioOptions): Promise<ScenarioResult> {
  const world = new World(seed, drain);
  await gather(world, count, say);
  await world.run(6 * BEAT_MS);
  say('looking up');
  const calls = await callAround(world, world.nodes, LOOKUPS, AT_ONCE);
  const links = world.nodes.map(({ sea }) => sea.connections().length);
  const ok = calls.success >= SUCCESS_MIN;
  const result = {
    ok,
    traceHash: world.trace.digest(),
    metrics: {
      lookups: LOOKUPS,
      lookupSuccess: calls.success,
      lookupMsMean: calls.msMean,
      hopsMean: calls.hopsMean,
      linksMean: mean(links),
      linksMax: Math.max(...links),
      bytesPerNode: Math.round(world.trace.bytes / count),
    },
    faults: ok ? [] : [`${Math.round((1 - calls.success) * LOOKUPS)} of ${LOOKUPS} look-ups failed`],
  };
  await world.end();
  return result;
}
