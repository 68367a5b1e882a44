/** NAT: three in ten pairs can never have a direct link. Whoever is in the sea is still reachable through others. */

import { BEAT_MS } from '../../membership/limits.ts';
import { SeededRandom } from '../seeded-random.ts';
import { World } from '../world.ts';
import { callAround, gather, mean } from './gather.ts';
import type { ScenarioOptions, ScenarioResult } from './scenario.ts';

const BLOCKED_SHARE = 0.3;
const CALLS = 20_000;
const AT_ONCE = 100;
const REACHABLE_MIN = 0.999;

export async function nat({ nodes: count, seed, drain, say }: ScenarioOptions): Promise<ScenarioResult> {
  const world = new World(seed, drain);
  // A pair's fate is a function of the pair and the seed; the bootstrap node (host 0) has a public address.
  world.network.negotiable = (a, b) => {
    const [low, high] = a.index < b.index ? [a.index, b.index] : [b.index, a.index];
    return low === 0 || new SeededRandom(`${seed}/nat/${low}/${high}`).fraction() >= BLOCKED_SHARE;
  };
  await gather(world, count, say);
  await world.run(12 * BEAT_MS);
  say('calling');
  const calls = await callAround(world, world.nodes, CALLS, AT_ONCE);
  const links = world.nodes.map(({ sea }) => sea.connections().length);
  const ok = calls.success >= REACHABLE_MIN;
  const result = {
    ok,
    traceHash: world.trace.digest(),
    metrics: {
      reachable: calls.success,
      callMsMean: calls.msMean,
      hopsMean: calls.hopsMean,
      linksMean: mean(links),
      virtualMs: world.clock.now(),
    },
    faults: ok ? [] : [`${Math.round((1 - calls.success) * CALLS)} of ${CALLS} calls found no way`],
  };
  await world.end();
  return result;
}
