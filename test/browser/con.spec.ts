/**
 * Cons between real tabs: as the seed's API has them, over a link of their own, and through the sea where ICE has no
 * way, or for a while. PEERSEA_CON_MIB says how much goes through a stream (default 64), PEERSEA_CON_RELAYED_MS how long a
 * con is relayed before ICE finds a way (default 10 s).
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, expect, type Page, test } from '@playwright/test';
import { launchOptions } from '../support/chromium.ts';
import { type SeaProcess, startProcess } from '../support/sea-process.ts';
import { type ServedPage, servePage } from '../support/serve-page.ts';
import type { PageApi } from './con.entry.ts';
import { beginTraffic, bothSay, endTraffic } from './con.traffic.ts';

declare const page: PageApi;

const STREAM_BYTES = Number(process.env.PEERSEA_CON_MIB ?? 64) * 1_048_576;
/** What the renderers of both pages may grow by while a stream of any length passes, bytes. */
const GROWTH_BYTES_MAX = 256 * 1_048_576;
/** How long a con goes through the sea before ICE finds a way, ms: attempts have failed and the next one waits. */
const RELAYED_MS = Number(process.env.PEERSEA_CON_RELAYED_MS ?? 10_000);
/** How long it then goes the new way, ms: longer than a link that was replaced lives. */
const DIRECT_MS = 7_000;

let browser: Browser;
let site: ServedPage;
let bootstrap: SeaProcess;

test.beforeAll(async () => {
  browser = await chromium.launch(launchOptions());
  site = await servePage({ entry: fileURLToPath(new URL('./con.entry.ts', import.meta.url)) });
  bootstrap = await startProcess('bootstrap', '--port', '0');
});

test.afterAll(async () => {
  await browser?.close();
  await bootstrap?.stop();
  await site?.close();
});

interface Tab {
  readonly page: Page;
  readonly address: string;
}

/** A tab of its own profile, online. */
async function join(policy: 'all' | 'relay'): Promise<Tab> {
  const context = await browser.newContext();
  const tab = await context.newPage();
  tab.on('pageerror', error => console.log(`page error: ${error.message}`));
  await tab.goto(site.url);
  await tab.waitForFunction(() => 'page' in globalThis);
  const address = await tab.evaluate(([url, ice]) => page.join(url as string, ice as 'all' | 'relay'), [
    bootstrap.ready.ws!,
    policy,
  ] as const);
  return { page: tab, address };
}

function pair(policy: 'all' | 'relay'): Promise<[Tab, Tab]> {
  return Promise.all([join(policy), join(policy)]);
}

async function close(...tabs: Tab[]): Promise<void> {
  for (const tab of tabs) await tab.page.context().close();
}

const route = (tab: Tab): Promise<string> => tab.page.evaluate(() => page.route());
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Memory of every renderer of the browser, bytes; undefined where /proc is not there to tell. */
async function rendererBytes(): Promise<number | undefined> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer');
    return renderers.reduce((sum, { id }) => sum + residentBytes(id), 0);
  } catch {
    return undefined;
  } finally {
    await session.detach();
  }
}

function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1_024;
}

/** The most that memory grew by while the work ran. */
async function growthDuring(work: Promise<unknown>): Promise<number | undefined> {
  const before = await rendererBytes();
  let peak = before ?? 0;
  let over = false;
  const end = (): void => {
    over = true;
  };
  work.then(end, end);
  while (!over) {
    peak = Math.max(peak, (await rendererBytes()) ?? 0);
    await new Promise(resolve => setTimeout(resolve, 200));
  }
  return before === undefined ? undefined : peak - before;
}

test('two tabs have a con as the seed describes it, over a link of their own', async () => {
  const [a, b] = await pair('all');
  const began = await a.page.evaluate(remote => page.connect(remote), b.address);
  expect(began).toEqual({ connected: false, remote: b.address });
  await expect.poll(() => a.page.evaluate(() => page.events)).toContain('connect');
  await expect.poll(() => route(a)).toBe('direct webrtc');
  await expect.poll(() => route(b)).toBe('direct webrtc');
  await a.page.evaluate(() => page.con!.send('ask', { text: 'hello', bytes: new Uint8Array([1, 2]) }));
  await expect
    .poll(() => a.page.evaluate(() => JSON.stringify(page.values)))
    .toBe('[["heard",{"text":"hello","bytes":{"0":1,"1":2}}]]');
  await a.page.evaluate(() => page.sendNumbers(2_000));
  await expect.poll(() => b.page.evaluate(() => page.values.length)).toBe(2_000);
  expect(await b.page.evaluate(() => page.values)).toEqual(upTo(2_000));
  await b.page.evaluate(() => page.con!.disconnect());
  await expect.poll(() => a.page.evaluate(() => page.events)).toEqual(['connect', 'disconnect']);
  expect(await b.page.evaluate(() => page.events)).toEqual(['connect', 'disconnect']);
  expect(await a.page.evaluate(() => page.con!.connected())).toBe(false);
  await close(a, b);
});

