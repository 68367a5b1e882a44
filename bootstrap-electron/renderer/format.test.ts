import { expect, it } from 'vitest';
import { formatPlural, formatRtt, formatSpan, shortAddress } from './format.ts';

it.each([
  [0, 'under a minute'],
  [59_999, 'under a minute'],
  [60_000, '1 min'],
  [3_599_999, '59 min'],
  [3_600_000, '1 h 00 min'],
  [11_220_000, '3 h 07 min'],
  [86_400_000, '1 d 0 h'],
  [187_200_000, '2 d 4 h'],
])('%d ms is %s', (ms, text) => {
  expect(formatSpan(ms)).toBe(text);
});

it('writes round trips, addresses and counts', () => {
  expect([undefined, 0.42, 9.96, 41.6].map(formatRtt)).toEqual(['–', '0.4 ms', '10.0 ms', '42 ms']);
  expect([shortAddress('ab'.repeat(32)), shortAddress('abcd')]).toEqual(['abab…abab', 'abcd']);
  expect([0, 1, 2].map(count => formatPlural(count, 'peer'))).toEqual(['0 peers', '1 peer', '2 peers']);
});
