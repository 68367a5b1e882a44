/** From vouchers in a node's folder to money on a chain, by the commands themselves. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Wallet } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type DevChain, startDevChain } from '../../test/support/dev-chain.ts';
import { testWallet } from '../../test/support/test-wallet.ts';
import { NoblePayKeys } from '../adapters/evm/noble-pay-keys.ts';
import { RpcLedger } from '../adapters/evm/rpc-ledger.ts';
import { connectWallet } from '../adapters/evm/wallet.ts';
import { FileSmallStore } from '../adapters/node/file-small-store.ts';
import { NodeRandom } from '../adapters/node/node-random.ts';
import { fromHex } from '../base/bytes.ts';
import { formatPayAddress } from '../credit/amount.ts';
import { Kept } from '../credit/kept.ts';
import { Lanes } from '../credit/lanes.ts';
import { PriceTag } from '../credit/price-tag.ts';
import { signVoucher } from '../credit/voucher.ts';
import { silentLog } from '../ports/log.ts';
import type { PayKey } from '../ports/pay-keys.ts';
import type { Command } from './command.ts';
import { contribute } from './contribute.ts';
import { earnings } from './earnings.ts';
import { checkPayKey } from './earnings-file.ts';
import { claim, redeem } from './redeem.ts';

const ETHER = 10n ** 18n;
const never = new AbortController().signal;
let chain: DevChain;
let folder: string;
let payKey: PayKey;
let keyFile: string;
let lines: string[];

beforeAll(async () => {
  chain = await startDevChain();
});
afterAll(() => chain?.stop());

/** A node's folder with vouchers of two payers: one of 2, funded with 5; one of 3, funded with 1. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'peersea-earnings-'));
  const store = new FileSmallStore(folder);
  const keys = new NoblePayKeys(store, new NodeRandom());
  payKey = await keys.kept('pay');
  const lanes = await Lanes.open(new Kept(store, silentLog));
  const { chain: place } = new RpcLedger(chain.info);
  for (const [first, funds, cumulative] of [
    [1, 5n, 2n],
    [2, 1n, 3n],
  ] as const) {
    const sessionKey = await keys.passing();
    const wallet = await connectWallet(testWallet({ rpc: chain.info.rpc, first }), chain.info);
    await wallet.openPurse(sessionKey.address, funds * ETHER);
    const payer = fromHex(chain.accounts[first]!.slice(2));
    const terms = { payer, lane: 0, cumulative: cumulative * ETHER };
    const voucher = await signVoucher(keys, sessionKey, place, payKey.address, terms);
    await lanes.keep({
      chain: place,
      payee: payKey.address,
      payer,
      key: sessionKey.address,
      voucher,
      credited: 0n,
      paid: 0n,
    });
  }
  keyFile = join(folder, 'key.txt');
  const submitter = Wallet.createRandom();
  await chain.rpc('anvil_setBalance', [submitter.address, '0xde0b6b3a7640000']);
  writeFileSync(keyFile, `${submitter.privateKey}\n`);
  lines = [];
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    lines.push(String(text));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const run = (command: Command, ...args: string[]): Promise<void> =>
  command.run(['--data', folder, '--chain', JSON.stringify(chain.info), ...args], never);
const coinOf = async (account: string): Promise<bigint> =>
  BigInt((await chain.rpc('eth_getBalance', [account, 'latest'])) as string);
const said = (): Record<string, unknown>[] => lines.map(line => JSON.parse(line));

test('earnings: each payer, and the sum', async () => {
  await run(earnings, '--json');
  expect(said()).toEqual([
    expect.objectContaining({ payer: chain.accounts[1], earned: `${2n * ETHER}`, paid: '0', payable: `${2n * ETHER}` }),
    expect.objectContaining({ payer: chain.accounts[2], earned: `${3n * ETHER}`, paid: '0', payable: `${ETHER}` }),
    {
      payAddress: formatPayAddress(payKey.address),
      vouchers: 2,
      earned: `${5n * ETHER}`,
      paid: '0',
      payable: `${3n * ETHER}`,
    },
  ]);
});

test('earnings: of whom no more is taken until it is claimed', async () => {
  const tag = await PriceTag.open(new Kept(new FileSmallStore(folder), silentLog));
  await tag.change({ part: ETHER / 100n });
  await run(earnings, '--json');
  // A fourth of the 5 is held and more, and 3 are left; the other purse has nothing left, claimed or not.
  expect(said().map(({ claimFirst }) => claimFirst)).toEqual([true, false, undefined]);
  lines = [];
  await run(earnings);
  expect(lines.map(line => /takes no more of a payer .*: peersea claim/.test(line))).toEqual([true, false, false]);
  lines = [];
  await run(redeem, '--key-file', keyFile, '--json');
  await run(earnings, '--json');
  expect(said().map(({ claimFirst }) => claimFirst)).not.toContain(true);
});

test('redeem: all in one transaction, as far as the purses reach; then there is nothing', async () => {
  await run(redeem, '--key-file', keyFile);
  expect(lines).toEqual([expect.stringMatching(/^3 tETH of 2 vouchers came to 0x[0-9a-f]{40} \(0x[0-9a-f]{64}\)\n$/)]);
  expect(await coinOf(formatPayAddress(payKey.address))).toBe(3n * ETHER);
  lines = [];
  await run(redeem, '--key-file', keyFile);
  await run(earnings);
  expect(lines[0]).toBe('The chain has nothing to pay now.\n');
  expect(lines.at(-1)).toMatch(/has earned 5 tETH: 3 tETH paid, 0 tETH payable now\n$/);
});

test('redeem --to: sent on from the pay address', async () => {
  const to = Wallet.createRandom().address;
  await run(redeem, '--key-file', keyFile, '--to', to, '--json');
  const [paid, sent] = said();
  expect(paid).toMatchObject({ amount: `${3n * ETHER}`, vouchers: 2 });
  expect(await coinOf(to)).toBe(BigInt(sent!.amount as string));
  expect(BigInt(sent!.amount as string)).toBeGreaterThan(2n * ETHER);
});

test('claim: straight to another account, whole', async () => {
  const to = Wallet.createRandom().address;
  await run(claim, '--key-file', keyFile, '--to', to);
  expect(lines).toHaveLength(2);
  expect(await coinOf(to)).toBe(3n * ETHER);
});

test('what the fee would eat is left, unless it is wanted anyway', async () => {
  const account = new Wallet(readFileSync(keyFile, 'utf8').trim()).address;
  await chain.rpc('anvil_setBalance', [account, `0x${(100n * ETHER).toString(16)}`]);
  await chain.rpc('anvil_setNextBlockBaseFeePerGas', ['0x246139ca8000']); // 40,000 gwei
  try {
    await expect(run(redeem, '--key-file', keyFile)).rejects.toMatchObject({
      code: 'PRICE_TOO_HIGH',
      message: expect.stringMatching(/the chain's fee of [\d.]+ tETH is more than the 3 tETH that come/),
    });
    expect(lines).toEqual([]);
    await run(redeem, '--key-file', keyFile, '--anyway');
    expect(await coinOf(formatPayAddress(payKey.address))).toBe(3n * ETHER);
  } finally {
    await chain.rpc('anvil_setNextBlockBaseFeePerGas', ['0x7']);
    await chain.rpc('evm_mine', []);
  }
});

test('a damaged pay key is told before a node earns nothing by it', async () => {
  await checkPayKey(folder);
  await checkPayKey(join(folder, 'new'));
  await new FileSmallStore(folder).set('pay:pay', new Uint8Array(32)); // zero is no key
  const damaged = { code: 'NO_STORAGE', message: expect.stringContaining(`the pay key in ${folder} is damaged`) };
  await expect(checkPayKey(folder)).rejects.toMatchObject(damaged);
  await expect(run(contribute)).rejects.toMatchObject(damaged);
});

describe('what is refused, in words', () => {
  test.each([
    ['no key', [], 'BAD_ARGUMENT', /--key-file/],
    ['a file that is not there', ['--key-file', 'nowhere'], 'BAD_ARGUMENT', /cannot read nowhere/],
    ['an account that is none', ['--key-file', 'KEY', '--to', '0x5e'], 'BAD_ARGUMENT', /--to/],
    ['another chain', ['--key-file', 'KEY', '--chain', 'nowhere.json'], 'BAD_ARGUMENT', /cannot read nowhere.json/],
    ['a folder where nothing was earned', ['--key-file', 'KEY', '--data', '/nowhere'], 'BAD_ARGUMENT', /no pay key/],
    ['nothing kept', ['--key-file', 'KEY', '--data', 'none'], 'BAD_ARGUMENT', /--data/],
  ])('%s', async (_, args, code, message) => {
    const given = args.map(arg => (arg === 'KEY' ? keyFile : arg));
    await expect(run(redeem, ...given)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(lines).toEqual([]);
  });

  test('an account that cannot pay the fee, by its address', async () => {
    const poor = Wallet.createRandom();
    writeFileSync(keyFile, poor.privateKey);
    const empty = { code: 'ACCOUNT_EMPTY', message: expect.stringMatching(new RegExp(poor.address, 'i')) };
    await expect(run(redeem, '--key-file', keyFile)).rejects.toMatchObject(empty);
    await expect(run(claim, '--key-file', keyFile, '--to', poor.address)).rejects.toMatchObject(empty);
    expect(lines).toEqual([]);
  });

  test('a key file with something else, which is not repeated', async () => {
    writeFileSync(keyFile, 'my secret words');
    const failed = await run(redeem, '--key-file', keyFile).catch((error: unknown) => error as Error);
    expect((failed as Error).message).toMatch(/holds no private key/);
    expect((failed as Error).message).not.toMatch(/secret/);
  });
});
