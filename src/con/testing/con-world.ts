/** A small sea on virtual time for the tests of cons: a bootstrap node between two others, and wires that can be cut. */

import { setImmediate } from 'node:timers/promises';
import { type SimNode, World } from '../../sim/world.ts';
import type { Con } from '../con.ts';
import type { Route } from '../route.ts';

const URL = 'ws://bootstrap';

export interface ConWorld {
  readonly world: World;
  readonly bootstrap: SimNode;
  readonly a: SimNode;
  readonly b: SimNode;
}

/** Three nodes online; `negotiable` false: a and b can never link to one another. */
export async function conWorld(seed: string, negotiable = true): Promise<ConWorld> {
  const world = new World(seed, () => setImmediate());
  const bootstrap = await world.addNode({ listenUrl: URL });
  await bootstrap.sea.goOnline([]);
  const [a, b] = [await world.addNode(), await world.addNode()];
  if (!negotiable) world.network.negotiable = (x, y) => ![x, y].every(host => host === a.host || host === b.host);
  for (const { sea } of [a, b]) await world.until(sea.goOnline([URL]), 60_000);
  await world.run(1_000);
  return { world, bootstrap, a, b };
}

/** What a con tells its application, as words. */
export function heard(con: Con): string[] {
  const words: string[] = [];
  con.on('connect', () => words.push('connect'));
  con.on('disconnect', reason => words.push(`disconnect ${reason?.code ?? 'wanted'}`));
  con.on('route', route => words.push(routeWords(route)));
  return words;
}

export function routeWords(route: Route): string {
  if (route.kind === 'none') return 'none';
  return route.kind === 'direct' ? `direct ${route.transport}` : 'relayed';
}

/** A con from a to b, open at both ends. */
export async function openCon({ world, a, b }: ConWorld): Promise<[Con, Con]> {
  const answered = new Promise<Con>(resolve => b.sea.on('connection', resolve));
  const con = a.sea.connect(b.sea.localId());
  const connected = new Promise<void>(resolve => con.on('connect', resolve));
  const other = await world.until(answered, 10_000);
  await world.until(connected, 10_000);
  return [con, other];
}
