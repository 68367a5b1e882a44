/**
 * Files as shards on real browsers: one owner and eleven holders, each an origin of its own (`hN.localhost`, so a database
 * of its own) in one persistent profile.
 */

import { fileURLToPath } from 'node:url';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { makeProfile, openProfile } from '../support/chromium.ts';
import { type SeaProcess, startProcess } from '../support/sea-process.ts';
import { type ServedPage, servePage } from '../support/serve-page.ts';
import type { StoragePage } from './storage.entry.ts';

declare const page: StoragePage;

const ORIGINS = 12;
const MiB = 1_048_576;
const FILE_BYTES = 64 * MiB;
const SMALL_BYTES = 3 * MiB;
const K = 4;
const N = 10;

let site: ServedPage;
let bootstrap: SeaProcess;
let profile: Awaited<ReturnType<typeof makeProfile>>;
let context: BrowserContext;
const tabs: Page[] = [];
const addresses: string[] = [];

test.describe.configure({ mode: 'serial', timeout: 240_000 });

test.beforeAll(async () => {
  site = await servePage({ entry: fileURLToPath(new URL('./storage.entry.ts', import.meta.url)) });
  bootstrap = await startProcess('bootstrap', '--port', '0');
  profile = await makeProfile();
  context = await openProfile(profile.folder);
});

test.afterAll(async () => {
  await context?.close();
  await bootstrap?.stop();
  await site?.close();
  await profile?.remove();
});

/** The page of origin `index`, not in the sea yet. */
async function open(index: number): Promise<Page> {
  const tab = await context.newPage();
  tab.on('pageerror', error => console.log(`page error: ${error.message}`));
  await visit(tab, index);
  return tab;
}

async function visit(tab: Page, index: number): Promise<void> {
  await tab.goto(`http://h${index}.localhost:${site.port}/`);
  await tab.waitForFunction(() => 'page' in globalThis);
}

function join(tab: Page, quotaBytes: number): Promise<string> {
  return tab.evaluate(([url, bytes]) => page.join(url, bytes), [bootstrap.ready.ws!, quotaBytes] as const);
}

const put = (tab: Page, length: number, seed: number, n = N): ReturnType<StoragePage['put']> =>
  tab.evaluate(([bytes, from, k, all]) => page.put(bytes, from, k, all), [length, seed, K, n] as const);

const get = (tab: Page, link: string, length: number, seed: number): ReturnType<StoragePage['get']> =>
  tab.evaluate(([text, bytes, from]) => page.get(text, bytes, from), [link, length, seed] as const);

/** Stores or fails the test. */
async function stored(length: number, seed: number, n = N): Promise<{ read: string; delete: string; ms: number }> {
  const links = await put(tabs[0]!, length, seed, n);
  if ('code' in links) throw new Error(`put failed with ${links.code}`);
  return links;
}

async function reopen(index: number): Promise<void> {
  tabs[index] = await open(index);
  addresses[index] = await join(tabs[index]!, 512 * MiB);
}

test('the coder and the store pass their suites in the page', async () => {
  const tab = await open(99);
  for (const suite of ['coderSuite', 'storeSuite'] as const) {
    const outcomes = await tab.evaluate(name => page[name](), suite);
    expect(outcomes.filter(({ failure }) => failure !== undefined)).toEqual([]);
    expect(outcomes.length).toBeGreaterThanOrEqual(7);
  }
  expect(await tab.evaluate(() => page.putTogether())).toEqual(['kept 100000', 'NO_STORAGE undefined']);
  await tab.close();
});

test('twelve origins join, eleven of them lend; with too few, an upload says so', async () => {
  for (let i = 0; i < ORIGINS; i++) tabs.push(await open(i));
  addresses.push(await join(tabs[0]!, 0));
  expect(await put(tabs[0]!, SMALL_BYTES, 1)).toEqual({ code: 'TOO_FEW_HOLDERS' });
  addresses.push(...(await Promise.all(tabs.slice(1).map(tab => join(tab, 512 * MiB)))));
  expect(new Set(addresses).size).toBe(ORIGINS);
});

test('64 MiB as 4 of 10: close any six holders, and every byte is there', async () => {
  const { read, ms: putMs } = await stored(FILE_BYTES, 7);
  const holders = await tabs[0]!.evaluate(link => page.holders(link), read);
  expect(new Set(holders).size).toBe(N);
  const whole = await get(tabs[0]!, read, FILE_BYTES, 7);
  expect(whole).toMatchObject({ equal: true });
  const closed = holders.filter((_, shard) => shard % 5 < 3).map(address => addresses.indexOf(address));
  await Promise.all(closed.map(index => tabs[index]!.close()));
  const without = await get(tabs[0]!, read, FILE_BYTES, 7);
  console.log(JSON.stringify({ putMs: Math.round(putMs), whole, without }));
  expect(closed.length).toBe(6);
  expect(without).toMatchObject({ equal: true });
  for (const index of closed) await reopen(index);
});