test('a stream moves any amount with bounded memory', async () => {
  test.setTimeout(120_000 + STREAM_BYTES / 1_000);
  const [a, b] = await pair('all');
  await a.page.evaluate(remote => page.connect(remote), b.address);
  await expect.poll(() => route(a)).toBe('direct webrtc');
  const writing = a.page.evaluate(bytes => page.writePattern(bytes), STREAM_BYTES);
  const growthBytes = await growthDuring(writing);
  await expect.poll(() => b.page.evaluate(() => page.read !== undefined)).toBe(true);
  const report = await b.page.evaluate(() => page.read!);
  const mib = STREAM_BYTES / 1_048_576;
  console.log(
    JSON.stringify({
      mib,
      writeMs: Math.round(await writing),
      mibPerSecond: Math.round((mib * 1_000) / report.ms),
      growthMib: growthBytes === undefined ? null : Math.round(growthBytes / 1_048_576),
    }),
  );
  expect([report.bytes, report.right]).toEqual([STREAM_BYTES, true]);
  if (growthBytes !== undefined) expect(growthBytes).toBeLessThan(GROWTH_BYTES_MAX);
  await close(a, b);
});

test('two tabs that ICE cannot connect talk through the sea, and say so', async () => {
  const [a, b] = await pair('relay');
  await a.page.evaluate(remote => page.connect(remote), b.address);
  await expect.poll(() => a.page.evaluate(() => page.events)).toContain('connect');
  expect(await a.page.evaluate(() => page.transports())).toEqual(['websocket']);
  for (const tab of [a, b]) expect(await route(tab)).toBe(`relayed ${bootstrap.ready.address}`);
  await a.page.evaluate(() => page.con!.send('ask', 'through the sea'));
  await expect.poll(() => a.page.evaluate(() => page.values)).toEqual([['heard', 'through the sea']]);
  await a.page.evaluate(() => page.sendNumbers(2_000));
  await expect.poll(() => b.page.evaluate(() => page.values.length)).toBe(2_000);
  expect(await b.page.evaluate(() => page.values)).toEqual(upTo(2_000));
  const bytes = 4 * 1_048_576;
  const ms = await a.page.evaluate(count => page.writePattern(count), bytes);
  await expect.poll(() => b.page.evaluate(() => page.read !== undefined)).toBe(true);
  const report = await b.page.evaluate(() => page.read!);
  console.log(JSON.stringify({ relayedMib: 4, ms: Math.round(ms) }));
  expect([report.bytes, report.right]).toEqual([bytes, true]);
  expect(await route(a)).toBe(`relayed ${bootstrap.ready.address}`);
  await a.page.evaluate(() => page.con!.disconnect());
  await expect.poll(() => b.page.evaluate(() => page.events)).toEqual(['connect', 'disconnect']);
  await close(a, b);
});

test('a con that ICE could not connect moves to a direct link when it can, and through the sea when that is cut', async () => {
  test.setTimeout(240_000);
  const [a, b] = await pair('relay');
  const tabs = [a.page, b.page] as const;
  await a.page.evaluate(remote => page.connect(remote), b.address);
  await expect.poll(() => a.page.evaluate(() => page.events)).toContain('connect');
  for (const tab of [a, b]) expect(await route(tab)).toBe(`relayed ${bootstrap.ready.address}`);
  await beginTraffic(tabs);
  await new Promise(resolve => setTimeout(resolve, RELAYED_MS));
  for (const tab of [a, b]) expect(await route(tab)).toMatch(/^relayed/);
  const possibleMs = Date.now();
  for (const tab of tabs) await tab.evaluate(() => page.setPolicy('all'));
  const directAfterMs = await bothSay(tabs, 'direct', possibleMs);
  await new Promise(resolve => setTimeout(resolve, DIRECT_MS));
  for (const tab of [a, b]) expect(await route(tab)).toBe('direct webrtc');
  const cutMs = Date.now();
  for (const tab of tabs) await tab.evaluate(() => page.cutDirect());
  const relayedAfterMs = await bothSay(tabs, 'relayed', cutMs);
  await new Promise(resolve => setTimeout(resolve, DIRECT_MS));
  const carried = await endTraffic(tabs);
  console.log(JSON.stringify({ relayedMs: RELAYED_MS, directAfterMs, relayedAfterMs, ...carried }));
  await close(a, b);
});
