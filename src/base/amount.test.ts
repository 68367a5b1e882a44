import { expect, test } from 'vitest';
import { formatAmount, parseAmount } from './amount.ts';

test.each([
  [0n, 18, '0'],
  [1n, 18, '0.000000000000000001'],
  [1_500_000_000_000_000_000n, 18, '1.5'],
  [10n ** 21n, 18, '1000'],
  [120n, 0, '120'],
  [120n, 2, '1.2'],
])('%d of %d decimals is %s, both ways', (amount, decimals, text) => {
  expect(formatAmount(amount, decimals)).toBe(text);
  expect(parseAmount(text, decimals)).toBe(amount);
});

test('a debt has a sign', () => {
  expect(formatAmount(-150n, 2)).toBe('-1.5');
});

test('zeros and spaces around it do not matter', () => {
  expect(parseAmount(' 007.5000 ', 1)).toBe(75n);
});

test.each(['', '-1', '1e3', '.5', '5.', '0x10', '1,5', '1.23'])('%j is not an amount with one decimal', text => {
  expect(() => parseAmount(text, 1)).toThrowError(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
});
