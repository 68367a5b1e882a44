/** Amounts as people read and write them. */

import { expect, it } from 'vitest';
import { PageError } from '../errors.ts';
import { exactMoney, formatMoney, formatShare, parseMoney, shortAccount } from './chain-money.ts';

const ether = { symbol: 'ETH', decimals: 18 };
const cents = { symbol: 'EUR', decimals: 2 };

it('shows six digits, cut and not rounded', () => {
  const shown = (amount: bigint) => formatMoney(amount, ether);
  expect(shown(0n)).toBe('0 ETH');
  expect(shown(10n ** 18n)).toBe('1 ETH');
  expect(shown(1_999_999_999_999_999_999n)).toBe('1.99999 ETH');
  expect(shown(9_999_490_000_000_000_000_000n)).toBe('9999.49 ETH');
  expect(shown(1_234_567_890_000_000_000_000_000_000n)).toBe('1234567890 ETH');
  expect(shown(12_345_678_900_000n)).toBe('0.0000123456 ETH');
  expect(shown(1n)).toBe('0.000000000000000001 ETH');
  expect(formatMoney(1050n, cents)).toBe('10.5 EUR');
  expect(exactMoney(1_999_999_999_999_999_999n, ether)).toBe('1.999999999999999999 ETH');
});

it('takes what a person writes, and nothing else', () => {
  expect(parseMoney(' 0.05 ', ether)).toBe(50_000_000_000_000_000n);
  expect(parseMoney('0,05', ether)).toBe(50_000_000_000_000_000n);
  expect(parseMoney('.5', cents)).toBe(50n);
  expect(parseMoney('3', cents)).toBe(300n);
  for (const text of ['', ' ', '-1', '1e3', '0x10', '1.2.3', '0.001', 'much']) {
    expect(() => parseMoney(text, cents), text).toThrow(PageError);
  }
});

it('says what a part is of a whole', () => {
  expect(formatShare(0n, 100n)).toBe('0%');
  expect(formatShare(1n, 100_000n)).toBe('below 0.1%');
  expect(formatShare(8n, 1000n)).toBe('0.8%');
  expect(formatShare(15n, 1000n)).toBe('1.5%');
  expect(formatShare(126n, 1000n)).toBe('12%');
  expect(formatShare(100n, 100n)).toBe('100%');
  expect(formatShare(5n, 0n)).toBe('100%');
});

it('shortens an account to both ends', () => {
  expect(shortAccount(`0x${'ab'.repeat(20)}`)).toBe('0xabab…abab');
});
