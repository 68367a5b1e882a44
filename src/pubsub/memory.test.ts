/** What a room remembers: members, messages seen, messages kept, messages awaited; all of it bounded. */

import { expect, test } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { Scope } from '../base/scope.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import {
  GRAFT_AFTER_MS,
  GRAFT_AGAIN_MS,
  MEMBER_AGE_MS,
  MEMBERS_MAX,
  MISSING_TOLD_MAX,
  SEEN_IDS_MAX,
  SEQUENCES_MAX,
  SHELF_BYTES_MAX,
  SHELF_MS,
} from './limits.ts';
import { MemberView } from './member-view.ts';
import { Missing } from './missing.ts';
import { Partner } from './partner.ts';
import type { Publication } from './publication.ts';
import { Seen } from './seen.ts';
import { Shelf } from './shelf.ts';
import { plainGreeting } from './testing/greeting.ts';
import { Trees } from './trees.ts';

const random = new SeededRandom('pubsub memory');

function publicationOf(bytes: number): Publication {
  return {
    publicKey: new Uint8Array(32),
    sequence: 1,
    wallMs: 0,
    scope: 's',
    body: new Uint8Array(bytes),
    signature: new Uint8Array(64),
  };
}

function partnerOf(clock: ManualClock, rttMs = 10): Partner {
  const address = HashAddress.random(random);
  const line = { address, openedHere: true, openedMs: 0, by: () => address, send() {}, end() {} };
  return new Partner(clock, line, plainGreeting, rttMs);
}

test('a number is used once, and those below the window count as used', () => {
  const seen = new Seen();
  expect(seen.has('a')).toBe(false);
  expect(seen.add('a', 'p', 5)).toBe(true);
  expect(seen.has('a')).toBe(true);
  expect(seen.add('b', 'p', 5)).toBe(false);
  expect(seen.add('c', 'p', 3)).toBe(true);
  expect(seen.add('d', 'q', 5)).toBe(true);
  for (let i = 0; i < SEQUENCES_MAX; i++) seen.add(`n${i}`, 'p', 1_000 + i);
  expect(seen.add('e', 'p', 4)).toBe(false);
  expect(seen.add('f', 'q', 4)).toBe(true);
});

test('the filter forgets the oldest ids', () => {
  const seen = new Seen();
  for (let i = 0; i <= SEEN_IDS_MAX; i++) seen.add(`${i}`, `${i % 7}`, i);
  expect(seen.has('0')).toBe(false);
  expect(seen.has('1')).toBe(true);
});

test('the shelf is bounded by time and bytes, and lists the newest first', async () => {
  const clock = new ManualClock();
  const shelf = new Shelf(clock);
  shelf.put('a', publicationOf(10));
  await clock.pass(1_000);
  shelf.put('b', publicationOf(20));
  shelf.put('c', publicationOf(30));
  expect(shelf.since(clock.now(), 10)).toEqual(['c', 'b']);
  expect(shelf.since(0, 2)).toEqual(['c', 'b']);
  expect(shelf.since(0, 10)).toEqual(['c', 'b', 'a']);
  await clock.pass(SHELF_MS - 500);
  expect(shelf.get('a')).toBeUndefined();
  expect(shelf.get('b')?.body.length).toBe(20);
  shelf.put('large', publicationOf(SHELF_BYTES_MAX));
  expect(shelf.size).toBe(1);
  expect(shelf.get('large')).toBeDefined();
});

test('members come, age and go', async () => {
  const clock = new ManualClock();
  const events: string[] = [];
  const [self, a, b] = [HashAddress.random(random), HashAddress.random(random), HashAddress.random(random)];
  const name = (address: HashAddress): string => (address.equals(a!) ? 'a' : 'b');
  const view = new MemberView(self!, clock, random, (who, present) => events.push(`${name(who)} ${present}`));
  await clock.pass(1_000_000);
  view.heard(self!, 0);
  view.heard(a!, 1_000);
  view.heard(a!, 0);
  view.heard(b!, MEMBER_AGE_MS);
  expect(view.members()).toEqual([a]);
  view.heard(b!, MEMBER_AGE_MS - 10_000);
  expect(view.sample(a!).map(({ address }) => address.toString())).toEqual([b!.toString()]);
  await clock.pass(10_001);
  view.sweep();
  view.gone(a!);
  await clock.pass(5_000);
  view.heard(a!, 5_001); // before it left
  expect(view.members()).toEqual([]);
  view.heard(a!, 0);
  expect(events).toEqual(['a true', 'b true', 'b false', 'a false', 'a true']);
  for (let i = 0; i < MEMBERS_MAX + 5; i++) view.heard(HashAddress.random(random), 0);
  expect(view.size).toBe(MEMBERS_MAX);
  expect(view.sample(b!).length).toBe(16);
});

