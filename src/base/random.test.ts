import { expect, test } from 'vitest';
import { SeededRandom } from '../sim/seeded-random.ts';
import { fromHex } from './bytes.ts';
import { below, pick, type Random, shuffle } from './random.ts';

/** Draws these bytes and no others. */
function fixed(hex: string): Random {
  return { bytes: () => fromHex(hex) };
}

test('below is the fraction that 53 bits make, times the bound', () => {
  expect(below(fixed('00000000000000'), 1_000)).toBe(0);
  expect(below(fixed('10000000000000'), 1_000)).toBe(500); // 2^52 of 2^53
  expect(below(fixed('f0000000000000'), 1_000)).toBe(500); // the upper three bits do not count
  expect(below(fixed('08000000000000'), 2 ** 32)).toBe(2 ** 30);
  expect(below(fixed('00000000000001'), 2 ** 32)).toBe(0);
});

test('below never reaches the bound', () => {
  for (const bound of [1, 2, 3, 5, 7, 255, 256, 257, 1_000_003, 2 ** 31 + 1, 2 ** 32 - 1, 2 ** 32]) {
    expect(below(fixed('1fffffffffffff'), bound)).toBe(bound - 1);
  }
});

test('below reaches every number about as often', () => {
  const random = new SeededRandom('below');
  const counts = Array<number>(7).fill(0);
  for (let i = 0; i < 70_000; i++) counts[below(random, 7)]!++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500); // five standard deviations are 463
});

test('pick takes one of the items, none from none', () => {
  expect(pick(fixed('10000000000000'), ['a', 'b', 'c', 'd'])).toBe('c');
  expect(pick(fixed('10000000000000'), [])).toBeUndefined();
});

test('shuffle gives every order of the same items and leaves the list alone', () => {
  const random = new SeededRandom('shuffle');
  const items = Object.freeze(['a', 'b', 'c']);
  const orders = new Map<string, number>();
  for (let i = 0; i < 6_000; i++) {
    const order = shuffle(random, items).join('');
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  expect([...orders.keys()].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
  for (const count of orders.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150); // 145: five deviations
  expect(shuffle(random, [])).toEqual([]);
});
