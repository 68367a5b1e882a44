/**
 * Churn: nodes leave at a steady rate (median session 10 minutes, half of the exits without a word) and others take
 * their place, while the living call one another.
 */

import { BEAT_MS } from '../../membership/limits.ts';
import { World } from '../world.ts';
import { gather, mean } from './gather.ts';
import type { ScenarioOptions, ScenarioResult } from './scenario.ts';
import { isIn, pickSettled, settled, turnOver } from './turn-over.ts';

const DURATION_S = 300;
const CALLS_PER_S = 20;
const SUCCESS_MIN = 0.999;

export async function churn({ nodes: count, seed, drain, say }: ScenarioOptions): Promise<ScenarioResult> {
  const world = new World(seed, drain);
  await gather(world, count, say);
  await world.run(6 * BEAT_MS);
  const tally = { calls: 0, answered: 0, left: 0 };
  const open: Promise<void>[] = [];
  for (let second = 0; second < DURATION_S; second++) {
    tally.left += await turnOver(world);
    for (let i = 0; i < CALLS_PER_S; i++) open.push(callOne(world, tally));
    await world.run(1_000);
    if (second % 60 === 0)
      say(`${second} s: ${tally.left} have left, ${tally.answered} of ${tally.calls} calls answered`);
  }
  await world.until(Promise.all(open), 60_000);
  const success = tally.answered / tally.calls;
  const ok = success >= SUCCESS_MIN;
  const result = {
    ok,
    traceHash: world.trace.digest(),
    metrics: {
      lookupSuccess: success,
      lookups: tally.calls,
      left: tally.left,
      linksMean: mean(settled(world).map(({ sea }) => sea.connections().length)),
      virtualMs: world.clock.now(),
    },
    faults: ok ? [] : [`${tally.calls - tally.answered} of ${tally.calls} calls to living nodes failed`],
  };
  await world.end();
  return result;
}

/** A call between two of the settled; one whose callee or caller leaves meanwhile does not count. */
async function callOne(world: World, tally: { calls: number; answered: number }): Promise<void> {
  const from = pickSettled(world);
  const to = pickSettled(world);
  const address = to.sea.localId();
  const found = await from.sea.call(address, 'sea:nearest', address).catch(() => undefined);
  if (!isIn(from) || !isIn(to)) return;
  tally.calls++;
  if (String(found) === address.toString()) tally.answered++;
}
