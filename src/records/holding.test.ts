/** What an announcer is told by its holders, and what they take of whom: clocks, overtaking, strangers, tags, crowds. */

import { setImmediate as settle } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { asSeaError, SeaError } from '../base/errors.ts';
import { LIFETIME_MS_MAX, RECORDS_PER_KEY_MAX, RETELL_MS } from './limits.ts';
import { scopes } from './messages.ts';
import { encodeRecord, keyAddress, signRecord } from './record.ts';
import { TestNet, type TestNode } from './testing/test-net.ts';

const MINUTE_MS = 60_000;
const nothing = new Uint8Array(0);

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    error => asSeaError(error).message,
  );
}

async function values(node: TestNode, key: string): Promise<number[]> {
  return (await node.records.find(key)).map(({ value }) => value[0]!);
}

test.each([-6, -59, 59])('a clock that is %i minutes off: others find the node, and it finds them', async minutes => {
  const net = new TestNet();
  const [off, other] = [net.node(minutes * MINUTE_MS), net.node()];
  await off.records.announce('k', Uint8Array.of(1)).held;
  await other.records.announce('k', Uint8Array.of(2)).held;
  expect((await values(other, 'k')).sort()).toEqual([1, 2]);
  expect((await values(off, 'k')).sort()).toEqual([1, 2]);
  const [found] = await other.records.find('k');
  expect(found!.expiresMs - net.clock.wallMs()).toBe(5 * MINUTE_MS);
});

test('a clock that no holder can follow is told of as such', async () => {
  const net = new TestNet();
  const off = net.node(61 * MINUTE_MS);
  net.node();
  expect(await codeOf(off.records.announce('k', nothing).held)).toMatch(/^CLOCK_SKEW: this device's clock/);
});

test('held: another node has it, and this one counts only when it is alone', async () => {
  const net = new TestNet();
  const alone = net.node();
  await alone.records.announce('a', nothing).held;
  const others = [net.node(), net.node()];
  for (const node of others) node.fault = new SeaError('TIMEOUT', 'silent');
  expect(await codeOf(alone.records.announce('b', nothing).held)).toMatch(/^TIMEOUT/);
  others[1]!.fault = undefined;
  expect(await codeOf(alone.records.announce('c', nothing).held)).toBe('none');
});

test('a record is taken of its announcer only', async () => {
  const net = new TestNet();
  const [announcer, holder, other] = [net.node(), net.node(), net.node()];
  const record = await signRecord(announcer.key, {
    key: keyAddress('k'),
    publicKey: announcer.key.publicKey,
    sequence: net.clock.wallMs(),
    lifetimeMs: MINUTE_MS,
    value: nothing,
    tags: nothing,
  });
  const body = { value: encodeRecord(record) };
  expect(await codeOf(other.call(holder.address, scopes.put, body))).toMatch(/^DECLINED/);
  expect((await announcer.call(holder.address, scopes.put, body)).value).toEqual([null]);
});

test('after a run whose clock was ahead, a node goes on above what that has left', async () => {
  const net = new TestNet();
  const [early, holder] = [net.node(25 * MINUTE_MS), net.node()];
  const old = early.records.announce('k', Uint8Array.of(1), { lifetimeMs: LIFETIME_MS_MAX });
  await old.held;
  old.stop();
  const later = net.restart(early, 0);
  await later.records.announce('k', Uint8Array.of(2)).held;
  await settle();
  expect(await values(holder, 'k')).toEqual([2]);
});

test('what was stopped and announced anew is found as it is now, whatever is still under way', async () => {
  const net = new TestNet();
  const [node, holder] = [net.node(), net.node()];
  const first = node.records.announce('k', Uint8Array.of(1));
  first.stop();
  await node.records.announce('k', Uint8Array.of(2)).held;
  expect(await codeOf(first.held)).toMatch(/^ABORTED/);
  expect(await values(holder, 'k')).toEqual([2]);
});

test('a value that is made is made anew each time', async () => {
  const net = new TestNet();
  const [node, other] = [net.node(), net.node()];
  let made = 0;
  await node.records.announce('k', () => Uint8Array.of(++made), { lifetimeMs: 3_000 }).held;
  expect(await values(other, 'k')).toEqual([1]);
  net.clock.pass(1_000);
  await settle();
  expect(await values(other, 'k')).toEqual([2]);
});

test('tags: one question finds who has all, though one of them is of another crowd; what stands alone tells nothing', async () => {
  const net = new TestNet();
  const crowdOf = (length: number): TestNode[] => Array.from({ length }, () => net.node());
  const [seeker, ...crowded] = crowdOf(400);
  const both = crowdOf(5);
  for (const { records } of crowded) await records.announce('gpu', nothing).held.catch(() => {}); // the key is full
  for (const node of both) {
    await node.records.announce('gpu', Uint8Array.of(1)).held.catch(() => {});
    await node.records.announce('big', Uint8Array.of(2)).held;
    await node.records.announce('secret', nothing, { alone: true }).held;
  }
  const tagged = await seeker!.records.findTagged(['gpu', 'big']);
  expect(tagged.map(({ announcer }) => announcer.toString()).sort()).toEqual(
    both.map(({ address }) => address.toString()).sort(),
  );
  expect(tagged.more).toBe(false); // the holders of "big" know them all
  expect(await seeker!.records.findTagged(['secret', 'big'])).toEqual([]);
  const crowd = await seeker!.records.find('gpu');
  expect(crowd.more).toBe(true);
  expect(crowd.length).toBeGreaterThan(3 * RECORDS_PER_KEY_MAX);
});

test('a further tag is told to the holders of the earlier one', async () => {
  const net = new TestNet();
  const [node, other] = [net.node(), net.node()];
  const big = async (): Promise<number> => (await other.records.findTagged(['gpu', 'big'])).length;
  await node.records.announce('gpu', nothing).held;
  const standing = node.records.announce('big', nothing);
  await standing.held;
  net.clock.pass(RETELL_MS);
  await settle();
  other.fault = undefined;
  expect(await big()).toBe(1);
  const view = await node.call(other.address, scopes.get, { value: [keyAddress('gpu').bytes, nothing] });
  const [, [[, record]]] = view.value as unknown as [boolean, [[number, unknown[]]]];
  expect((record[5] as Uint8Array).length).toBe(8);
});
