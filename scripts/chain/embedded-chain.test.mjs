/** The chain of `npm start`, for real: what outlives what. */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Interface } from 'ethers';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { compile } from '../../contracts/build.mjs';
import { inProject } from '../project.mjs';
import { EmbeddedChain } from './embedded-chain.mjs';
import { lookAtChain } from './given-chain.mjs';
import { ASSET_SELECTOR, deployPurse, UNLOCK_DELAY_SELECTOR } from './purse-contract.mjs';
import { ask } from './rpc.mjs';

const posixTest = test.skipIf(process.platform === 'win32');
let folder;
let chains;
let said;

beforeAll(() => {
  const isBuilt = existsSync(inProject('contracts', 'out', 'sea-purse.json'));
  if (!isBuilt) execFileSync(process.execPath, [inProject('contracts', 'build.mjs')], { stdio: 'ignore' });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peersea-chain-'));
  chains = [];
  said = [];
});
afterEach(async () => {
  for (const chain of chains) await chain.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start() {
  const chain = new EmbeddedChain(folder, text => said.push(text));
  chains.push(chain);
  return { chain, info: await chain.start() };
}

const poor = `0x${'5e'.repeat(20)}`;
const balance = async rpc => Number(await ask(rpc, 'eth_getBalance', [poor, 'latest']));

/** Gives the poor account so much, in a block. */
async function pay(rpc, value) {
  const [from] = await ask(rpc, 'eth_accounts');
  const hash = await ask(rpc, 'eth_sendTransaction', [{ from, to: poor, value: `0x${value.toString(16)}` }]);
  await expect.poll(() => ask(rpc, 'eth_getTransactionReceipt', [hash]), { timeout: 10_000 }).not.toBeNull(); // mined a moment later
  return hash;
}

async function gone(pid) {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

test('the selectors are those of the contract', () => {
  const { abi } = JSON.parse(readFileSync(inProject('contracts', 'out', 'sea-purse.json'), 'utf8'));
  const contract = new Interface(abi);
  expect(contract.getFunction('unlockDelay').selector).toBe(UNLOCK_DELAY_SELECTOR);
  expect(contract.getFunction('asset').selector).toBe(ASSET_SELECTOR);
});

test('a restart finds money, receipts, contract and URL as they were', async () => {
  const first = await start();
  expect(first.info).toMatchObject({ chainId: 31_337, delayS: 60, development: true });
  const hash = await pay(first.info.rpc, 7);
  await first.chain.stop();
  const second = await start();
  expect(second.info).toEqual(first.info);
  expect(await balance(second.info.rpc)).toBe(7);
  expect(await ask(second.info.rpc, 'eth_getTransactionReceipt', [hash])).toMatchObject({ status: '0x1' });
  expect(said).toEqual([]);
});

posixTest('anvil killed outright loses what it had not yet been asked for, and nothing else', async () => {
  const first = await start();
  await pay(first.info.rpc, 7);
  await expect.poll(() => readFileSync(join(folder, 'state.json'), 'utf8'), { timeout: 10_000 }).toContain(poor);
  const ended = first.chain.ended();
  process.kill(first.chain.pid, 'SIGKILL');
  await ended;
  expect(existsSync(join(folder, 'owner.json'))).toBe(false); // another may run it now
  const second = await start();
  expect(second.info.purse).toBe(first.info.purse);
  expect(await balance(second.info.rpc)).toBe(7);
});

/** The chain run by another process. Resolves to what it says. */
async function startElsewhere() {
  const program = `
    import { EmbeddedChain } from ${JSON.stringify(new URL('./embedded-chain.mjs', import.meta.url).href)};
    const chain = new EmbeddedChain(process.argv[1], () => {});
    process.on('SIGTERM', () => chain.stop().then(() => process.exit()));
    const info = await chain.start();
    console.log(JSON.stringify({ info, pid: chain.pid }));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, folder], {
    stdio: ['ignore', 'pipe', 2],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, ...JSON.parse(line) };
}

posixTest('anvil ends with whoever started it, who may be killed outright', async () => {
  const { child, pid, info } = await startElsewhere();
  child.kill('SIGKILL');
  await gone(pid);
  expect((await start()).info.purse).toBe(info.purse);
});

posixTest('while one runs it, another uses the same, and leaves it be', async () => {
  const [owner, other] = await Promise.all([startElsewhere(), startElsewhere()]);
  try {
    expect(other.info).toEqual(owner.info);
    expect([owner.pid, other.pid].filter(pid => pid !== undefined)).toHaveLength(1);
    const guest = await start();
    expect([guest.info, guest.chain.pid, guest.chain.isShared]).toEqual([owner.info, undefined, true]);
    await guest.chain.stop();
    expect(await balance(owner.info.rpc)).toBe(0);
  } finally {
    for (const { child } of [owner, other]) child.kill('SIGTERM');
    await Promise.all([owner, other].map(({ child }) => once(child, 'exit')));
  }
});

test('a state that is broken is put aside, and the contract gets an address that no lost one had', async () => {
  const first = await start();
  await first.chain.stop();
  writeFileSync(join(folder, 'state.json'), '{"accounts":');
  const second = await start();
  expect(second.info.purse).not.toBe(first.info.purse);
  expect(said).toEqual([expect.stringContaining('state.json.broken')]);
  expect(readFileSync(join(folder, 'state.json.broken'), 'utf8')).toBe('{"accounts":');
});

test('a state that anvil does not take is put aside as well', async () => {
  const first = await start();
  await first.chain.stop();
  writeFileSync(join(folder, 'state.json'), '{"accounts":{"x":1},"block":{},"blocks":[],"transactions":[]}');
  const second = await start();
  expect(second.info.purse).not.toBe(first.info.purse);
  expect(said).toEqual([expect.stringContaining('began anew')]);
});

test('a contract of other code is deployed beside the old one', async () => {
  const first = await start();
  await first.chain.stop();
  const memory = JSON.parse(readFileSync(join(folder, 'chain.json'), 'utf8'));
  writeFileSync(join(folder, 'chain.json'), JSON.stringify({ ...memory, version: 'older' }));
  expect((await start()).info.purse).not.toBe(first.info.purse);
});

test('a chain of somebody else is looked at', { timeout: 60_000 }, async () => {
  const { info } = await start();
  const { rpc, purse } = info;
  expect(await lookAtChain(rpc, purse)).toEqual({
    ...info,
    name: 'Chain 31337',
    currency: { symbol: 'ETH', decimals: 18 },
    development: false,
  });
  await expect(lookAtChain(rpc, poor)).rejects.toMatchObject({
    message: `Chain 31337 has no SeaPurse at ${poor}. Check --purse.`,
  });
  await expect(lookAtChain('http://127.0.0.1:9', purse)).rejects.toThrow(/No chain answers at .*Check --chain/);
  await expect(
    deployPurse(rpc, { bytecode: compile('test/tokens/PlainToken.sol', 'PlainToken').bytecode }, 60),
  ).rejects.toThrow('the contract was not deployed');
});
