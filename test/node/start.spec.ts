/** `npm start` for real: the sea of one machine with its chain, which outlives restarts and never its parent. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { RpcLedger } from '../../src/adapters/evm/rpc-ledger.ts';
import { connectWallet } from '../../src/adapters/evm/wallet.ts';
import { fromHex } from '../../src/base/bytes.ts';
import type { ChainInfo } from '../../src/ports/chain-info.ts';
import { testWallet } from '../support/test-wallet.ts';

const script = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url));
const key = `0x${'5e'.repeat(20)}`;
const bytes = (text: string): Uint8Array => fromHex(text.slice(2));

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly bootstrap: { readonly pid: number; readonly address: string };
  readonly contributors: readonly { readonly pid: number }[];
  readonly chain?: ChainInfo & { readonly pid: number };
  /** What it said to people. */
  readonly words: () => string;
}

let data: string;
const children: ChildProcess[] = [];
test.beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'peersea-start-'));
});
test.afterEach(async () => {
  for (const child of children.splice(0)) await end(child);
  rmSync(data, { recursive: true, force: true });
});

async function start(...flags: string[]): Promise<Started> {
  const args = [script, '--json', '--no-open', '--port', '0', '--data', data, ...flags];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let words = '';
  child.stderr.on('data', text => (words += text));
  const first = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), once(child, 'exit')]);
  if (typeof first[0] !== 'string') throw new Error(`npm start ended early:\n${words}`);
  return { child, ...JSON.parse(first[0]), words: () => words };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Run in the page, under its policy. */
async function askForChain(rpc: string): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] });
  const headers = { 'Content-Type': 'application/json' };
  return (await (await fetch(rpc, { method: 'POST', headers, body })).json()).result;
}

test('the chain is there, told to pages, and what happened on it outlives a restart', async ({ page }) => {
  const first = await start('--contributors', '1');
  const { pid, ...info } = first.chain!;
  const answer = await fetch(new URL('/chain.json', first.url));
  expect(await answer.json()).toEqual(info);
  expect(info).toMatchObject({ chainId: 31_337, delayS: 60, development: true });
  const policy = (await fetch(first.url)).headers.get('content-security-policy');
  expect(policy).toContain(`connect-src 'self' ws: wss: ${new URL(info.rpc).origin};`);
  await page.goto(first.url);
  expect(await page.evaluate(askForChain, info.rpc)).toBe('0x7a69');
  expect(first.words()).toContain('test money, worth nothing');
  const { payer } = await (await connectWallet(testWallet({ rpc: info.rpc }), info)).openPurse(key, 5n);
  await end(first.child);
  for (const gone of [pid, first.bootstrap.pid, first.contributors[0]!.pid]) expect(isAlive(gone)).toBe(false);

  const second = await start('--contributors', '0');
  expect(second.chain!.purse).toBe(info.purse);
  expect(await new RpcLedger(second.chain!).purse(bytes(payer), bytes(key))).toMatchObject({ state: 'open', free: 5n });
});

test('killed outright it leaves no chain behind', async () => {
  test.skip(process.platform === 'win32', 'the guard is a shell');
  const { child, chain, bootstrap } = await start('--contributors', '0');
  child.kill('SIGKILL');
  await expect.poll(() => isAlive(chain!.pid)).toBe(false);
  if (isAlive(bootstrap.pid)) process.kill(bootstrap.pid, 'SIGTERM');
});

test('a node that dies comes back as who it was, where it was', async () => {
  test.skip(process.platform === 'win32', 'a signal ends it');
  const { url, bootstrap, contributors, words } = await start('--contributors', '1', '--no-chain');
  for (const { pid } of [bootstrap, ...contributors]) process.kill(pid, 'SIGSEGV');
  await expect.poll(words).toContain('The bootstrap is back.');
  await expect.poll(words).toContain('The contributor 1 is back.');
  expect(words()).toContain('The contributor 1 has ended (SIGSEGV) and is started again. The others go on.');
  const { address } = await (await fetch(new URL('/health', url))).json();
  expect(address).toBe(bootstrap.address);
});

test('without a chain', async () => {
  const { url, chain } = await start('--contributors', '1', '--no-chain');
  expect(chain).toBeUndefined();
  expect(await (await fetch(new URL('/chain.json', url))).json()).toBeNull(); // as the page itself has it
});

test('with a chain of somebody else', async () => {
  const mine = await start('--contributors', '0');
  const { rpc, purse } = mine.chain!;
  const elsewhere = join(data, 'theirs'); // a folder is for one node at a time
  const theirs = await start('--contributors', '1', '--chain', rpc, '--purse', purse, '--data', elsewhere);
  const told = await (await fetch(new URL('/chain.json', theirs.url))).json();
  expect(told).toMatchObject({ rpc, purse, name: 'Chain 31337', delayS: 60, development: false });
  expect(theirs.chain!.pid).toBeUndefined();
  const wrong = spawn(process.execPath, [
    script,
    '--no-open',
    '--port',
    '0',
    '--data',
    data,
    '--chain',
    rpc,
    '--purse',
    key,
  ]);
  let words = '';
  wrong.stderr.on('data', text => (words += text));
  expect((await once(wrong, 'exit'))[0]).toBe(1);
  expect(words).toContain(`Chain 31337 has no SeaPurse at ${key}`);
});
