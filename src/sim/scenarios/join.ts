/**
 * Join: nodes come in one after another through one bootstrap node, which then dies. Everybody must be online, linked
 * with its true nearest 8 three beats after the last one came, and able to call anybody.
 */

import { pick } from '../../base/random.ts';
import { LINKS_MAX_DEFAULT } from '../../link/limits.ts';
import { BEAT_MS } from '../../membership/limits.ts';
import { allOnline, linksMutual, nearestRight, type Verdict } from '../checkers.ts';
import { type SimNode, World } from '../world.ts';
import type { ScenarioOptions, ScenarioResult } from './scenario.ts';

const BOOTSTRAP_URL = 'ws://bootstrap';
/** Time between two newcomers, ms. */
const ARRIVAL_MS = 100;
const CALLS = 1_000;
const CALLS_AT_ONCE = 10;

export async function join({ nodes: count, seed, drain, say }: ScenarioOptions): Promise<ScenarioResult> {
  const world = new World(seed, drain);
  const bootstrap = await world.addNode({ listenUrl: BOOTSTRAP_URL });
  await bootstrap.sea.goOnline([]);
  const joining: Promise<void>[] = [];
  const joinMs: number[] = [];
  for (let i = 1; i < count; i++) {
    const node = await world.addNode();
    const beganMs = world.clock.now();
    node.sea.handle('echo', value => value);
    joining.push(node.sea.goOnline([BOOTSTRAP_URL]).then(() => void joinMs.push(world.clock.now() - beganMs)));
    await world.run(ARRIVAL_MS);
    if (i % 50 === 0) say(`${i} nodes have come; ${world.trace.frames} frames`);
  }
  await world.until(Promise.all(joining), 120_000);
  await world.run(3 * BEAT_MS);
  const { nodes } = world;
  const verdicts: Verdict[] = [allOnline(nodes), nearestRight(nodes), linksMutual(nodes, LINKS_MAX_DEFAULT)];
  const links = nodes.map(({ sea }) => sea.connections().length);
  const calls = await callAround(world, nodes.slice(1), CALLS);
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

/** Calls between random pairs, some at a time. */
async function callAround(
  world: World,
  nodes: readonly SimNode[],
  count: number,
): Promise<{ success: number; msMean: number }> {
  if (nodes.length === 0) return { success: 1, msMean: 0 };
  let answered = 0;
  let totalMs = 0;
  const callOne = async (i: number): Promise<void> => {
    const from = pick(world.random, nodes)!;
    const to = pick(world.random, nodes)!;
    const beganMs = world.clock.now();
    const echo = await from.sea.call(to.sea.localId(), 'echo', i).catch(() => undefined);
    if (echo === i) answered++;
    totalMs += world.clock.now() - beganMs;
  };
  for (let i = 0; i < count; i += CALLS_AT_ONCE) {
    const calls = Array.from({ length: Math.min(CALLS_AT_ONCE, count - i) }, (_, j) => callOne(i + j));
    await world.until(Promise.all(calls), 30_000);
  }
  return { success: answered / count, msMean: totalMs / count };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
