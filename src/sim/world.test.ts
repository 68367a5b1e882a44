import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { allOnline, linksMutual, nearestRight } from './checkers.ts';
import { World } from './world.ts';

const ENTRY = 'ws://entry';

async function sea(seed: string, count: number): Promise<World> {
  const world = new World(seed, () => setImmediate());
  const entry = await world.addNode({ listenUrl: ENTRY });
  await entry.sea.goOnline([]);
  for (let i = 1; i < count; i++) {
    const { sea: node } = await world.addNode();
    node.handle('echo', value => value);
    await world.until(node.goOnline([ENTRY]), 20_000);
  }
  await world.run(10_000);
  return world;
}

test('a run is a function of its seed', async () => {
  const run = async (seed: string): Promise<[string, number]> => {
    const world = await sea(seed, 6);
    world.network.kill(world.nodes[3]!.host);
    await world.run(30_000);
    return [world.trace.digest(), world.trace.frames];
  };
  const first = await run('one');
  expect(await run('one')).toEqual(first);
  expect((await run('two'))[0]).not.toBe(first[0]);
});

test('until gives the outcome at its moment, or TIMEOUT', async () => {
  const world = new World('until', () => setImmediate());
  const atMs = (ms: number): Promise<string> =>
    new Promise(resolve => world.clock.after(ms, () => resolve(`at ${world.clock.now()}`)));
  expect(await world.until(atMs(300), 1_000)).toBe('at 300');
  expect(world.clock.now()).toBe(300);
  await expect(world.until(atMs(1_001), 1_000)).rejects.toMatchObject({ code: 'TIMEOUT' });
  expect(world.clock.now()).toBe(1_300);
  await expect(world.until(Promise.reject(new Error('its own')), 5)).rejects.toThrow('its own');
});

test('nodes of one world differ, also under one seed of several worlds', async () => {
  const world = await sea('names', 4);
  const ids = world.nodes.map(({ sea: node }) => node.localId().toString());
  expect(new Set(ids).size).toBe(4);
  const again = await sea('names', 4);
  expect(again.nodes.map(({ sea: node }) => node.localId().toString())).toEqual(ids);
});

test('a frozen node is called in vain and hindering nobody; after a while its links are given up, and it comes back', async () => {
  const world = await sea('frozen', 9);
  const [, caller, frozen, ...others] = world.nodes;
  frozen!.host.state = 'silent';
  const call = caller!.sea.call(frozen!.sea.localId(), 'echo', 1);
  await expect(world.until(call, 20_000)).rejects.toMatchObject({ code: 'TIMEOUT' });
  for (const { sea: node } of others)
    expect(await world.until(caller!.sea.call(node.localId(), 'echo', 2), 10_000)).toBe(2);
  await world.run(90_000);
  expect(others.some(({ sea: node }) => node.connections().some(peer => peer.equals(frozen!.sea.localId())))).toBe(
    false,
  );
  frozen!.host.state = 'running';
  await world.run(120_000);
  expect(allOnline(world.nodes).faults).toEqual([]);
  expect(nearestRight(world.nodes).faults).toEqual([]);
  expect(await world.until(caller!.sea.call(frozen!.sea.localId(), 'echo', 3), 10_000)).toBe(3);
});

test('the checkers see what is wrong', async () => {
  const world = await sea('checkers', 6);
  const { nodes } = world;
  for (const verdict of [allOnline(nodes), nearestRight(nodes), linksMutual(nodes, 48)])
    expect(verdict).toEqual({ ok: true, faults: [] });
  expect(linksMutual(nodes, 4).ok).toBe(false); // everybody has 5
  expect(linksMutual(nodes.slice(1), 48).ok).toBe(false); // links to somebody outside
  const leaver = nodes[2]!.sea.localId().toString().slice(0, 8);
  await nodes[2]!.sea.goOffline();
  expect(allOnline(nodes).faults).toEqual([`node 2 (${leaver}) is not online`]);
  const missing = nearestRight(nodes);
  expect(missing.ok).toBe(false);
  expect(missing.faults.length).toBe(5); // the first few are named
  expect(missing.faults.every(fault => fault.includes(leaver))).toBe(true);
});
