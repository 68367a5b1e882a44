/** A small simulated sea whose nodes are in one channel, with a list of what each has heard. */

import { setImmediate } from 'node:timers/promises';
import { type SimNode, World } from '../../sim/world.ts';
import type { Chan } from '../chan.ts';

const URL = 'ws://bootstrap';

export interface TestMember {
  readonly node: SimNode;
  readonly chan: Chan;
  /** As `sender's name: value`. */
  readonly heard: string[];
  readonly events: string[];
}

export const CHANNEL = 'harbour';

/** A sea of `count` nodes, all online, nobody in a channel. */
export async function seaOf(count: number, seed = 5): Promise<World> {
  const world = new World(seed, () => setImmediate());
  const bootstrap = await world.addNode({ listenUrl: URL });
  await bootstrap.sea.goOnline([]);
  for (let i = 1; i < count; i++) {
    const { sea } = await world.addNode();
    await world.until(sea.goOnline([URL]), 60_000);
  }
  await world.run(5_000);
  return world;
}

/** The node joins, and hears the scope `talk`. */
export function enter(world: World, node: SimNode, channelId = CHANNEL): TestMember {
  const chan = node.sea.join(channelId);
  const heard: string[] = [];
  const events: string[] = [];
  chan.on('talk', (value, from) => {
    const sender = world.nodes.find(({ sea }) => sea.localId().equals(from));
    heard.push(`${sender?.host.index}: ${String(value)}`);
  });
  chan.on('connect', () => events.push('connect'));
  chan.on('disconnect', () => events.push('disconnect'));
  return { node, chan, heard, events };
}

/** Everybody knows everybody and is linked. */
export async function settle(world: World, members: readonly TestMember[]): Promise<void> {
  const isSettled = (): boolean =>
    members.every(({ chan }) => chan.connected() && chan.members().length === members.length - 1);
  for (let i = 0; i < 60 && !isSettled(); i++) await world.run(1_000);
  if (!isSettled()) throw new Error(`members known: ${members.map(({ chan }) => chan.members().length).join(', ')}`);
  await world.run(1_000);
}
