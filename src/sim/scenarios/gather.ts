/** What scenarios of the overlay share: a sea that has come together, and calls between its members. */

import { pick } from '../../base/random.ts';
import type { SimNode, World } from '../world.ts';

export const BOOTSTRAP_URL = 'ws://bootstrap';

/** How long maintenance is watched, ms: two beats. */
const REST_MS = 10_000;

/** Time between two newcomers, ms. */
const ARRIVAL_MS = 100;

/** One bootstrap node, then newcomers one after another, `count` in all; the time each took to be online, ms. */
export async function gather(world: World, count: number, say: (line: string) => void): Promise<number[]> {
  const bootstrap = await world.addNode({ listenUrl: BOOTSTRAP_URL });
  await bootstrap.sea.goOnline([]);
  const joining: Promise<void>[] = [];
  const joinMs: number[] = [];
  for (let i = 1; i < count; i++) {
    const { sea } = await world.addNode();
    const beganMs = world.clock.now();
    joining.push(sea.goOnline([BOOTSTRAP_URL]).then(() => void joinMs.push(world.clock.now() - beganMs)));
    await world.run(ARRIVAL_MS);
    if (i % 100 === 0) say(`${i} nodes have come; ${world.trace.frames} frames`);
  }
  await world.until(Promise.all(joining), 120_000);
  return joinMs;
}

export interface CallsReport {
  /** Share that was answered by the node that was meant. */
  readonly success: number;
  readonly msMean: number;
  /** Hops a call, tries at dead ends included; what maintenance takes in the same time, measured before, is left out. */
  readonly hopsMean: number;
}

/** Calls of `sea:nearest` between random pairs of living nodes, some at a time: a look-up of the callee's address. */
export async function callAround(
  world: World,
  nodes: readonly SimNode[],
  count: number,
  atOnce: number = 10,
): Promise<CallsReport> {
  const upkeep = await hopsAtRest(world);
  const hopsBefore = world.trace.hops;
  const startedMs = world.clock.now();
  let answered = 0;
  let totalMs = 0;
  const callOne = async (): Promise<void> => {
    const from = pick(world.random, nodes)!;
    const to = pick(world.random, nodes)!.sea.localId();
    const beganMs = world.clock.now();
    const found = await from.sea.call(to, 'sea:nearest', to).catch(() => undefined);
    if (String(found) === to.toString()) answered++;
    totalMs += world.clock.now() - beganMs;
  };
  for (let done = 0; done < count; done += atOnce) {
    const calls = Array.from({ length: Math.min(atOnce, count - done) }, callOne);
    await world.until(Promise.all(calls), 60_000);
  }
  const hops = world.trace.hops - hopsBefore - upkeep * (world.clock.now() - startedMs);
  return { success: answered / count, msMean: totalMs / count, hopsMean: hops / count };
}

/** Hops of maintenance, a millisecond. */
async function hopsAtRest(world: World): Promise<number> {
  const before = world.trace.hops;
  await world.run(REST_MS);
  return (world.trace.hops - before) / REST_MS;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
