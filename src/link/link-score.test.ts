import { expect, test } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { PENALTY_CLOSE, SCORES_MAX } from './limits.ts';
import { LinkScores, penalties } from './link-score.ts';

const random = new SeededRandom('scores');
const HALF_LIFE_MS = 60_000;

function makeScores(): { clock: ManualClock; scores: LinkScores; peer: HashAddress } {
  const clock = new ManualClock();
  return { clock, scores: new LinkScores(clock), peer: HashAddress.random(random) };
}

test('a peer that did nothing has no points', () => {
  const { scores, peer } = makeScores();
  expect([scores.points(peer), scores.banned(peer)]).toEqual([0, false]);
});

test('offences add up to the limit: ten unfit messages at once', () => {
  const { scores, peer } = makeScores();
  for (let i = 1; i < 10; i++) expect(scores.add(peer, 'badMessage')).toBe(false);
  expect([scores.points(peer), scores.banned(peer)]).toEqual([90, false]);
  expect(scores.add(peer, 'badMessage')).toBe(true);
  expect([scores.points(peer), scores.banned(peer)]).toEqual([PENALTY_CLOSE, true]);
  expect(scores.add(peer, 'unexpected')).toBe(true);
});

test('each offence has its own weight, each peer its own account', () => {
  const { scores, peer } = makeScores();
  scores.add(peer, 'badMessage');
  scores.add(peer, 'unexpected');
  expect(scores.points(peer)).toBe(penalties.badMessage + penalties.unexpected);
  expect(scores.points(HashAddress.random(random))).toBe(0);
  expect(scores.points(HashAddress.from(peer.bytes))).toBe(11);
});

test('points fall by half, rounded down, with every half-life', () => {
  const { clock, scores, peer } = makeScores();
  for (let i = 0; i < 10; i++) scores.add(peer, 'badMessage');
  const after: number[] = [];
  for (let i = 0; i < 8; i++) {
    clock.pass(HALF_LIFE_MS - 1);
    after.push(scores.points(peer));
    clock.pass(1);
  }
  expect([...after, scores.points(peer)]).toEqual([100, 50, 25, 12, 6, 3, 1, 0, 0]);
});

test('a ban ends with the first half-life', () => {
  const { clock, scores, peer } = makeScores();
  while (!scores.add(peer, 'badMessage'));
  clock.pass(HALF_LIFE_MS - 1);
  expect(scores.banned(peer)).toBe(true);
  clock.pass(1);
  expect(scores.banned(peer)).toBe(false);
});

test('a new offence does not stop the old ones from falling: one a minute never adds up', () => {
  const { clock, scores, peer } = makeScores();
  let most = 0;
  for (let i = 0; i < 200; i++) {
    expect(scores.add(peer, 'badMessage')).toBe(false);
    most = Math.max(most, scores.points(peer));
    clock.pass(HALF_LIFE_MS - 1);
  }
  expect(most).toBe(20); // 10 of before, never more, and the new 10
});

test('the clock of an account that fell to nothing starts anew', () => {
  const { clock, scores, peer } = makeScores();
  scores.add(peer, 'badMessage');
  clock.pass(10_000 * HALF_LIFE_MS + 30_000);
  scores.add(peer, 'badMessage');
  clock.pass(HALF_LIFE_MS - 1);
  expect(scores.points(peer)).toBe(10);
});

test('only so many addresses are remembered: the one whose last offence is oldest goes', () => {
  const { scores, peer } = makeScores();
  const second = HashAddress.random(random);
  scores.add(peer, 'badMessage');
  scores.add(second, 'badMessage');
  scores.add(peer, 'badMessage'); // now the younger of the two
  for (let i = 0; i < SCORES_MAX - 2; i++) scores.add(HashAddress.random(random), 'unexpected');
  expect([scores.points(peer), scores.points(second)]).toEqual([20, 10]);
  scores.add(HashAddress.random(random), 'unexpected');
  expect([scores.points(peer), scores.points(second)]).toEqual([20, 0]);
});
