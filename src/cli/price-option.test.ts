/** The price that is typed, the price that is kept, and what becomes of either. */

import { expect, test } from 'vitest';
import type { Ask } from '../credit/credit.ts';
import type { ChainInfo } from '../ports/chain-info.ts';
import type { Sea } from '../sea.ts';
import { priceWords, readPrice, settlePrice } from './price-option.ts';

const chain: ChainInfo = {
  chainId: 1,
  purse: `0x${'5e'.repeat(20)}`,
  rpc: 'http://127.0.0.1:8545',
  name: 'Test chain',
  currency: { symbol: 'tETH', decimals: 18 },
  delayS: 60,
  development: true,
};
const MILLI = 10n ** 15n;
const nothing: Ask = { part: 0n, egress: 0n, free: true };

function keeping(ask: Ask) {
  const asked: unknown[] = [];
  const credit = {
    ask: async (price: { part: bigint; free?: boolean }) => {
      asked.push(price);
      ask = { part: price.part, egress: 0n, free: price.free ?? true };
    },
    asked: async () => ask,
  };
  return { asked, sea: { credit } as unknown as Pick<Sea, 'credit'> };
}

test('what is typed', () => {
  expect(readPrice({ 'no-gifts': false }, chain)).toBeUndefined();
  expect(readPrice({ price: '0.001', 'no-gifts': false }, chain)).toEqual({ part: MILLI, free: true });
  expect(readPrice({ price: '0.001', 'no-gifts': true }, chain)).toEqual({ part: MILLI, free: false });
  expect(readPrice({ price: '0', 'no-gifts': false }, undefined)).toEqual({ part: 0n, free: true });
  const refused = (code: string) => expect.objectContaining({ code });
  expect(() => readPrice({ price: '0.001', 'no-gifts': false }, undefined)).toThrow(refused('NO_CHAIN'));
  expect(() => readPrice({ price: '0', 'no-gifts': true }, chain)).toThrow(refused('BAD_ARGUMENT'));
  expect(() => readPrice({ 'no-gifts': true }, chain)).toThrow(refused('BAD_ARGUMENT'));
  for (const price of ['-1', 'much', '', '0.0000000000000000001'])
    expect(() => readPrice({ price, 'no-gifts': false }, chain)).toThrow(
      `BAD_ARGUMENT: --price takes an amount such as 0.0001, 0 or more, with at most 18 decimals, not ${price}`,
    );
});

test('what is typed is in force, else what is kept', async () => {
  const kept = { part: MILLI, egress: 0n, free: false };
  const { sea, asked } = keeping(kept);
  expect(await settlePrice(sea, undefined, { chain, folder: '/data' })).toEqual(kept);
  expect(asked).toEqual([]);
  const typed = { part: 2n * MILLI, free: true };
  expect(await settlePrice(sea, typed, { chain, folder: '/data' })).toEqual({ ...typed, egress: 0n });
});

test('a kept price that nobody could pay is not worked for', async () => {
  const { sea } = keeping({ part: MILLI, egress: 0n, free: true });
  await expect(settlePrice(sea, undefined, { chain: undefined, folder: '/data' })).rejects.toMatchObject({
    code: 'NO_CHAIN',
    message: expect.stringContaining('a price of 0.001 is kept in /data, but no chain is named: --chain'),
  });
  const free = await settlePrice(sea, { part: 0n, free: true }, { chain: undefined, folder: '/data' });
  expect(free).toEqual(nothing);
  expect(await settlePrice(keeping(nothing).sea, undefined, { chain: undefined, folder: undefined })).toEqual(nothing);
});

test('it is said', () => {
  const ask = { part: MILLI / 10n, egress: 0n, free: false };
  expect(priceWords(ask, chain)).toBe(', at 0.0001 tETH a part');
  expect(priceWords({ ...ask, free: true }, chain)).toBe(', at 0.0001 tETH a part (what paid work leaves is given)');
  expect([priceWords(nothing, chain), priceWords(nothing, undefined)]).toEqual([', for nothing', '']);
});
