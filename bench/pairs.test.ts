import { expect, test } from 'vitest';
import { type Arms, measurePairs, median, medianInterval, spread, summarise } from './pairs.ts';

test('the arms alternate in pairs, ABBA, and the first pair does not count', async () => {
  const order: string[] = [];
  let count = 0;
  const arm = (name: string) => async () => {
    order.push(name);
    return ++count;
  };
  const arms: Arms = { ours: arm('a'), limit: arm('b'), peers: { other: arm('c') } };
  const samples = await measurePairs(3, arms, () => {});
  expect(order.join('')).toBe('bacabcbacabc');
  expect(samples).toEqual({ ours: [4, 8, 10], limit: [5, 7, 11], peers: { other: [6, 9, 12] } });
});

test('median, of an odd and of an even number of figures', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

test('spread is the middle half over the median', () => {
  expect(spread([1, 2, 3, 4, 5])).toBeCloseTo(2 / 3, 12);
  expect(spread([7, 7, 7])).toBe(0);
});

test("the median's interval takes the ranks of the sign test's table", () => {
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => n - i);
  expect(medianInterval(upTo(5))).toEqual([1, 5]); // no 95% interval: the extremes
  expect(medianInterval(upTo(6))).toEqual([1, 6]);
  expect(medianInterval(upTo(9))).toEqual([2, 8]);
  expect(medianInterval(upTo(15))).toEqual([4, 12]);
  expect(medianInterval(upTo(20))).toEqual([6, 15]);
});

test('the ratio is the median of ratios, not the ratio of medians', () => {
  const samples = { ours: [8, 16, 9, 9, 9, 9], limit: [10, 20, 10, 9, 9, 9], peers: { other: [1, 2, 3, 4, 5, 6] } };
  expect(summarise('x', 'MB/s', 'higher', samples)).toEqual({
    case: 'x',
    unit: 'MB/s',
    better: 'higher',
    ours: 9,
    limit: 9.5,
    peers: { other: 3.5 },
    ratio: 0.95,
    ratioLow: 0.8,
    ratioHigh: 1,
    void: false,
  });
});

test('a reference arm that varies, or too few pairs, make a case void', () => {
  const steady = [10, 10, 10, 10, 10, 10];
  const peers = {};
  expect(summarise('x', 'ms', 'lower', { ours: steady, limit: steady, peers }).void).toBe(false);
  expect(summarise('x', 'ms', 'lower', { ours: steady, limit: [10, 14, 10, 14, 7, 7], peers }).void).toBe(true);
  expect(summarise('x', 'ms', 'lower', { ours: [10, 10], limit: [10, 10], peers }).void).toBe(true);
});
