/**
 * Paid work on real browsers against a real chain: who earns needs no wallet until it claims, who pays opens a purse with
 * one; what is paid is what was accepted; who vanishes costs nobody more than a credit line; who lies is not paid.
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, expect, type Page, test } from '@playwright/test';
import { launchOptions } from '../support/chromium.ts';
import { type DevChain, startDevChain } from '../support/dev-chain.ts';
import { type SeaProcess, startProcess } from '../support/sea-process.ts';
import { type ServedPage, servePage } from '../support/serve-page.ts';
import { testWallet } from '../support/test-wallet.ts';
import type { PageApi, PaidJob, PaidPart } from './paid-work.entry.ts';

declare const page: PageApi;

const PRICE = 1_000_000_000_000n;
const SIDE = 1_024; // 16 parts of 256 × 256
const PARTS = 16n;
const PROVIDERS = 4;
const wasm = [...readFileSync(fileURLToPath(new URL('../../wasm-tasks/picture/task.wasm', import.meta.url)))];

let browser: Browser;
let site: ServedPage;
let bootstrap: SeaProcess;
let chain: DevChain;
const providers: Page[] = [];
const addresses: string[] = [];
let payer: Page;
/** Who has redeemed what it held. */
let redeemer: Page;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  chain = await startDevChain();
  browser = await chromium.launch(launchOptions());
  site = await servePage({ entry: fileURLToPath(new URL('./paid-work.entry.ts', import.meta.url)) });
  bootstrap = await startProcess('bootstrap', '--port', '0');
  for (let i = 0; i < PROVIDERS; i++) {
    const tab = await open(i + 2);
    providers.push(tab);
    addresses.push(await join(tab, 1));
    await tab.evaluate(price => page.ask(price), `${PRICE}`);
  }
  payer = await open(0);
  await join(payer, 0);
  await expectLinks(payer, PROVIDERS);
});

test.afterAll(async () => {
  await browser?.close();
  await bootstrap?.stop();
  await site?.close();
  chain?.stop();
});

/** A profile of its own, with a wallet that nobody has connected. */
async function open(account: number): Promise<Page> {
  const context = await browser.newContext();
  await context.addInitScript(testWallet, { rpc: chain.info.rpc, first: account });
  const tab = await context.newPage();
  tab.on('pageerror', error => console.log(`page error: ${error.message}`));
  await tab.goto(site.url);
  await tab.waitForFunction(() => 'page' in globalThis);
  return tab;
}

function join(tab: Page, slots: number): Promise<string> {
  return tab.evaluate(([ws, info, count]) => page.join(ws, info, count), [
    bootstrap.ready.ws!,
    chain.info,
    slots,
  ] as const);
}

async function expectLinks(tab: Page, count: number): Promise<void> {
  await expect.poll(() => tab.evaluate(() => page.linked()), { timeout: 30_000 }).toBeGreaterThanOrEqual(count);
}

function run(tab: Page, options: Parameters<PageApi['job']>[2] = {}, side: number = SIDE): ReturnType<PageApi['job']> {
  return tab.evaluate(([bytes, size, wanted]) => page.job(bytes, size, wanted), [wasm, side, options] as const);
}

const sum = (values: readonly string[]): bigint => values.reduce((total, value) => total + BigInt(value), 0n);

async function voucherSums(tabs: readonly Page[]): Promise<bigint[]> {
  return Promise.all(tabs.map(async tab => sum(await tab.evaluate(() => page.vouchers()))));
}

test('who has no purse is told that this must be paid for', async () => {
  expect(await run(payer)).toEqual({ code: 'PAYMENT_REQUIRED' });
});

test('a price above what one will pay is refused', async () => {
  await payer.evaluate(amount => page.openPurse(amount), `${PRICE * 1_000n}`);
  expect(await run(payer, { priceMax: `${PRICE - 1n}` })).toEqual({ code: 'PRICE_TOO_HIGH' });
});