test('holders that were reloaded or killed have all that they acknowledged', async () => {
  const { read } = await stored(SMALL_BYTES, 8);
  const held = await Promise.all(tabs.slice(1).map(tab => tab.evaluate(() => page.held().usedBytes)));
  for (const index of [1, 2, 3, 4, 5, 6]) {
    await tabs[index]!.reload();
    await tabs[index]!.waitForFunction(() => 'page' in globalThis);
    expect(await join(tabs[index]!, 512 * MiB)).toBe(addresses[index]);
  }
  for (const index of [7, 8, 9, 10, 11]) {
    await crash(tabs[index]!);
    const was = addresses[index];
    await reopen(index);
    expect(addresses[index]).toBe(was);
  }
  expect(await Promise.all(tabs.slice(1).map(tab => tab.evaluate(() => page.held().usedBytes)))).toEqual(held);
  expect(await get(tabs[0]!, read, SMALL_BYTES, 8)).toMatchObject({ equal: true });
});

/** Kills the tab's renderer, as the system does when memory runs out. */
async function crash(tab: Page): Promise<void> {
  const session = await context.newCDPSession(tab);
  const crashed = tab.waitForEvent('crash');
  session.send('Page.crash').catch(() => {}); // it never answers
  await crashed;
  await tab.close();
}

test('a full holder refuses, and the upload completes elsewhere', async () => {
  const before = await tabs[5]!.evaluate(() => page.held());
  await tabs[5]!.evaluate(bytes => page.sea!.storage.lend({ quotaBytes: bytes }), before.usedBytes + MiB / 2);
  const { read } = await stored(SMALL_BYTES, 9);
  const holders = await tabs[0]!.evaluate(link => page.holders(link), read);
  expect(holders).not.toContain(addresses[5]);
  expect((await tabs[5]!.evaluate(() => page.held())).usedBytes).toBeLessThanOrEqual(before.usedBytes + MiB / 2);
  expect(await get(tabs[0]!, read, SMALL_BYTES, 9)).toMatchObject({ equal: true });
  expect(await put(tabs[0]!, SMALL_BYTES, 9, 11)).toEqual({ code: 'TOO_FEW_HOLDERS' });
  await tabs[5]!.evaluate(bytes => page.sea!.storage.lend({ quotaBytes: bytes }), 512 * MiB);
});

test('what does not fit has its code', async () => {
  const [one, other] = [await stored(SMALL_BYTES, 10), await stored(SMALL_BYTES, 11)];
  const reader = tabs[1]!;
  const code = async (link: string): Promise<unknown> => get(reader, link, SMALL_BYTES, 10);
  expect(await code(one.read)).toMatchObject({ equal: true });
  expect(await code(one.read.slice(0, -7))).toEqual({ code: 'BAD_LINK' });
  expect(await code(one.delete)).toEqual({ code: 'NO_RIGHT' });
  expect(await code(await reader.evaluate(link => page.forged(link, 'right'), one.read))).toEqual({ code: 'NO_RIGHT' });
  const swapped = await reader.evaluate(([link, another]) => page.forged(link, { manifestOf: another }), [
    one.read,
    other.read,
  ] as const);
  expect(await code(swapped)).toEqual({ code: 'BAD_MANIFEST' });
  expect(await reader.evaluate(link => page.delete(link), other.read)).toEqual({ code: 'NO_RIGHT' });
  expect(await reader.evaluate(link => page.delete(link), other.delete)).toEqual({ deleted: N + N - K + 1, missed: 0 });
  expect(await get(reader, other.read, SMALL_BYTES, 11)).toEqual({ code: 'NOT_FOUND' });
});

test('damaged shards are noticed: others serve, and when too many are damaged it is said', async () => {
  const damaged = async (shards: readonly string[]): Promise<void> => {
    for (const address of shards) {
      const index = addresses.indexOf(address);
      expect(await tabs[index]!.evaluate(() => page.damage())).toBeGreaterThan(0);
    }
  };
  const [some, many] = [await stored(SMALL_BYTES, 12), await stored(SMALL_BYTES, 13)];
  const holders = await tabs[0]!.evaluate(link => page.holders(link), many.read);
  await damaged(holders.slice(K, N)); // the first k are whole, and so are the manifests they have
  expect(await get(tabs[0]!, some.read, SMALL_BYTES, 12)).toMatchObject({ equal: true });
  await damaged([holders[K - 1]!]);
  expect(await get(tabs[0]!, many.read, SMALL_BYTES, 13)).toEqual({ code: 'DAMAGED' });
});
