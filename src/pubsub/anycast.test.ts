/** Anycast in a small simulated sea: one member answers, the work is spread, the lost ones are replaced. */

import { expect, test } from 'vitest';
import { sleep } from '../base/abort.ts';
import { isSeaError, SeaError } from '../base/errors.ts';
import type { World } from '../sim/world.ts';
import { enter, seaOf, settle, type TestMember } from './testing/channel-world.ts';

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    error => (isSeaError(error) ? error.code : String(error)),
  );
}

async function membersOf(count: number): Promise<{ world: World; members: TestMember[] }> {
  const world = await seaOf(count + 1);
  const members = world.nodes.slice(1).map(node => enter(world, node));
  await settle(world, members);
  return { world, members };
}

/** Serves `double` at the given members, each call taking that long; how many each has answered. */
function serveAt(world: World, members: readonly TestMember[], durationMs: number): number[] {
  const answered = members.map(() => 0);
  for (const [i, { chan }] of members.entries()) {
    chan.serve('double', async value => {
      await sleep(world.clock, durationMs);
      answered[i]!++;
      return (value as number) * 2;
    });
  }
  return answered;
}

test('one member answers each call, and never the caller itself', async () => {
  const { world, members } = await membersOf(5);
  const answered = serveAt(world, members.slice(0, 3), 10);
  await world.run(2_000);
  const results: unknown[] = [];
  for (let i = 0; i < 20; i++) results.push(await world.until(members[0]!.chan.sendAny('double', i), 5_000));
  expect(results).toEqual(Array.from({ length: 20 }, (_, i) => 2 * i));
  expect(answered[0]).toBe(0);
  expect(answered[1]! + answered[2]!).toBe(20);
  await world.end();
});

test('a hundred calls at once go to all that serve, and less to the slow one', async () => {
  const { world, members } = await membersOf(6);
  const answered = serveAt(world, members.slice(1), 100);
  await world.run(2_000);
  const calls = Array.from({ length: 100 }, (_, i) => members[0]!.chan.sendAny('double', i));
  await world.until(Promise.all(calls), 30_000);
  expect(answered.reduce((sum, count) => sum + count)).toBe(100);
  for (const count of answered) expect(count).toBeGreaterThan(14); // 20 each; two choices keep the spread narrow
  for (const count of answered) expect(count).toBeLessThan(26);
  await world.end();
});

test('calls of a member that dies are answered by another', async () => {
  const { world, members } = await membersOf(5);
  const answered = serveAt(world, members.slice(1, 4), 1_000);
  await world.run(2_000);
  const calls = Array.from({ length: 12 }, (_, i) => members[0]!.chan.sendAny('double', i));
  await world.run(500);
  world.network.kill(members[1]!.node.host);
  expect(await world.until(Promise.all(calls), 60_000)).toEqual(Array.from({ length: 12 }, (_, i) => 2 * i));
  expect(answered[1]! + answered[2]!).toBeGreaterThanOrEqual(12);
  await world.end();
});

test('what the handler throws arrives as its code, and is not tried elsewhere', async () => {
  const { world, members } = await membersOf(4);
  let tries = 0;
  for (const { chan } of members.slice(1)) {
    chan.serve('fail', () => {
      tries++;
      throw new SeaError('NOT_FOUND', 'on purpose');
    });
    chan.serve('throw', () => {
      throw new Error('on purpose');
    });
  }
  await world.run(2_000);
  const [first] = members;
  expect(await world.until(codeOf(first!.chan.sendAny('fail')), 5_000)).toBe('NOT_FOUND');
  expect(tries).toBe(1);
  const thrown = world.until(first!.chan.sendAny('throw'), 5_000);
  await expect(thrown).rejects.toThrow(/^HANDLER_FAILED: the handler of "throw" failed at [0-9a-f]{8}…$/);
  await world.end();
});

test('nobody serves it: NO_HANDLER; also after the last one stopped', async () => {
  const { world, members } = await membersOf(3);
  const [first, second] = members;
  expect(await world.until(codeOf(first!.chan.sendAny('double', 1)), 10_000)).toBe('NO_HANDLER');
  const stop = second!.chan.serve('double', value => (value as number) * 2);
  expect(() => second!.chan.serve('double', () => 1)).toThrow('BAD_ARGUMENT');
  await world.run(1_000);
  expect(await world.until(first!.chan.sendAny('double', 4), 10_000)).toBe(8);
  stop();
  await world.run(1_000);
  expect(await world.until(codeOf(first!.chan.sendAny('double', 1)), 60_000)).toBe('NO_HANDLER');
  second!.chan.serve('double', () => 'again');
  second!.chan.disconnect(); // stops what it serves
  await world.run(1_000);
  expect(await world.until(codeOf(first!.chan.sendAny('double', 1)), 60_000)).toBe('NO_HANDLER');
  await world.end();
});

test('bytes go there and back', async () => {
  const { world, members } = await membersOf(2);
  members[1]!.chan.serve('reverse', bytes => (bytes as Uint8Array).slice().reverse());
  await world.run(1_000);
  const bytes = new Uint8Array(100_000).map((_, i) => i % 251);
  expect(await world.until(members[0]!.chan.sendAny('reverse', bytes), 10_000)).toEqual(bytes.slice().reverse());
  await world.end();
});
