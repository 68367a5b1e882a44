/** Channels in a small simulated sea: members find each other, messages reach each once, bad ones nobody. */

import { expect, test } from 'vitest';
import { isSeaError } from '../base/errors.ts';
import { CHANNELS_MAX } from './limits.ts';
import { enter, seaOf, settle, type TestMember } from './testing/channel-world.ts';

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    error => (isSeaError(error) ? error.code : String(error)),
  );
}

const heard = (members: readonly TestMember[]): string[][] => members.map(member => member.heard);

test('members find each other, and a message reaches each of the others once', async () => {
  const world = await seaOf(8);
  const members = world.nodes.slice(1, 7).map(node => enter(world, node));
  await settle(world, members);
  await members[0]!.chan.send('talk', 'hello');
  await world.run(3_000);
  expect(heard(members)).toEqual([[], ...Array.from({ length: 5 }, () => ['1: hello'])]);
  for (const [i, { chan }] of members.entries()) await chan.send('talk', `from ${i}`);
  await world.run(3_000);
  for (const [i, member] of members.entries()) {
    const others = members.map((_, j) => `${j + 1}: from ${j}`).filter((_, j) => j !== i);
    expect(member.heard.slice(i === 0 ? 0 : 1).sort()).toEqual(others);
  }
  expect(members.map(({ events }) => events)).toEqual(members.map(() => ['connect']));
  await world.end();
});

test('scopes and channels are apart', async () => {
  const world = await seaOf(4);
  const [, a, b, c] = world.nodes;
  const members = [enter(world, a!), enter(world, b!)];
  const other = enter(world, c!, 'another');
  const otherA = enter(world, a!, 'another');
  await settle(world, members);
  await settle(world, [other, otherA]);
  await members[0]!.chan.send('talk', 1);
  await members[0]!.chan.send('whisper', 2);
  await otherA.chan.send('talk', 3);
  await world.run(2_000);
  expect(heard([...members, other, otherA])).toEqual([[], ['1: 1'], ['1: 3'], []]);
  await world.end();
});

test('several handles of a node share the channel, and the last one leaves it', async () => {
  const world = await seaOf(4);
  const [, a, b] = world.nodes;
  const first = enter(world, a!);
  const far = enter(world, b!);
  await settle(world, [first, far]);
  const second = enter(world, a!);
  await world.run(1);
  await far.chan.send('talk', 'both');
  await world.run(2_000);
  first.chan.disconnect();
  expect(first.chan.connected()).toBe(false);
  expect(second.chan.connected()).toBe(true);
  await far.chan.send('talk', 'one');
  await world.run(2_000);
  expect(heard([first, second])).toEqual([['2: both'], ['2: both', '2: one']]);
  expect(await codeOf(first.chan.send('talk', 1))).toBe('CLOSED');
  second.chan.disconnect();
  await world.run(2_000);
  expect(far.chan.connected()).toBe(false);
  expect(far.chan.members()).toEqual([]);
  expect([first.events, second.events, far.events]).toEqual([
    ['connect', 'disconnect'],
    ['connect', 'disconnect'],
    ['connect', 'disconnect'],
  ]);
  await world.end();
});

test('who leaves is gone for the other at once, whoever of the two had opened the exchange', async () => {
  const world = await seaOf(4);
  const [, a, b] = world.nodes;
  for (const [goes, stays] of [
    [a!, b!],
    [b!, a!],
  ] as const) {
    const [leaver, other] = [enter(world, goes), enter(world, stays)];
    await settle(world, [leaver, other]);
    leaver.chan.disconnect();
    await world.run(1_000);
    expect([other.chan.connected(), other.chan.members(), other.events]).toEqual([
      false,
      [],
      ['connect', 'disconnect'],
    ]);
    other.chan.disconnect();
    await world.run(3_000);
  }
  await world.end();
});

test('what was sent before anybody was there reaches those who come soon', async () => {
  const world = await seaOf(4);
  const [, a, b, c] = world.nodes;
  const early = enter(world, a!);
  await early.chan.send('talk', 'anybody?');
  const late = [enter(world, b!), enter(world, c!)];
  await settle(world, [early, ...late]);
  await world.run(3_000);
  expect(heard(late)).toEqual([['1: anybody?'], ['1: anybody?']]);
  await world.end();
});