test('what others tell of counts when it has shown itself, ages for itself, and makes room', async () => {
  const clock = new ManualClock();
  const events: boolean[] = [];
  const [self, a, b] = [HashAddress.random(random), HashAddress.random(random), HashAddress.random(random)];
  const view = new MemberView(self!, clock, random, (_, present) => events.push(present));
  view.told(a!, 0);
  view.told(b!, 0);
  expect([view.addresses(), view.members(), view.sample(self!), events]).toEqual([[a, b], [], [], []]);
  view.met(a!, clock.wallMs() - 7);
  expect([view.members(), view.clockOffsetMs(a!), view.clockOffsetMs(b!), events]).toEqual([
    [a],
    -7,
    undefined,
    [true],
  ]);
  for (let i = 0; i < 2 * MEMBERS_MAX; i++) view.told(HashAddress.random(random), 0);
  expect([view.size, view.members(), events]).toEqual([MEMBERS_MAX, [a], [true]]);
  await clock.pass(MEMBER_AGE_MS);
  view.told(a!, 0); // a lie keeps nobody
  await clock.pass(1);
  view.sweep();
  expect([view.size, events]).toEqual([0, [true, false]]);
});

test('a missing message is asked for of one after the other until it is here', async () => {
  const clock = new ManualClock();
  const asked: string[] = [];
  const [a, b, c] = [partnerOf(clock), partnerOf(clock), partnerOf(clock)];
  const names = new Map([
    [a, 'a'],
    [b, 'b'],
    [c, 'c'],
  ]);
  const missing = new Missing(new Scope(clock), (partner, id) => asked.push(`${names.get(partner)} ${id}`));
  missing.told('x', a!);
  missing.told('x', b!);
  missing.told('x', a!);
  missing.told('x', c!);
  missing.told('y', a!);
  await clock.pass(GRAFT_AFTER_MS - 1);
  expect(asked).toEqual([]);
  expect([...missing.arrived('y')]).toEqual([a]);
  await clock.pass(1);
  expect(asked).toEqual(['a x']);
  missing.remove(b!);
  await clock.pass(GRAFT_AGAIN_MS);
  expect(asked).toEqual(['a x', 'c x']);
  await clock.pass(10 * GRAFT_AGAIN_MS);
  expect(asked).toEqual(['a x', 'c x']);
  expect(missing.size).toBe(0);
  missing.told('x', b!);
  await clock.pass(GRAFT_AFTER_MS);
  expect(asked.at(-1)).toBe('b x');
  expect([...missing.arrived('unknown')]).toEqual([]);
});

test('a partner that tells of what is not there leaves room for what the others have', async () => {
  const clock = new ManualClock();
  const [liar, other] = [partnerOf(clock), partnerOf(clock)];
  const asked: string[] = [];
  const missing = new Missing(new Scope(clock), (partner, id) => partner === other && asked.push(id));
  for (let i = 0; i < 2 * MISSING_TOLD_MAX; i++) missing.told(`${i}`, liar);
  missing.told('true', other);
  expect(missing.size).toBe(MISSING_TOLD_MAX + 1);
  await clock.pass(GRAFT_AFTER_MS);
  expect(asked).toEqual(['true']);
  missing.arrived('true');
  await clock.pass(GRAFT_AGAIN_MS);
  expect(missing.size).toBe(0);
  for (let i = 0; i < 2 * MISSING_TOLD_MAX; i++) missing.told(`${i}`, liar);
  expect(missing.size).toBe(MISSING_TOLD_MAX);
});

test('a tree begins with the nearest and a few at random, and changes by graft and prune', () => {
  const clock = new ManualClock();
  const trees = new Trees(random);
  const partners = Array.from({ length: 12 }, (_, i) => partnerOf(clock, 100 - i));
  const eager = trees.branches('p', partners, partners[0]);
  expect(eager.size).toBe(6);
  for (const near of partners.slice(-3)) expect(eager.has(near)).toBe(true);
  expect(eager.has(partners[0]!)).toBe(false);
  trees.prune('p', partners[11]!);
  trees.graft('p', partners[0]!);
  const later = trees.branches('p', partners, partners[5]);
  expect([later.has(partners[11]!), later.has(partners[0]!), later.size]).toEqual([false, true, 6]);
  expect(trees.busiest(1).length).toBe(1);
  for (const partner of partners) trees.remove(partner);
  expect(trees.branches('p', partners, partners[1]).size).toBe(0); // a relay without children is a leaf
  expect(trees.branches('p', partners, undefined).size).toBe(6); // a publisher without children begins anew
});
