/**
 * Join: nodes come in one after another through one bootstrap node. Everybody must be online, linked
 * with its true nearest 8 three beats after the last one came, and able to call anybody.
 */

import { LINKS_MAX_DEFAULT } from '../../link/limits.ts';
import { BEAT_MS } from '../../membership/limits.ts';
import { allOnline, linksMutual, nearestRight, type Verdict } from '../checkers.ts';
import { World } from '../world.ts';
import { callAround, gather, mean } from './gather.ts';
import type { ScenarioOptions, ScenarioResult } from './scenario.ts';

const CALLS = 1_000;

export async function join({ nodes: count, seed, drain, say }: ScenarioOptions): Promise<ScenarioResult> {
  const world = new World(seed, drain);
  const joinMs = await gather(world, count, say);
  await world.run(3 * BEAT_MS);
  const { nodes } = world;
  const verdicts: Verdict[] = [allOnline(nodes), nearestRight(nodes), linksMutual(nodes, LINKS_MAX_DEFAULT)];
  const links = nodes.map(({ sea }) => sea.connections().length);
  const calls = await callAround(world, nodes, CALLS);
  const faults = verdicts.flatMap(verdict => verdict.faults);
  if (calls.success < 1) faults.push(`${Math.round((1 - calls.success) * CALLS)} of ${CALLS} calls failed`);
  const result = {
    ok: faults.length === 0,
    traceHash: world.trace.digest(),
    metrics: {
      joinMsMax: Math.max(0, ...joinMs),
      linksMean: mean(links),
      linksMax: Math.max(...links),
      callSuccess: calls.success,
      callMsMean: calls.msMean,
      framesPerNode: Math.round(world.trace.frames / count),
      bytesPerNode: Math.round(world.trace.bytes / count),
      virtualMs: world.clock.now(),
    },
    faults,
  };
  await world.end();
  return result;
}