test('a message that a validator refuses is heard and relayed by nobody', async () => {
  const world = await seaOf(6);
  const members = world.nodes.slice(1).map(node => enter(world, node));
  for (const { chan } of members) chan.validate('talk', value => typeof value === 'number');
  await settle(world, members);
  await members[0]!.chan.send('talk', 'text');
  await members[1]!.chan.send('talk', 7);
  await world.run(5_000);
  expect(heard(members)).toEqual([['2: 7'], [], ['2: 7'], ['2: 7'], ['2: 7']]);
  await world.end();
});

test('bytes of a quarter of a mebibyte arrive as they were, and a listener may spoil its own', async () => {
  const world = await seaOf(5);
  const members = world.nodes.slice(1).map(node => enter(world, node));
  await settle(world, members);
  const sums: number[] = [];
  for (const { chan } of members.slice(1)) {
    chan.on('file', value => {
      const bytes = value as Uint8Array;
      sums.push(bytes.reduce((sum, byte) => sum + byte, bytes.length));
      bytes.fill(0);
    });
  }
  const bytes = new Uint8Array(262_000).map((_, i) => i % 251);
  const sum = bytes.reduce((total, byte) => total + byte, bytes.length);
  await members[0]!.chan.send('file', bytes);
  bytes.fill(1);
  await world.run(5_000);
  expect(sums).toEqual([sum, sum, sum]);
  expect(await codeOf(members[0]!.chan.send('file', new Uint8Array(262_200)))).toBe('TOO_LARGE');
  await world.end();
});

test('who sends too much waits, and all of it arrives', async () => {
  const world = await seaOf(3);
  const members = world.nodes.slice(1).map(node => enter(world, node));
  await settle(world, members);
  const beganMs = world.clock.now();
  const sending = Array.from({ length: 900 }, (_, i) => members[0]!.chan.send('talk', i));
  await world.until(Promise.all(sending), 60_000);
  expect(world.clock.now() - beganMs).toBe(2_000); // 500 at once, then 200 a second
  await world.run(3_000);
  const expected = Array.from({ length: 900 }, (_, i) => `1: ${i}`);
  expect([...members[1]!.heard].sort()).toEqual(expected.sort());
  await world.end();
});

test('unfit use is refused with its code', async () => {
  const world = await seaOf(2);
  const { sea } = world.nodes[1]!;
  const { sea: offline } = await world.addNode();
  const code = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      if (isSeaError(error)) return error.code;
    }
    return 'none';
  };
  expect(code(() => sea.join(''))).toBe('BAD_ARGUMENT');
  expect(code(() => sea.join('x'.repeat(257)))).toBe('BAD_ARGUMENT');
  const chan = sea.join('x'.repeat(256));
  for (const scope of ['', 'connect', 'disconnect', 'member', 'x'.repeat(129)])
    expect(await codeOf(chan.send(scope, 1)), scope).toBe('BAD_ARGUMENT');
  expect(await codeOf(chan.send('s', Number.NaN))).toBe('BAD_ARGUMENT');
  expect(await codeOf(chan.send('s', 1))).toBe('none');
  chan.validate('s', () => true)();
  chan.validate('s', () => true);
  expect(code(() => chan.validate('s', () => true))).toBe('BAD_ARGUMENT');
  expect(await codeOf(offline.join('c').send('s', 1))).toBe('NOT_ONLINE');
  expect(await codeOf(offline.join('c').sendAny('s'))).toBe('NOT_ONLINE');
  for (let i = 1; i < CHANNELS_MAX; i++) sea.join(`channel ${i}`);
  expect(code(() => sea.join('one more'))).toBe('OVERLOADED');
  sea.join('channel 1').disconnect();
  chan.disconnect();
  expect(code(() => sea.join('one more'))).toBe('none');
  await world.end();
  expect(code(() => sea.join('too late'))).toBe('CLOSED');
});
