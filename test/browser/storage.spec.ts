/**
 * Files as shards on real browsers: one owner and eleven holders, each an origin of its own (`hN.localhost`, so a database
 * of its own) in one persistent profile.
 */

import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { makeProfile, openProfile } from '../support/chromium.ts';
import { get, MiB, put, StorageSite, stored, type TestFile } from '../support/storage-site.ts';
import type { StoragePage } from './storage.entry.ts';

declare const page: StoragePage;

const ORIGINS = 12;
const K = 4;
const N = 10;
const small = (seed: number, n = N): TestFile => ({ length: 3 * MiB, seed, k: K, n });

let site: StorageSite;
let profile: Awaited<ReturnType<typeof makeProfile>>;
let context: BrowserContext;
const tabs: Page[] = [];
const addresses: string[] = [];

test.describe.configure({ mode: 'serial', timeout: 240_000 });

test.beforeAll(async () => {
  site = await StorageSite.start();
  profile = await makeProfile();
  context = await openProfile(profile.folder);
});

test.afterAll(async () => {
  await context?.close();
  await site?.close();
  await profile?.remove();
});

const open = (index: number): Promise<Page> => site.open(context, index);

async function reopen(index: number): Promise<void> {
  tabs[index] = await open(index);
  addresses[index] = await site.join(tabs[index]!);
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
  addresses.push(await site.join(tabs[0]!, 0));
  expect(await put(tabs[0]!, small(1))).toEqual({ code: 'TOO_FEW_HOLDERS' });
  addresses.push(...(await Promise.all(tabs.slice(1).map(tab => site.join(tab)))));
  expect(new Set(addresses).size).toBe(ORIGINS);
});

test('64 MiB as 4 of 10: close any six holders, and every byte is there', async () => {
  const film = { length: 64 * MiB, seed: 7, k: K, n: N };
  const { read, ms: putMs } = await stored(tabs[0]!, film);
  const holders = await tabs[0]!.evaluate(link => page.holders(link), read);
  expect(new Set(holders).size).toBe(N);
  const whole = await get(tabs[0]!, read, film);
  expect(whole).toMatchObject({ equal: true });
  const closed = holders.filter((_, shard) => shard % 5 < 3).map(address => addresses.indexOf(address));
  await Promise.all(closed.map(index => tabs[index]!.close()));
  const without = await get(tabs[0]!, read, film);
  console.log(JSON.stringify({ putMs: Math.round(putMs), whole, without }));
  expect(closed.length).toBe(6);
  expect(without).toMatchObject({ equal: true });
  for (const index of closed) await reopen(index);
});

test('holders that were reloaded or killed have all that they acknowledged', async () => {
  const { read } = await stored(tabs[0]!, small(8));
  const held = await Promise.all(tabs.slice(1).map(tab => tab.evaluate(() => page.held().usedBytes)));
  for (const index of [1, 2, 3, 4, 5, 6]) {
    await tabs[index]!.reload();
    await tabs[index]!.waitForFunction(() => 'page' in globalThis);
    expect(await site.join(tabs[index]!)).toBe(addresses[index]);
  }
  for (const index of [7, 8, 9, 10, 11]) {
    await crash(tabs[index]!);
    const was = addresses[index];
    await reopen(index);
    expect(addresses[index]).toBe(was);
  }
  expect(await Promise.all(tabs.slice(1).map(tab => tab.evaluate(() => page.held().usedBytes)))).toEqual(held);
  expect(await get(tabs[0]!, read, small(8))).toMatchObject({ equal: true });
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
  const { read } = await stored(tabs[0]!, small(9));
  const holders = await tabs[0]!.evaluate(link => page.holders(link), read);
  expect(holders).not.toContain(addresses[5]);
  expect((await tabs[5]!.evaluate(() => page.held())).usedBytes).toBeLessThanOrEqual(before.usedBytes + MiB / 2);
  expect(await get(tabs[0]!, read, small(9))).toMatchObject({ equal: true });
  expect(await put(tabs[0]!, small(9, 11))).toEqual({ code: 'TOO_FEW_HOLDERS' });
  await tabs[5]!.evaluate(bytes => page.sea!.storage.lend({ quotaBytes: bytes }), 512 * MiB);
});

test('what does not fit has its code', async () => {
  const [one, other] = [await stored(tabs[0]!, small(10)), await stored(tabs[0]!, small(11))];
  const reader = tabs[1]!;
  const code = async (link: string): Promise<unknown> => get(reader, link, small(10));
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
  expect(await get(reader, other.read, small(11))).toEqual({ code: 'NOT_FOUND' });
});

test('damaged shards are noticed: others serve, and when too many are damaged it is said', async () => {
  const damaged = async (shards: readonly string[]): Promise<void> => {
    for (const address of shards) {
      const index = addresses.indexOf(address);
      expect(await tabs[index]!.evaluate(() => page.damage())).toBeGreaterThan(0);
    }
  };
  const [some, many] = [await stored(tabs[0]!, small(12)), await stored(tabs[0]!, small(13))];
  const holders = await tabs[0]!.evaluate(link => page.holders(link), many.read);
  await damaged(holders.slice(K, N)); // the first k are whole, and so are the manifests they have
  expect(await get(tabs[0]!, some.read, small(12))).toMatchObject({ equal: true });
  await damaged([holders[K - 1]!]);
  expect(await get(tabs[0]!, many.read, small(13))).toEqual({ code: 'DAMAGED' });
});
