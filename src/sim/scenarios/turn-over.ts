/** What scenarios with churn share: nodes leave at a steady rate, and as many come. */

import { pick } from '../../base/random.ts';
import type { SimNode, World } from '../world.ts';
import { BOOTSTRAP_URL } from './gather.ts';

/** Chance to leave in any one second: ln 2 / 600, a median session of 10 minutes. */
const LEAVING_PER_S = 0.001_155;

/**
 * One second's worth: some leave, half of them without a word, and as many set out to come in. The bootstrap node stays.
 * Returns how many left; `onNew` hears of each newcomer as it begins to join.
 */
export async function turnOver(world: World, onNew: (node: SimNode) => void = () => {}): Promise<number> {
  let left = 0;
  for (const node of settled(world).slice(1)) {
    if (world.random.fraction() >= LEAVING_PER_S) continue;
    left++;
    if (world.random.fraction() < 0.5) world.network.kill(node.host);
    else await node.sea.close();
    const newcomer = await world.addNode();
    newcomer.sea.goOnline([BOOTSTRAP_URL]).catch(() => {}); // one that cannot join is not counted among the settled
    onNew(newcomer);
  }
  return left;
}

/** Those that live and are in. */
export function settled(world: World): SimNode[] {
  return world.nodes.filter(isIn);
}

export function pickSettled(world: World): SimNode {
  return pick(world.random, settled(world))!;
}

export function isIn({ host, sea }: SimNode): boolean {
  return host.state === 'running' && sea.online();
}
