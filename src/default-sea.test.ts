import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { defaultSea } from './default-sea.ts';
import type { Sea } from './sea.ts';
import { World } from './sim/world.ts';

const ENTRY = 'ws://entry';

async function worldWithEntry(): Promise<{ world: World; entry: Sea; make: () => Promise<Sea> }> {
  const world = new World('default', () => setImmediate());
  const { sea: entry } = await world.addNode({ listenUrl: ENTRY });
  await entry.goOnline([]);
  return { world, entry, make: async () => (await world.addNode()).sea };
}

test('what is heard and handled before there is a node counts from its first goOnline on', async () => {
  const { world, entry, make } = await worldWithEntry();
  const sea = defaultSea(make);
  const heard: string[] = [];
  sea.on('online', () => heard.push('online'));
  sea.on('online', () => heard.push('never'))();
  const stop = sea.handle('add', (a, b) => (a as number) + (b as number));
  expect([sea.online(), sea.connections(), sea.links()]).toEqual([false, [], []]);
  expect(world.nodes).toHaveLength(1);

  await world.until(sea.goOnline([ENTRY]), 20_000);
  expect([heard, sea.online(), world.nodes.length]).toEqual([['online'], true, 2]);
  expect(await world.until(entry.call(sea.localId(), 'add', 2, 3), 10_000)).toBe(5);
  stop();
  await expect(world.until(entry.call(sea.localId(), 'add', 2, 3), 10_000)).rejects.toMatchObject({
    code: 'NO_HANDLER',
  });
  await sea.close();
  await entry.close();
});

test('what needs the node says so; a node that could not be made is made at the next try', async () => {
  const { world, make } = await worldWithEntry();
  let tries = 0;
  const sea = defaultSea(async () => (++tries === 1 ? Promise.reject(new Error('no storage')) : make()));
  for (const use of [() => sea.localId(), () => sea.join('harbour'), () => sea.storage])
    expect(use).toThrow('NOT_ONLINE');
  expect(await Promise.resolve(sea)).toBe(sea); // no thenable
  await expect(sea.goOnline([ENTRY])).rejects.toThrow('no storage');
  await world.until(Promise.all([sea.goOnline([ENTRY]), sea.goOnline([ENTRY])]), 20_000);
  expect([tries, sea.online()]).toEqual([2, true]);
});
