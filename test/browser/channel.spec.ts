/**
 * A channel on real browsers: ten tabs, eight of them members. Every message reaches each of the others once, also when two
 * members close in mid-stream and the bootstrap is dead; `sendAny` spreads work over those that serve.
 */

import { fileURLToPath } from 'node:url';
import { type Browser, chromium, expect, type Page, test } from '@playwright/test';
import { launchOptions } from '../support/chromium.ts';
import { type SeaProcess, startProcess } from '../support/sea-process.ts';
import { type ServedPage, servePage } from '../support/serve-page.ts';
import type { PageApi } from './channel.entry.ts';

declare const page: PageApi;

const TABS = 10;
const MEMBERS = 8;

let browser: Browser;
let site: ServedPage;
let bootstrap: SeaProcess;
/** The members first. */
const tabs: Page[] = [];

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  browser = await chromium.launch(launchOptions());
  site = await servePage({ entry: fileURLToPath(new URL('./channel.entry.ts', import.meta.url)) });
  bootstrap = await startProcess('bootstrap', '--port', '0');
});

test.afterAll(async () => {
  await browser?.close();
  await bootstrap?.stop();
  await site?.close();
});

async function open(): Promise<Page> {
  const context = await browser.newContext();
  const tab = await context.newPage();
  tab.on('pageerror', error => console.log(`page error: ${error.message}`));
  await tab.goto(site.url);
  await tab.waitForFunction(() => 'page' in globalThis);
  return tab;
}

const range = (first: number, count: number): number[] => Array.from({ length: count }, (_, i) => first + i);

/** Waits until each has heard that many, and a moment for what comes too often; what each heard, sorted. */
async function heardBy(listeners: readonly Page[], count: number): Promise<number[][]> {
  await expect
    .poll(() => Promise.all(listeners.map(tab => tab.evaluate(() => page.heard.length))), { timeout: 60_000 })
    .toEqual(listeners.map(() => count));
  await listeners[0]!.waitForTimeout(2_000);
  const heard = await Promise.all(listeners.map(tab => tab.evaluate(() => page.takeHeard() as number[])));
  return heard.map(values => values.sort((a, b) => a - b));
}

test('eight of ten tabs find one another in a channel', async () => {
  for (let i = 0; i < TABS; i++) tabs.push(await open());
  await Promise.all(
    tabs.map((tab, i) =>
      tab.evaluate(
        ([url, channelId]) => page.enter(url!, channelId!),
        [bootstrap.ready.ws, i < MEMBERS ? 'harbour' : 'elsewhere'],
      ),
    ),
  );
  const counts = [...tabs.slice(0, MEMBERS).map(() => MEMBERS - 1), ...tabs.slice(MEMBERS).map(() => 1)];
  await expect
    .poll(() => Promise.all(tabs.map(tab => tab.evaluate(() => page.members().length))), { timeout: 90_000 })
    .toEqual(counts);
});

test('every message reaches each of the others exactly once, and nobody outside', async () => {
  const members = tabs.slice(0, MEMBERS);
  await Promise.all(members.map((tab, i) => tab.evaluate(first => page.say(first, 10, 50), 100 * i)));
  const heard = await heardBy(members, 10 * (MEMBERS - 1));
  for (const [i, values] of heard.entries()) {
    const others = range(0, MEMBERS).filter(j => j !== i);
    expect(values).toEqual(others.flatMap(j => range(100 * j, 10)));
  }
  for (const tab of tabs.slice(MEMBERS)) expect(await tab.evaluate(() => page.heard)).toEqual([]);
});

test('a hundred calls of sendAny are spread over those that serve', async () => {
  const [caller, ...servers] = tabs.slice(0, MEMBERS);
  await Promise.all(servers.map(tab => tab.evaluate(() => page.serve(50))));
  await expect.poll(() => caller!.evaluate(() => page.squares(1).then(String, () => 'not yet'))).toBe('0');
  await Promise.all(servers.map(tab => tab.evaluate(() => page.takeServed())));
  await caller!.waitForTimeout(1_000); // every server has told every member by then
  expect(await caller!.evaluate(() => page.squares(100))).toEqual(range(0, 100).map(i => i ** 2));
  const served = await Promise.all(servers.map(tab => tab.evaluate(() => page.takeServed())));
  console.log(JSON.stringify({ served }));
  expect(served.reduce((sum, count) => sum + count)).toBe(100);
  for (const count of served) expect(count).toBeGreaterThanOrEqual(5);
  for (const count of served) expect(count).toBeLessThanOrEqual(30);
  expect(await caller!.evaluate(() => page.trySendAny('cube'))).toBe('NO_HANDLER');
});

test('two members close in mid-stream and the bootstrap is dead: the others hear everything once', async () => {
  await bootstrap.kill();
  const members = tabs.slice(0, MEMBERS);
  const talking = Promise.all(members.slice(0, 2).map((tab, i) => tab.evaluate(n => page.say(n, 40, 100), 1_000 * i)));
  await members[0]!.waitForTimeout(1_500);
  const leaving = members.splice(-2);
  await Promise.all(leaving.map(tab => tab.close()));
  await talking;
  const [first, second, ...others] = members;
  expect(await heardBy(others, 80)).toEqual(others.map(() => [...range(0, 40), ...range(1_000, 40)]));
  expect(await heardBy([first!], 40)).toEqual([range(1_000, 40)]);
  expect(await heardBy([second!], 40)).toEqual([range(0, 40)]);
  await expect
    .poll(() => Promise.all(members.map(tab => tab.evaluate(() => page.members().length))), { timeout: 90_000 })
    .toEqual(members.map(() => MEMBERS - 3));
});
