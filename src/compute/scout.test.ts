/** Who contributes can be found; who has work looks around, and stops when it has enough or is done. */

import { setImmediate as settle } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { Scope } from '../base/scope.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { silentLog } from '../ports/log.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { SCOUT_EVERY_MS, SCOUT_LINKS_AT_ONCE, SCOUT_WANTED } from './limits.ts';
import { Scout } from './scout.ts';

const random = new SeededRandom('scout');
const self = HashAddress.random(random);

function scoutOf(posted: HashAddress[], known = new Map<string, unknown>()) {
  const clock = new ManualClock();
  const reached: string[] = [];
  const board = { posts: 0, reads: 0 };
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
      post() {
        board.posts++;
        return () => board.posts--;
      },
      async read() {
        board.reads++;
        return posted;
      },
    },
  });
  return { clock, scout, reached, board };
}

test('contributing posts once, and takes it down once', () => {
  const { scout, board } = scoutOf([]);
  scout.contributes(true);
  scout.contributes(true);
  expect(board.posts).toBe(1);
  scout.contributes(false);
  scout.contributes(false);
  expect(board.posts).toBe(0);
});

test('reaches strangers, never itself or those it knows, a few at a time, again while work lasts', async () => {
  const strangers = Array.from({ length: SCOUT_LINKS_AT_ONCE + 3 }, () => HashAddress.random(random));
  const friend = HashAddress.random(random);
  const { clock, scout, reached, board } = scoutOf([self, friend, ...strangers], new Map([[friend.toString(), 1]]));
  const done = scout.begin();
  const other = scout.begin();
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
  scout.begin();
  await clock.pass(SCOUT_EVERY_MS);
  await settle();
  expect(board.reads).toBe(0);
});
