/** Who has work looks around, and stops when it has enough or is done. */

import { setImmediate as settle } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { Scope } from '../base/scope.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { silentLog } from '../ports/log.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import type { Posted } from './compute-options.ts';
import { SCOUT_EVERY_MS, SCOUT_LINKS_AT_ONCE, SCOUT_WANTED } from './limits.ts';
import { type AskedPrice, writeProviderRecord } from './provider-record.ts';
import { Scout } from './scout.ts';

const random = new SeededRandom('scout');
const self = HashAddress.random(random);

const afford = async (): Promise<boolean> => true;
const postedBy = (announcer: HashAddress, value: Uint8Array = new Uint8Array(0)): Posted => ({ announcer, value });

function scoutOf(posted: Posted[], known = new Map<string, unknown>()) {
  const clock = new ManualClock();
  const reached: string[] = [];
  const board = { reads: 0 };
  const scout = new Scout({
    self,
    random,
    scope: new Scope(clock),
    log: silentLog,
    known: () => known,
    reach: async address => {
      reached.push(address.toString());
      throw new Error('no room');
    },
    board: {
      async read() {
        board.reads++;
        return posted;
      },
    },
  });
  return { clock, scout, reached, board };
}

test('reaches strangers, never itself or those it knows, a few at a time, again while work lasts', async () => {
  const strangers = Array.from({ length: SCOUT_LINKS_AT_ONCE + 3 }, () => HashAddress.random(random));
  const friend = HashAddress.random(random);
  const posted = [self, friend, ...strangers].map(address => postedBy(address));
  const { clock, scout, reached, board } = scoutOf(posted, new Map([[friend.toString(), 1]]));
  const done = scout.begin(afford);
  const other = scout.begin(async () => true);
  await settle();
  expect(reached.length).toBe(SCOUT_LINKS_AT_ONCE);
  expect(reached).not.toContain(self.toString());
  expect(reached).not.toContain(friend.toString());
  await clock.pass(SCOUT_EVERY_MS);
  await settle();
  expect(board.reads).toBe(2);
  done();
  done();
  await clock.pass(SCOUT_EVERY_MS);
  await settle();
  expect(board.reads).toBe(3);
  other();
  await clock.pass(5 * SCOUT_EVERY_MS);
  expect(board.reads).toBe(3);
  expect(clock.waiting).toBe(0);
});

test('looks no further when it knows enough', async () => {
  const known = new Map(Array.from({ length: SCOUT_WANTED }, (_, i) => [String(i), i]));
  const { clock, scout, board } = scoutOf([], known);
  scout.begin(afford);
  await clock.pass(SCOUT_EVERY_MS);
  await settle();
  expect(board.reads).toBe(0);
});

test('asks no link of who asks more than any map pays', async () => {
  const price = (part: bigint): AskedPrice => ({
    part,
    egress: 0n,
    chain: { id: 1n, contract: new Uint8Array(20) },
    payee: new Uint8Array(20),
    binding: new Uint8Array(64),
    free: false,
  });
  const priced = (part: bigint): Posted =>
    postedBy(HashAddress.random(random), writeProviderRecord({ slots: 1, features: [], price: price(part) }));
  const posted = [priced(5n), priced(6n), priced(9n), postedBy(HashAddress.random(random), Uint8Array.of(1, 2, 3))];
  const { scout, reached } = scoutOf(posted);
  scout.begin(async ({ part }) => part <= 5n);
  scout.begin(async ({ part }) => part <= 6n);
  await settle();
  const wanted = [posted[0]!, posted[1]!, posted[3]!];
  expect(reached.sort()).toEqual(wanted.map(({ announcer }) => announcer.toString()).sort());
});
