import { Interface } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FoundWallet } from '../../src/adapters/evm/eip1193.ts';
import type { PurseWallet } from '../../src/adapters/evm/purse-wallet.ts';
import type { WalletState } from '../../src/adapters/evm/wallet-session.ts';
import { wallets } from '../../src/adapters/evm/wallets.ts';
import { type DevChain, purseArtifact, startDevChain } from '../../test/support/dev-chain.ts';
import {
  announceDevelopmentWallet,
  DEVELOPMENT_WALLET_NAME,
  type DevelopmentWallet,
  purposes,
  type WalletRequest,
} from './development-wallet.ts';

const key = (n: number): string => `0x${n.toString(16).padStart(40, '5e')}`;
let chain: DevChain;
beforeAll(async () => {
  chain = await startDevChain();
});
afterAll(() => chain?.stop());

interface Setting {
  readonly found: FoundWallet;
  readonly development: DevelopmentWallet;
  readonly asked: WalletRequest[];
  answer: boolean;
  readonly states: WalletState[];
  connect(): Promise<PurseWallet>;
}

/** A page with the wallet, and a visitor who answers. */
function setting(): Setting {
  const target = new EventTarget();
  const asked: WalletRequest[] = [];
  const development = announceDevelopmentWallet(target, chain.info, async request => {
    asked.push(request);
    return page.answer;
  });
  const found: FoundWallet[] = [];
  wallets.discover(target, wallet => found.push(wallet));
  const states: WalletState[] = [];
  const page: Setting = {
    found: found[0]!,
    development: development!,
    asked,
    answer: true,
    states,
    connect: () => wallets.connect(found[0]!.provider, chain.info, state => states.push(state)),
  };
  return page;
}

test('it is found by its name, on a development chain only', () => {
  const { found } = setting();
  expect(found.name).toBe(DEVELOPMENT_WALLET_NAME);
  expect(found.icon).toMatch(/^data:image\/svg/);
  const target = new EventTarget();
  const none = announceDevelopmentWallet(target, { ...chain.info, development: false }, async () => true);
  expect(none).toBeUndefined();
  wallets.discover(target, () => expect.unreachable());
});

test('the visitor is asked before each thing, and told what it does', async () => {
  const page = setting();
  const wallet = await page.connect();
  await wallet.openPurse(key(1), 7n);
  await wallet.requestUnlock(key(1));
  const [account] = chain.accounts;
  expect(page.asked).toEqual([
    { kind: 'connect', account },
    { kind: 'transaction', account, to: chain.info.purse, value: 7n, what: 'to open a purse' },
    { kind: 'transaction', account, to: chain.info.purse, value: 0n, what: 'to unlock a purse' },
  ]);
});

test('the visitor declines', async () => {
  const page = setting();
  page.answer = false;
  await expect(page.connect()).rejects.toMatchObject({ code: 'WALLET_DECLINED' });
  page.answer = true;
  const wallet = await page.connect();
  page.answer = false;
  await expect(wallet.openPurse(key(2), 1n)).rejects.toMatchObject({ code: 'WALLET_DECLINED' });
  expect((await wallet.purse(key(2))).state).toBe('none');
});

test('another account is shown, and acts', async () => {
  const page = setting();
  const wallet = await page.connect();
  expect(await page.development.accounts()).toEqual(chain.accounts);
  await page.development.switchAccount(chain.accounts[4]!);
  expect(page.states).toEqual([{ state: 'ready', account: chain.accounts[4] }]);
  expect((await page.development.accounts())[0]).toBe(chain.accounts[4]);
  expect((await wallet.openPurse(key(3), 1n)).from).toBe(chain.accounts[4]);
  await expect(page.development.switchAccount(key(3))).rejects.toMatchObject({ code: 4100 });
});

test('after a disconnect nothing goes until the visitor connects again', async () => {
  const page = setting();
  const wallet = await page.connect();
  page.development.disconnect();
  expect(page.states).toEqual([{ state: 'disconnected', reason: expect.any(String) }]);
  await expect(wallet.openPurse(key(4), 1n)).rejects.toMatchObject({ code: 'NO_WALLET' });
  await expect(
    page.found.provider.request({ method: 'eth_sendTransaction', params: [{ from: chain.accounts[0], to: key(4) }] }),
  ).rejects.toMatchObject({ code: 4100 });
  expect((await page.connect()).state.state).toBe('ready');
  expect(page.asked.filter(({ kind }) => kind === 'connect')).toHaveLength(2);
});

test('the page lets it go', async () => {
  const page = setting();
  const wallet = await page.connect();
  await wallet.disconnect();
  expect(await page.found.provider.request({ method: 'eth_accounts' })).toEqual([]);
});

test('it knows its own chain only', async () => {
  const { provider } = setting().found;
  const change = (chainId: string) => provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId }] });
  expect(await change('0x7a69')).toBeNull();
  await expect(change('0x1')).rejects.toMatchObject({ code: 4902 });
});

test('its purposes are those of the contract’s calls', () => {
  const contract = new Interface(purseArtifact().abi as string[]);
  const calls = ['open', 'topUp', 'requestUnlock', 'withdraw', 'redeemBatch', 'claimFor', 'take'];
  expect(Object.keys(purposes)).toEqual(calls.map(call => contract.getFunction(call)!.selector));
});
