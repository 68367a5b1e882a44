/** First links in real pages, served by the bootstrap server under its own policy: by websocket and between tabs. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { build } from 'vite';
import { type BootstrapServer, startBootstrapServer } from '../../src/adapters/node/bootstrap-server.ts';
import { pagePolicy } from '../../src/adapters/node/page-files.ts';
import { taskFrameScriptHash } from '../../src/adapters/worker/generated/task-frame-hash.ts';
import { timersClock } from '../../src/ports/acceptance/timers-clock.ts';
import type { Channel } from '../../src/ports/link-factory.ts';
import { silentLog } from '../../src/ports/log.ts';
import { servePage } from '../support/serve-page.ts';
import type { FirstLinks } from './first-links.entry.ts';
import type { Probe } from './task-runner.entry.ts';

declare const firstLinks: FirstLinks;
declare const probe: Probe;

const FRAMES = 256; // 16 MiB
let folder: string;
let server: BootstrapServer;
let accepted: Channel[];
let violations: string[];

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peersea-first-links-'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2022',
      rollupOptions: {
        input: fileURLToPath(new URL('./first-links.entry.ts', import.meta.url)),
        output: { entryFileNames: 'entry.js' },
      },
    },
  });
  const page = '<!doctype html><title>first links</title><link rel="icon" href="data:,">';
  await writeFile(join(folder, 'index.html'), `${page}<script type="module" src="/entry.js"></script>`);
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

test.beforeEach(async () => {
  accepted = [];
  violations = [];
  server = await start();
});
test.afterEach(async () => {
  await server.close();
  expect(violations).toEqual([]);
});

async function start(origins: '*' | string[] = '*'): Promise<BootstrapServer> {
  const options = { host: '127.0.0.1', port: 0, pageFolder: folder, origins, clock: timersClock(), log: silentLog };
  const started = await startBootstrapServer({ ...options, status: () => ({}) });
  await started.listener.listen(channel => accepted.push(channel));
  return started;
}

/** A tab of the context with the page in it. */
async function openTab(context: BrowserContext, url: string = server.url): Promise<Page> {
  const page = await context.newPage();
  noteViolations(page);
  await page.goto(url);
  await page.waitForFunction(() => 'firstLinks' in globalThis);
  return page;
}

/** What the page's policy forbids shows in its console. */
function noteViolations(page: Page): void {
  page.on('console', message => {
    if (/Content.Security.Policy/i.test(message.text())) violations.push(message.text());
  });
}

test('a page and a node share a websocket: same binding, 16 MiB there and back, its end noticed', async ({
  context,
}) => {
  const page = await openTab(context);
  const told = await page.evaluate(url => firstLinks.dial(url), server.wsUrl);
  expect(told).toBe(`websocket ${new URL(server.url).host}`);
  const [channel] = accepted;
  expect(new TextDecoder().decode(channel?.binding)).toBe(new URL(server.url).host);
  const closes: string[] = [];
  channel?.open({
    onFrame: frame => channel.send(frame),
    onWritable: () => {},
    onClose: reason => closes.push(reason.code),
  });
  const seconds = await page.evaluate(frames => firstLinks.echoAll(frames), FRAMES);
  console.log(`16 MiB there and back over a websocket: ${seconds.toFixed(2)} s`);
  await page.close();
  await expect.poll(() => closes).toEqual(['LINK_CLOSED']);
});

test('a page hears its websocket end, once, when the node stops', async ({ context }) => {
  const page = await openTab(context);
  await page.evaluate(url => firstLinks.dial(url), server.wsUrl);
  await server.close();
  await expect.poll(() => page.evaluate(() => firstLinks.closes())).toEqual(['LINK_CLOSED']);
  expect(await page.evaluate(url => firstLinks.dial(url), server.wsUrl)).toMatch(/^DIAL_FAILED: /);
});

test('a page of an origin that is not listed is refused', async ({ context }) => {
  const strict = await start(['https://sea.example.org']);
  const page = await openTab(context);
  expect(await page.evaluate(url => firstLinks.dial(url), strict.wsUrl)).toMatch(/^DIAL_FAILED: /);
  expect(accepted).toEqual([]);
  await strict.close();
});

test('two tabs of one origin link up with every server gone', async ({ context }) => {
  const [first, second] = [await openTab(context), await openTab(context)];
  await first.evaluate(() => firstLinks.listen());
  await server.close();
  expect(await second.evaluate(() => firstLinks.dial('tab:'))).toBe('tab ');
  const seconds = await second.evaluate(frames => firstLinks.echoAll(frames), FRAMES);
  console.log(`16 MiB there and back between tabs: ${seconds.toFixed(2)} s`);
  const left = performance.now();
  await first.close({ runBeforeUnload: true });
  await expect.poll(() => second.evaluate(() => firstLinks.closes()), { intervals: [50] }).toEqual(['LINK_CLOSED']);
  console.log(`a tab that went away was noticed after ${((performance.now() - left) / 1_000).toFixed(2)} s`);
});

test('tabs of another origin, and of another browser context, do not meet', async ({ context, browser }) => {
  const other = await browser.newContext();
  const [first, foreign, stranger] = [
    await openTab(context),
    await openTab(context, server.url.replace('127.0.0.1', 'localhost')),
    await openTab(other),
  ];
  await first.evaluate(() => firstLinks.listen());
  for (const page of [foreign, stranger]) {
    expect(await page.evaluate(() => firstLinks.dial('tab:'))).toMatch(/^DIAL_FAILED: no other tab/);
  }
  await other.close();
});

test("tasks run under the page's policy", async ({ page }) => {
  const entry = fileURLToPath(new URL('./task-runner.entry.ts', import.meta.url));
  const policy = pagePolicy([taskFrameScriptHash]);
  const served = await servePage({ entry, headers: { 'content-security-policy': policy } });
  noteViolations(page);
  await page.goto(served.url);
  await page.waitForFunction(() => 'probe' in globalThis);
  expect(await page.evaluate(() => probe.echo())).toBe('1,2,3');
  await served.close();
});
