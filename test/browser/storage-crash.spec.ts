/**
 * Holders whose whole browser is killed. The owner is in a browser that lives; eight holders, each an origin of its own, are
 * in one persistent profile of another, every process of which gets SIGKILL. What they had acknowledged must be in their
 * databases, looked at before they join again, and be had from them under their old addresses.
 */

import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { makeProfile, openProfile } from '../support/chromium.ts';
import { readyToKill, whyNoKilling } from '../support/kill-browser.ts';
import { get, MiB, put, StorageSite, stored, type TestFile } from '../support/storage-site.ts';
import type { StoragePage } from './storage.entry.ts';

declare const page: StoragePage;

const HOLDERS = 8;
const K = 4;
const small: TestFile = { length: 9 * MiB, seed: 1, k: K, n: HOLDERS };
const film: TestFile = { length: 24 * MiB, seed: 2, k: K, n: HOLDERS };
const FILM_SHARDS = 6 * HOLDERS;

let site: StorageSite;
let profiles: Awaited<ReturnType<typeof makeProfile>>[];
let ownersBrowser: BrowserContext;
let owner: Page;
let browser: BrowserContext;
let holders: Page[];
let addresses: string[];
let smallLinks: Awaited<ReturnType<typeof stored>>;
/** Ids of what each holder has acknowledged and was not told to delete. */
const promised: Set<string>[] = Array.from({ length: HOLDERS }, () => new Set());

const reason = whyNoKilling();
test.skip(reason !== undefined, reason);
test.describe.configure({ mode: 'serial', timeout: 180_000 });

test.beforeAll(async () => {
  site = await StorageSite.start();
  profiles = [await makeProfile(), await makeProfile()];
  ownersBrowser = await openProfile(profiles[0]!.folder);
  owner = await site.open(ownersBrowser, 0);
  await site.join(owner, 0);
  await openHolders();
  addresses = await joinAll();
});

test.afterAll(async () => {
  await browser?.close();
  await ownersBrowser?.close();
  await site?.close();
  for (const profile of profiles ?? []) await profile.remove();
});

/** Starts the holders' browser on its profile; none of them is in the sea yet. */
async function openHolders(): Promise<void> {
  browser = await openProfile(profiles[1]!.folder);
  holders = [];
  for (let index = 1; index <= HOLDERS; index++) holders.push(await site.open(browser, index));
}

function joinAll(): Promise<string[]> {
  return Promise.all(holders.map(tab => site.join(tab)));
}

/** Adds what the owner heard from holders at its last put, with the link about the manifest too; the number of shards. */
async function notePromises(of: TestFile, link?: string): Promise<number> {
  const ids = await owner.evaluate(({ length, seed, k, n }) => page.shardIds(length, seed, k, n), of);
  const heard = await owner.evaluate(() => page.acknowledged);
  const note = (holder: string, id: string): unknown => promised[addresses.indexOf(holder)]!.add(id);
  for (const { segment, shard, holder } of heard) note(holder, ids[segment]![shard]!);
  if (link !== undefined) {
    const manifest = await owner.evaluate(text => page.manifest(text), link);
    for (const holder of manifest.holders) note(holder, manifest.id);
  }
  return heard.length;
}

/**
 * That every holder's database has what it promised, and nothing by halves, and that the holder counts the same; the number
 * of shards. Before they join: the owner of a file that was cut off deletes what it can reach of it.
 */
async function expectPromisesKept(): Promise<number> {
  const shelves = await Promise.all(holders.map(tab => tab.evaluate(() => page.shelved())));
  const lost = shelves.flatMap(({ whole }, i) => [...promised[i]!].filter(id => !whole.includes(id)));
  expect(lost).toEqual([]);
  expect(shelves.map(({ broken, unlisted }) => [broken, unlisted])).toEqual(shelves.map(() => [[], 0]));
  const held = await Promise.all(holders.map(tab => site.wake(tab)));
  expect(held.map(({ shards }) => shards)).toEqual(shelves.map(({ whole }) => whole.length));
  return held.reduce((sum, { shards }) => sum + shards, 0);
}

test('killed as soon as a put resolved, the holders have the whole file', async () => {
  const kill = await readyToKill(browser);
  smallLinks = await stored(owner, small);
  const processes = await kill();
  expect(processes).toBeGreaterThan(2); // the browser itself, its services, its pages
  await openHolders();
  expect(await notePromises(small, smallLinks.read)).toBe(3 * HOLDERS);
  expect(await expectPromisesKept()).toBe(3 * HOLDERS + HOLDERS - K + 1);
  expect(await joinAll()).toEqual(addresses);
  expect(await get(owner, smallLinks.read, small)).toMatchObject({ equal: true });
});

for (const acknowledged of [1, FILM_SHARDS / 2]) {
  test(`killed when ${acknowledged} of ${FILM_SHARDS} shards are acknowledged, the holders have these`, async () => {
    const kill = await readyToKill(browser);
    const cutOff = { ...film, seed: film.seed + acknowledged };
    const putting = put(owner, cutOff);
    await owner.waitForFunction(count => page.acknowledged.length >= count, acknowledged, { polling: 1 });
    const processes = await kill();
    await openHolders();
    const heard = await notePromises(cutOff);
    expect(heard).toBeGreaterThanOrEqual(acknowledged);
    expect(heard).toBeLessThan(FILM_SHARDS);
    const shards = await expectPromisesKept();
    console.log(JSON.stringify({ processes, heard, shards }));
    expect(await joinAll()).toEqual(addresses);
    expect(await get(owner, smallLinks.read, small)).toMatchObject({ equal: true });
    expect(await putting).toEqual({ code: 'TOO_FEW_HOLDERS' });
    const again = await stored(owner, cutOff);
    expect(await get(owner, again.read, cutOff)).toMatchObject({ equal: true });
    await notePromises(cutOff, again.read);
  });
}

test('what was stored and survived can be deleted', async () => {
  const { delete: link } = smallLinks;
  expect(await owner.evaluate(text => page.delete(text), link)).toEqual({
    deleted: 3 * HOLDERS + HOLDERS - K + 1,
    missed: 0,
  });
  expect(await get(owner, smallLinks.read, small)).toEqual({ code: 'NOT_FOUND' });
});