test('vouchers come for exactly the accepted parts, with receipts', async () => {
  const job = (await run(payer)) as PaidJob;
  expect(job.equal).toBe(true);
  expect(Object.keys(job.parts).length).toBeGreaterThanOrEqual(3);
  // A part that is late goes to a second provider as well; when both come to the accepted result, both are paid.
  await expect(async () => {
    const receipts = await payer.evaluate(() => page.receipts('taken'));
    expect(receipts.every(receipt => receipt.class === 'paid' && receipt.price === `${PRICE}`)).toBe(true);
    expect(countUnlike(receipts, ({ subtask }) => subtask)).toBe(Number(PARTS));
    expect(countUnlike(receipts, ({ subtask, output }) => subtask + output)).toBe(Number(PARTS));
    expect(countUnlike(receipts, ({ subtask, provider }) => subtask + provider)).toBe(receipts.length);
    expect(receipts.length).toBeLessThanOrEqual(Number(PARTS) + job.twins);
    const paid = addresses.map(address => receipts.filter(({ provider }) => provider === address).length);
    for (const [i, address] of addresses.entries()) expect(paid[i]).toBeGreaterThanOrEqual(job.parts[address] ?? 0);
    expect(await voucherSums(providers)).toEqual(paid.map(parts => BigInt(parts) * PRICE));
    const { spent, owedByMe } = await payer.evaluate(() => page.figures());
    expect({ spent, owedByMe }).toEqual({ spent: `${BigInt(receipts.length) * PRICE}`, owedByMe: '0' });
    expect(BigInt(job.cost)).toBeGreaterThanOrEqual(PARTS * PRICE);
    expect(BigInt(job.cost)).toBeLessThanOrEqual(BigInt(spent));
  }).toPass({ timeout: 30_000 });
});

function countUnlike(receipts: readonly PaidPart[], nameOf: (receipt: PaidPart) => string): number {
  return new Set(receipts.map(nameOf)).size;
}

test('a budget is kept', async () => {
  const before = sum((await voucherSums(providers)).map(String));
  expect(await run(payer, { budget: `${5n * PRICE}` })).toEqual({ code: 'BUDGET_SPENT' });
  await expect.poll(async () => sum((await voucherSums(providers)).map(String)) - before).toBe(5n * PRICE);
});

test('a wrong result is not paid', async () => {
  const liar = await open(8);
  const address = await join(liar, 1);
  await liar.evaluate(() => page.lie());
  await liar.evaluate(price => page.ask(price), `${PRICE}`);
  await expectLinks(payer, PROVIDERS + 1);
  const job = (await run(payer, { redundancy: 2 })) as PaidJob;
  expect(job.equal).toBe(true);
  expect(job.parts[address]).toBeUndefined();
  await expect.poll(async () => (await payer.evaluate(() => page.figures())).owedByMe).toBe('0');
  expect(await liar.evaluate(() => page.vouchers())).toEqual([]);
  expect(await liar.evaluate(async () => (await page.figures()).earned)).toBe('0');
  await liar.context().close();
});

test('vouchers of two payers are redeemed in one batch', async () => {
  const second = await open(1);
  await join(second, 0);
  await expectLinks(second, PROVIDERS);
  await second.evaluate(amount => page.openPurse(amount), `${PRICE * 1_000n}`);
  const job = (await run(second)) as PaidJob;
  expect(job.equal).toBe(true);
  const [richest] = addresses.toSorted((a, b) => (job.parts[b] ?? 0) - (job.parts[a] ?? 0));
  redeemer = providers[addresses.indexOf(richest!)]!;
  await expect.poll(() => redeemer.evaluate(() => page.vouchers())).toHaveLength(2);
  const held = sum(await redeemer.evaluate(() => page.vouchers()));
  expect(await redeemer.evaluate(() => page.redeemAll())).toBe(`${held}`);
  await second.context().close();
});

test('a newcomer who earned without a wallet connects one and claims', async () => {
  const sums = await voucherSums(providers);
  const claimer = providers.find((provider, i) => provider !== redeemer && sums[i]! > 0n)!;
  const { paid, before, after } = await claimer.evaluate(() => page.claimFirst());
  expect(BigInt(paid)).toBeGreaterThan(0n);
  expect(BigInt(after) - BigInt(before)).toBe(BigInt(paid));
});

test('a requester that vanishes in mid-job costs each provider no more than its credit line', async () => {
  const lines = await Promise.all(
    addresses.map(async address => BigInt(await payer.evaluate(provider => page.creditLine(provider), address))),
  );
  let parts = 0;
  const enough = new Promise<void>(resolve => {
    void payer.exposeFunction('onPart', () => ++parts === 20 && resolve());
  });
  run(payer, {}, 4 * SIDE).catch(() => {}); // its page goes before it ends
  await enough;
  await payer.context().close();
  for (const [i, provider] of providers.entries()) {
    await expect
      .poll(() => provider.evaluate(() => page.sea!.contribution().running.length), { timeout: 20_000 })
      .toBe(0);
    const { atRisk, unredeemed } = await provider.evaluate(() => page.figures());
    expect(BigInt(atRisk) - BigInt(unredeemed)).toBeLessThanOrEqual(lines[i]!);
  }
});
