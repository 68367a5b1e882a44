/** Announcing and finding in a small simulated sea, and what holders refuse. */

import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { utf8Decode, utf8Encode } from '../base/bytes.ts';
import { isSeaError } from '../base/errors.ts';
import { World } from '../sim/world.ts';
import { LIFETIME_MS_MAX, VALUE_BYTES_MAX } from './limits.ts';

const drain = (): Promise<void> => setImmediate();
const URL = 'ws://bootstrap';

async function smallSea(count: number): Promise<World> {
  const world = new World(3, drain);
  const bootstrap = await world.addNode({ listenUrl: URL });
  await bootstrap.sea.goOnline([]);
  for (let i = 1; i < count; i++) {
    const { sea } = await world.addNode();
    await world.until(sea.goOnline([URL]), 60_000);
  }
  await world.run(10_000);
  return world;
}

const texts = (found: readonly { value: Uint8Array }[]): string[] => found.map(({ value }) => utf8Decode(value)).sort();

test('what some announce, all others find, until it is stopped and has ended', async () => {
  const world = await smallSea(12);
  const [, a, b, c] = world.nodes;
  const standing = a!.sea.announce('colour', utf8Encode('red'), { lifetimeMs: 30_000 });
  await world.until(standing.held, 10_000);
  await world.until(b!.sea.announce('colour', utf8Encode('blue'), { lifetimeMs: 30_000 }).held, 10_000);
  expect(texts(await world.until(c!.sea.find('colour'), 10_000))).toEqual(['blue', 'red']);
  expect(await world.until(c!.sea.find('shape'), 10_000)).toEqual([]);

  standing.stop();
  await world.run(120_000); // the other one was renewed several times meanwhile
  expect(texts(await world.until(c!.sea.find('colour'), 10_000))).toEqual(['blue']);
  await world.end();
});

test('a newer value takes the place of the older one', async () => {
  const world = await smallSea(6);
  const [, a, b] = world.nodes;
  const first = a!.sea.announce('k', utf8Encode('1'));
  await world.until(first.held, 10_000);
  first.stop();
  await world.until(a!.sea.announce('k', utf8Encode('2')).held, 10_000);
  expect(texts(await world.until(b!.sea.find('k'), 10_000))).toEqual(['2']);
  await world.end();
});

test('what is announced before there is a sea is found in it', async () => {
  const world = await smallSea(3);
  const { sea } = await world.addNode();
  await world.until(sea.announce('early', utf8Encode('bird')).held, 10_000);
  await world.until(sea.goOnline([URL]), 60_000);
  await world.run(2_000);
  expect(texts(await world.until(world.nodes[1]!.sea.find('early'), 10_000))).toEqual(['bird']);
  await world.end();
});

test('tags are found together', async () => {
  const world = await smallSea(6);
  const [, a, b, c] = world.nodes;
  for (const [node, tag] of [
    [a, 'gpu'],
    [a, 'big'],
    [b, 'big'],
  ] as const)
    await world.until(node!.sea.announce(tag, utf8Encode(tag)).held, 10_000);
  const found = await world.until(c!.sea.find({ tags: ['big', 'gpu'] }), 10_000);
  expect(found.map(({ announcer }) => announcer.toString())).toEqual([a!.sea.localId().toString()]);
  await world.end();
});

test('half of the holders may die', async () => {
  const world = await smallSea(16);
  const [, a, b] = world.nodes;
  await world.until(a!.sea.announce('k', utf8Encode('kept'), { lifetimeMs: 600_000 }).held, 10_000);
  await world.run(5_000);
  for (const { host } of world.nodes.slice(10, 15)) world.network.kill(host);
  await world.run(30_000);
  expect(texts(await world.until(b!.sea.find('k'), 60_000))).toEqual(['kept']);
  await world.end();
});

test('holders that have just died keep nobody waiting who finds without them', async () => {
  const world = await smallSea(8); // all of them hold
  const [, a, b] = world.nodes;
  await world.until(a!.sea.announce('k', utf8Encode('kept'), { lifetimeMs: 600_000 }).held, 10_000);
  await world.run(5_000);
  for (const { host } of world.nodes.slice(4, 7)) world.network.kill(host);
  const before = world.clock.now();
  expect(texts(await world.until(b!.sea.find('k'), 60_000))).toEqual(['kept']);
  expect(world.clock.now() - before).toBeLessThan(3_000);
  await world.end();
});

test('unfit announcements are refused with their codes', async () => {
  const world = await smallSea(2);
  const { sea } = world.nodes[1]!;
  const code = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      if (isSeaError(error)) return error.code;
    }
    return 'none';
  };
  expect(code(() => sea.announce('', new Uint8Array()))).toBe('BAD_ARGUMENT');
  expect(code(() => sea.announce('k', new Uint8Array(VALUE_BYTES_MAX + 1)))).toBe('TOO_LARGE');
  expect(code(() => sea.announce('k', new Uint8Array(), { lifetimeMs: LIFETIME_MS_MAX + 1 }))).toBe('BAD_ARGUMENT');
  expect(code(() => sea.announce('k', new Uint8Array(VALUE_BYTES_MAX)))).toBe('none');
  expect(code(() => sea.announce('k', new Uint8Array()))).toBe('BAD_ARGUMENT');
  await world.end();
});
