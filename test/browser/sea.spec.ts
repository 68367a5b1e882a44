/**
 * The main job on real browsers: tabs meet through a bootstrap node, link to each other by WebRTC, let the websocket go,
 * and compute a picture together; also when a tab closes in mid-job, and when the bootstrap is gone.
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, expect, type Page, test } from '@playwright/test';
import { importing, noAbi, testModules } from '../../wasm-tasks/testing/modules.ts';
import { launchOptions } from '../support/chromium.ts';
import { type SeaProcess, startProcess } from '../support/sea-process.ts';
import { type ServedPage, servePage } from '../support/serve-page.ts';
import type { JobReport, LinkReport, PageApi } from './sea.entry.ts';

declare const page: PageApi;

const TABS = 6;
const WIDTH = 2000;
const HEIGHT = 1500;
const pictureWasm = [...readFileSync(fileURLToPath(new URL('../../wasm-tasks/picture/task.wasm', import.meta.url)))];

const moduleBytes = (name: keyof typeof testModules): Uint8Array => readFileSync(testModules[name]);

let browser: Browser;
let site: ServedPage;
let bootstrap: SeaProcess;
const contexts: BrowserContext[] = [];
const tabs: Page[] = [];

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  browser = await chromium.launch(launchOptions());
  site = await servePage({ entry: fileURLToPath(new URL('./sea.entry.ts', import.meta.url)) });
  bootstrap = await startProcess('bootstrap', '--port', '0');
});

test.afterAll(async () => {
  await browser?.close();
  await bootstrap?.stop();
  await site?.close();
});

async function open(context: BrowserContext): Promise<Page> {
  const tab = await context.newPage();
  tab.on('pageerror', error => console.log(`page error: ${error.message}`));
  await tab.goto(site.url);
  await tab.waitForFunction(() => 'page' in globalThis);
  return tab;
}

const links = (tab: Page): Promise<LinkReport[]> => tab.evaluate(() => page.links());

async function onlyDirect(tab: Page, least: number): Promise<void> {
  await expect
    .poll(async () => {
      const all = await links(tab);
      return all.length >= least && all.every(link => link.transport === 'webrtc');
    })
    .toBe(true);
}

function runJob(tab: Page): Promise<JobReport> {
  return tab.evaluate(
    ([wasm, width, height]) => page.pictureJob(wasm as number[], width as number, height as number),
    [pictureWasm, WIDTH, HEIGHT],
  );
}

test('six tabs come online over WebRTC and let the websocket go', async () => {
  const began = Date.now();
  for (let i = 0; i < TABS; i++) contexts.push(await browser.newContext());
  tabs.push(...(await Promise.all(contexts.map(open))));
  const opened = Date.now();
  const joined = await Promise.all(tabs.map(tab => tab.evaluate(url => page.join([url!], 1), bootstrap.ready.ws)));
  await Promise.all(tabs.map(tab => onlyDirect(tab, 3)));
  console.log(
    JSON.stringify({
      openTabsMs: opened - began,
      onlineMs: joined.map(({ ms }) => Math.round(ms)),
      allDirectMs: Date.now() - opened,
    }),
  );
  expect(new Set(joined.map(({ address }) => address)).size).toBe(TABS);
  expect(Date.now() - opened).toBeLessThan(60_000);
});

test('the picture job over 2000×1500 pixels equals the reference and was computed by at least three tabs', async () => {
  const report = await runJob(tabs[0]!);
  console.log(JSON.stringify({ ...report, parts: Object.values(report.parts) }));
  expect(report.equal).toBe(true);
  expect(Object.keys(report.parts).length).toBeGreaterThanOrEqual(3);
});

test('bad tasks and bad calls give their codes, and the node goes on', async () => {
  const [tab, other] = [tabs[0]!, tabs[1]!];
  const maps: [string, Uint8Array, number[][], { outputs: number } | { code: string }][] = [
    ['no module', new TextEncoder().encode('not a module'), [[1]], { code: 'NOT_WASM' }],
    ['no ABI', noAbi, [[1]], { code: 'NO_ABI' }],
    ['imports', importing, [[1]], { code: 'UNSUPPORTED' }],
    ['4 GiB', moduleBytes('greedy'), [[1]], { code: 'MEMORY_LIMIT' }],
    ['never ends', moduleBytes('forever'), [[1]], { code: 'TASK_TIMEOUT' }],
    ['traps', moduleBytes('trap'), [[1]], { code: 'TASK_TRAPPED' }],
    ['zero inputs', moduleBytes('spin'), [], { outputs: 0 }],
    [
      'and a good one',
      moduleBytes('spin'),
      [
        [1, 0, 0, 0],
        [2, 0, 0, 0],
      ],
      { outputs: 2 },
    ],
  ];
  for (const [what, module, inputs, expected] of maps) {
    const outcome = await tab.evaluate(
      ([wasm, list]) => page.tryMap(wasm as number[], list as number[][], { timeoutMs: 500 }),
      [[...module], inputs],
    );
    expect(outcome, what).toEqual(expected);
  }
  expect(await tab.evaluate(wasm => page.tryLargeInput(wasm), [...moduleBytes('spin')])).toEqual({
    code: 'INPUT_TOO_LARGE',
  });
  const address = await other.evaluate(() => {
    page.sea!.handle('test:throws', () => {
      throw new Error('on purpose');
    });
    return page.sea!.localId().toString();
  });
  expect(await tab.evaluate(to => page.tryCall(to, 'test:throws'), address)).toEqual({ code: 'HANDLER_FAILED' });
  expect(await tab.evaluate(to => page.tryCall(to, 'test:nothing'), address)).toEqual({ code: 'NO_HANDLER' });
  expect(await tab.evaluate(() => page.tryCall('00'.repeat(32), 'test:echo'))).toEqual({ code: 'NO_ROUTE' });
  expect(await tab.evaluate(to => page.tryCall(to, 'test:echo', 'hello'), address)).toEqual({ value: 'hello' });
});

test('a fresh tab gets its first part within seconds of opening the link', async () => {
  const context = await browser.newContext();
  const began = Date.now();
  const tab = await open(context);
  await tab.evaluate(url => page.join([url!], 0), bootstrap.ready.ws);
  const report = await runJob(tab);
  const linkToFirstPartMs = report.firstAtMs - began;
  console.log(
    JSON.stringify({ linkToFirstPartMs: Math.round(linkToFirstPartMs), firstMs: Math.round(report.firstMs) }),
  );
  expect(report.equal).toBe(true);
  expect(linkToFirstPartMs).toBeLessThan(60_000);
  await context.close();
});

test('the job survives a tab that closes in mid-job', async () => {
  const victim = tabs.pop()!;
  let parts = 0;
  await tabs[0]!.exposeFunction('onPart', () => {
    if (++parts === 6) void victim.close();
  });
  const report = await runJob(tabs[0]!);
  console.log(JSON.stringify({ ...report, parts: Object.values(report.parts) }));
  expect(victim.isClosed()).toBe(true);
  expect(report.equal).toBe(true);
  expect(Object.keys(report.parts).length).toBeGreaterThanOrEqual(3);
});

test('everything goes on when the bootstrap is killed, and another tab joins through one that is in', async () => {
  await bootstrap.kill();
  const report = await runJob(tabs[1]!);
  expect(report.equal).toBe(true);
  expect(Object.keys(report.parts).length).toBeGreaterThanOrEqual(3);
  const second = await open(contexts[2]!);
  const { address } = await second.evaluate(url => page.join([url!], 1), bootstrap.ready.ws);
  expect(address).not.toBe(await tabs[2]!.evaluate(() => page.sea!.localId().toString()));
  await onlyDirect(second, 3);
  const again = await runJob(second);
  expect(again.equal).toBe(true);
  expect(Object.keys(again.parts).length).toBeGreaterThanOrEqual(3);
});

test('a tab keeps its address over a reload', async () => {
  const tab = tabs[3]!;
  const before = await tab.evaluate(() => page.sea!.localId().toString());
  await tab.reload();
  await tab.waitForFunction(() => 'page' in globalThis);
  // Its bootstrap is dead and no other tab of its origin is open: its identity is there all the same.
  const after = await tab.evaluate(async () => {
    void page.join([], 1).catch(() => {});
    for (let i = 0; i < 100 && page.sea === undefined; i++) await new Promise(resolve => setTimeout(resolve, 100));
    return page.sea!.localId().toString();
  });
  expect(after).toBe(before);
});
