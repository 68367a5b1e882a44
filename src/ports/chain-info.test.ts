import { expect, test } from 'vitest';
import { parseChainInfo, rpcOrigin } from './chain-info.ts';

const info = {
  chainId: 31_337,
  purse: `0x${'5E'.repeat(20)}`,
  rpc: 'http://127.0.0.1:8545',
  name: 'Test chain',
  currency: { symbol: 'tETH', decimals: 18 },
  delayS: 60,
  development: true,
};

test('what is told is taken, and nothing besides', () => {
  expect(parseChainInfo({ ...info, more: 1, currency: { ...info.currency, name: 'x' } })).toEqual(info);
  expect(parseChainInfo({ ...info, development: 'yes' }).development).toBe(false);
});

test.each([
  ['nothing', null, /not an object/],
  ['a text', 'x', /not an object/],
  ['no currency', { ...info, currency: undefined }, /currency is not an object/],
  ['chain 0', { ...info, chainId: 0 }, /chainId/],
  ['a chain id as text', { ...info, chainId: '31337' }, /chainId/],
  ['a short address', { ...info, purse: '0x5e' }, /purse/],
  ['a URL of another kind', { ...info, rpc: 'ws://127.0.0.1' }, /rpc/],
  ['a URL that ends the policy', { ...info, rpc: 'http://a;script-src' }, /rpc/],
  ['a URL with a space', { ...info, rpc: 'http://a *' }, /rpc/],
  ['an empty name', { ...info, name: '' }, /name/],
  ['a name of lines', { ...info, name: 'a\nb' }, /name/],
  ['a long symbol', { ...info, currency: { symbol: 'x'.repeat(65), decimals: 18 } }, /currency.symbol/],
  ['37 decimals', { ...info, currency: { symbol: 'x', decimals: 37 } }, /currency.decimals/],
  ['no delay', { ...info, delayS: 0 }, /delayS/],
])('%s is refused', (_, value, words) => {
  expect(() => parseChainInfo(value)).toThrowError(
    expect.objectContaining({ code: 'BAD_ARGUMENT', message: expect.stringMatching(words) }),
  );
});

test.each([
  ['http://127.0.0.1:8545', 'http://127.0.0.1:8545'],
  ['https://rpc.example/v1/key?x=1', 'https://rpc.example'],
])('the origin of %s', (rpc, origin) => {
  expect(rpcOrigin({ ...info, rpc })).toBe(origin);
});
