import { expect, it } from 'vitest';
import { SeaError } from '../../base/errors.ts';
import { walletError } from './eip1193.ts';

it.each([
  [4001, 'WALLET_DECLINED'],
  [4100, 'NO_WALLET'],
  [4900, 'NO_WALLET'],
  [4901, 'CHAIN_FAILED'],
  [-32002, 'WALLET_BUSY'],
  [-32603, 'CHAIN_FAILED'],
  ['no number', 'CHAIN_FAILED'],
])('a wallet that says %s says %s', (code, expected) => {
  const error = walletError({ code, message: 'as it says\nat length' }, 'asking for accounts');
  expect(error.code).toBe(expected);
  expect(error.message).not.toContain('at length');
});

it('hears the code that a wallet wraps, and keeps an error of ours', () => {
  const inner = { code: -32603, data: { originalError: { code: 4001 } } };
  expect(walletError(inner, 'paying').code).toBe('WALLET_DECLINED');
  const own = new SeaError('TIMEOUT', 'late');
  expect(walletError(own, 'paying')).toBe(own);
});
