/** Earning at the command line: a contributor that asks a price, a node that pays it, and the chain that settles. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { Wallet } from 'ethers';
import { connectWallet } from '../../src/adapters/evm/wallet.ts';
import { createSea, makeBundle, type Sea } from '../../src/node.ts';
import { type DevChain, startDevChain } from '../support/dev-chain.ts';
import { type SeaProcess, startProcess } from '../support/sea-process.ts';
import { testWallet } from '../support/test-wallet.ts';

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const PRICE = 10n ** 15n; // 0.001
const PARTS = 12;

let chain: DevChain;
let folder: string;
let bootstrap: SeaProcess;
let contributor: SeaProcess;
let payer: Sea;

test.beforeAll(async () => {
  chain = await startDevChain();
  folder = mkdtempSync(join(tmpdir(), 'peersea-earn-'));
  const told = JSON.stringify(chain.info);
  bootstrap = await startProcess('bootstrap', '--port', '0', '--chain', told);
  const where = new URL('/chain.json', bootstrap.ready.url).href;
  const contribute = ['--bootstrap', bootstrap.ready.ws!, '--slots', '1', '--data', folder, '--chain', where];
  contributor = await startProcess('contribute', ...contribute, '--price', '0.001', '--no-gifts');
  payer = await createSea({ bootstraps: [bootstrap.ready.ws!], chain: chain.info });
  await payer.goOnline();
});

test.afterAll(async () => {
  await payer?.close();
  await contributor?.stop();
  await bootstrap?.stop();
  chain?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `peersea …args` on the contributor's folder, and gives what it printed as JSON. */
async function peersea(...args: string[]): Promise<Record<string, unknown>[]> {
  const where = ['--data', folder, '--chain', JSON.stringify(chain.info), '--json'];
  const child = spawn(process.execPath, [root('dist/cli.js'), ...args, ...where], { stdio: 'pipe' });
  let out = '';
  let log = '';
  child.stdout.on('data', text => (out += text));
  child.stderr.on('data', text => (log += text));
  const [code] = await once(child, 'close');
  expect(log).toBe('');
  expect(code).toBe(0);
  return out
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));
}

/** Indices of the results of a map of so many parts, all by the contributor. */
async function mapOn(parts: number): Promise<number> {
  const bundle = makeBundle(new Uint8Array(readFileSync(root('wasm-tasks/testing/spin.wasm'))));
  const inputs = Array.from({ length: parts }, (_, i) => Uint8Array.of(1, 0, 0, 0, i));
  let results = 0;
  for await (const { providers } of payer.map(bundle, inputs, { priceMax: PRICE })) {
    results++;
    expect(providers.map(String)).toEqual([contributor.ready.address]);
  }
  return results;
}

/** Opens a purse and pays from it; gives the account that pays. */
async function payFrom(coin: bigint): Promise<string> {
  const key = await payer.credit.newSessionKey();
  const wallet = await connectWallet(testWallet({ rpc: chain.info.rpc, first: 1 }), chain.info);
  const account = (await wallet.openPurse(key, coin)).payer.toLowerCase();
  await payer.credit.usePurse({ payer: account, key });
  return account;
}

/** An account that pays the chain's fee, as a file with its key. */
async function submitterFile(): Promise<string> {
  const keyFile = join(folder, 'submitter.txt');
  const submitter = Wallet.createRandom();
  await chain.rpc('anvil_setBalance', [submitter.address, '0xde0b6b3a7640000']);
  writeFileSync(keyFile, submitter.privateKey);
  return keyFile;
}

test('parts are paid, and the vouchers redeemed while the contributor runs', async () => {
  expect(contributor.ready).toMatchObject({ price: `${PRICE}`, gifts: false });
  await payFrom(10n ** 18n);
  expect(await mapOn(PARTS)).toBe(PARTS);
  const earned = `${PRICE * BigInt(PARTS)}`;
  await expect
    .poll(async () => (await peersea('earnings')).at(-1))
    .toMatchObject({ earned, paid: '0', payable: earned });

  const keyFile = await submitterFile();
  const to = Wallet.createRandom().address;
  const [claimed] = await peersea('claim', '--to', to, '--key-file', keyFile);
  expect(claimed).toMatchObject({ amount: earned, to });
  expect(BigInt((await chain.rpc('eth_getBalance', [to, 'latest'])) as string)).toBe(BigInt(earned));

  expect(await mapOn(3)).toBe(3);
  const more = `${PRICE * 3n}`;
  await expect.poll(async () => (await peersea('earnings')).at(-1)).toMatchObject({ paid: earned, payable: more });
  const [redeemed] = await peersea('redeem', '--key-file', keyFile);
  expect(redeemed).toMatchObject({ amount: more, vouchers: 1 });
});

test('from whom no more is taken until it is claimed, is told; after the claim it goes on by itself', async () => {
  const account = await payFrom(100n * PRICE); // of that a node of one slot holds 64 parts' worth unredeemed
  const stop = new AbortController();
  const bundle = makeBundle(new Uint8Array(readFileSync(root('wasm-tasks/testing/spin.wasm'))));
  const inputs = Array.from({ length: 90 }, (_, i) => Uint8Array.of(1, 0, 0, 0, i));
  const mapping = (async () => {
    for await (const _ of payer.map(bundle, inputs, { priceMax: PRICE, signal: stop.signal }));
  })();
  await expect.poll(contributor.log).toContain(`takes no more from ${account} until what it has signed is claimed`);
  expect((await peersea('earnings')).some(({ payer: from, claimFirst }) => from === account && claimFirst)).toBe(true);
  stop.abort();
  await expect(mapping).rejects.toMatchObject({ code: 'ABORTED' });
  const to = Wallet.createRandom().address;
  await peersea('claim', '--to', to, '--key-file', await submitterFile());
  await expect.poll(() => mapOn(3).catch(String), { timeout: 60_000 }).toBe(3);
  await expect.poll(contributor.log).toContain(`takes more from ${account} again`);
});
