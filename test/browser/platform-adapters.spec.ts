/** The browser's clock, keys, stores and locks in a real Chromium whose profile is on disk. */

import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, expect, type Page, test } from '@playwright/test';
import type { CaseOutcome } from '../../src/ports/acceptance/case.ts';
import { launchOptions, makeProfile, openProfile } from '../support/chromium.ts';
import { type ServedPage, servePage } from '../support/serve-page.ts';
import type { Probe } from './platform-adapters.entry.ts';

declare const probe: Probe;

const entry = fileURLToPath(new URL('./platform-adapters.entry.ts', import.meta.url));

let served: ServedPage;
let profile: Awaited<ReturnType<typeof makeProfile>>;
let context: BrowserContext;

test.beforeAll(async () => {
  served = await servePage({ entry });
});
test.afterAll(() => served.close());

test.beforeEach(async () => {
  profile = await makeProfile();
  context = await openProfile(profile.folder);
});
test.afterEach(async () => {
  await context.close();
  await profile.remove();
});

async function openPage(url: string = served.url): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => 'probe' in globalThis);
  return page;
}

async function restartBrowser(): Promise<void> {
  await context.close();
  context = await openProfile(profile.folder);
}

function expectAllPassed(outcomes: readonly CaseOutcome[], atLeast: number): void {
  expect(outcomes.filter(({ failure }) => failure !== undefined)).toEqual([]);
  expect(outcomes.length).toBeGreaterThanOrEqual(atLeast);
}

test.describe('acceptance suites in the page', () => {
  const suites = {
    crypto: 20,
    cryptoWithoutNative: 20,
    agreement: 11,
    smallStore: 8,
    blockStore: 8,
    receiptStore: 6,
    payKeys: 9,
    deviceLock: 4,
    clock: 8,
  } as const;
  for (const [name, atLeast] of Object.entries(suites)) {
    test(name, async () => {
      const page = await openPage();
      expectAllPassed(await page.evaluate(suite => probe.run(suite), name as keyof typeof suites), atLeast);
    });
  }
});

test('the clock rings from a worker, without the timers of the page', async () => {
  const page = await openPage();
  expect(await page.evaluate(() => probe.clockSource())).toBe('worker');
  expect(await page.evaluate(() => probe.ringsWithoutPageTimers())).toBe(50);
  expectAllPassed(await page.evaluate(() => probe.run('clock')), 8);
});

test('under a policy that forbids the worker the clock goes on with the timers of the page', async () => {
  const strict = await servePage({
    entry,
    headers: { 'content-security-policy': "default-src 'self'; img-src data:" },
  });
  try {
    const page = await context.newPage();
    const uncaught: string[] = [];
    page.on('pageerror', error => uncaught.push(String(error)));
    await page.goto(strict.url);
    await page.waitForFunction(() => 'probe' in globalThis);
    expect(await page.evaluate(() => probe.clockSource())).toBe('page');
    expectAllPassed(await page.evaluate(() => probe.run('clock')), 8);
    expect(uncaught).toEqual([]);
  } finally {
    await strict.close();
  }
});

test('the kept key is the same after a reload and after a restart of the browser, and cannot be exported', async () => {
  const page = await openPage();
  const publicKey = await page.evaluate(() => probe.keptKey());
  expect(publicKey).toMatch(/^[0-9a-f]{64}$/);
  await page.reload();
  expect(await page.evaluate(() => probe.keptKey())).toBe(publicKey);
  await restartBrowser();
  const again = await openPage();
  expect(await again.evaluate(() => probe.keptKey())).toBe(publicKey);
  expect(await again.evaluate(() => probe.rawKey())).toEqual({
    kind: 'native',
    extractable: false,
    usages: ['sign'],
    exported: 'InvalidAccessError',
  });
});

test('two tabs that make the kept key at the same time get one', async () => {
  const [a, b] = [await openPage(), await openPage()];
  const keys = await Promise.all([a, b].map(page => page.evaluate(() => probe.keptKey())));
  expect(keys[0]).toBe(keys[1]);
});

test('of two tabs one gets the lock; the other when the first is closed', async () => {
  const [a, b] = [await openPage(), await openPage()];
  expect(await a.evaluate(() => probe.lock('node'))).toBe(true);
  expect(await b.evaluate(() => probe.lock('node'))).toBe(false);
  expect(await b.evaluate(() => probe.lock('other'))).toBe(true);
  await a.close();
  await expect.poll(() => b.evaluate(() => probe.lock('node'))).toBe(true);
  const c = await openPage();
  expect(await c.evaluate(() => probe.lock('node'))).toBe(false);
  await b.evaluate(() => probe.unlock('node'));
  await expect.poll(() => c.evaluate(() => probe.lock('node'))).toBe(true);
});

test('a page that is reloaded has its lock again, and a reloaded page does not take the lock of another', async () => {
  const [a, b] = [await openPage(), await openPage()];
  expect(await a.evaluate(() => probe.lock('node'))).toBe(true);
  for (let i = 0; i < 5; i++) {
    await a.reload();
    expect(await a.evaluate(() => probe.lock('node'))).toBe(true);
  }
  await b.reload();
  expect(await b.evaluate(() => probe.lock('node'))).toBe(false);
});

test('values and blocks are there after a restart of the browser, and another origin has its own', async () => {
  const page = await openPage();
  expect(await page.evaluate(() => probe.keep('peers', [1, 2, 3]))).toBe('resolved: undefined');
  expect(await page.evaluate(() => probe.keepBlock('a', 2_000_000))).toBe('resolved: undefined');
  await restartBrowser();
  const again = await openPage();
  expect(await again.evaluate(() => probe.read('peers'))).toEqual([1, 2, 3]);
  expect(await again.evaluate(() => probe.blockLength('a'))).toBe(2_000_000);
  const elsewhere = await openPage(`http://other.localhost:${served.port}/`);
  expect(await elsewhere.evaluate(() => probe.read('peers'))).toBeUndefined();
});

test('a full disk is NO_STORAGE, what was kept stays, and writing goes on when there is room again', async () => {
  const page = await openPage();
  const cdp = await context.newCDPSession(page);
  const { origin } = new URL(served.url);
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000_000 });
  expect(await page.evaluate(() => probe.keepBlock('a', 400_000))).toBe('resolved: undefined');
  expect(await page.evaluate(() => probe.keepBlock('b', 400_000))).toBe('resolved: undefined');
  const full = "NO_STORAGE: the browser's storage for this site is full";
  expect(await page.evaluate(() => probe.keepBlock('c', 400_000))).toBe(full);
  expect(await page.evaluate(() => Promise.all(['a', 'b', 'c'].map(probe.blockLength)))).toEqual([
    400_000,
    400_000,
    undefined,
  ]);
  await cdp.send('Storage.overrideQuotaForOrigin', { origin });
  expect(await page.evaluate(() => probe.keepBlock('c', 400_000))).toBe('resolved: undefined');
});

test('a newer version of the database in another tab is let in, and then this page is told to reload', async () => {
  const [old, newer] = [await openPage(), await openPage()];
  expect(await old.evaluate(() => probe.keep('peers', [1]))).toBe('resolved: undefined');
  await newer.evaluate(() => probe.upgradeElsewhere());
  expect(await old.evaluate(() => probe.keep('peers', [2]))).toBe(
    'NO_STORAGE: a newer version of this page has been here: reload it',
  );
});

test('an open that hangs is given up, fails at once from then on, and serves when it comes after all', async () => {
  const page = await openPage();
  const late = expect.stringMatching(/^NO_STORAGE: the browser did not open its storage/);
  expect(await page.evaluate(() => probe.openThatHangs())).toEqual([late, late, 'resolved: undefined']);
});

test('a sandboxed frame without an origin gets no storage and no lock, but a clock', async () => {
  const framing = await servePage({
    entry,
    files: { '/frame.html': '<iframe sandbox="allow-scripts" src="/"></iframe>' },
    headers: { 'access-control-allow-origin': '*' },
  });
  try {
    const page = await context.newPage();
    await page.goto(`${framing.url}frame.html`);
    const frame = page.frames()[1]!;
    await frame.waitForFunction(() => 'probe' in globalThis);
    expect(await frame.evaluate(() => probe.keyOutcome())).toMatch(
      /^NO_STORAGE: the browser allows this page no storage/,
    );
    expect(await frame.evaluate(() => probe.keep('peers', [1]))).toMatch(/^NO_STORAGE: /);
    expect(await frame.evaluate(() => probe.lock('node'))).toBe(false);
    expectAllPassed(await frame.evaluate(() => probe.run('clock')), 8);
  } finally {
    await framing.close();
  }
});

test('a page over plain http keeps a seed, gets no lock, and has the same key after a reload', async () => {
  const options = launchOptions();
  const browser = await chromium.launch({
    ...options,
    args: [...(options.args ?? []), '--host-resolver-rules=MAP sea.test 127.0.0.1'],
  });
  try {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`http://sea.test:${served.port}/`);
    await page.waitForFunction(() => 'probe' in globalThis);
    expect(await page.evaluate(() => isSecureContext)).toBe(false);
    const publicKey = await page.evaluate(() => probe.keptKey());
    await page.reload();
    expect(await page.evaluate(() => probe.keptKey())).toBe(publicKey);
    expect(await page.evaluate(() => probe.rawKey())).toEqual({ kind: 'seed' });
    expect(await page.evaluate(() => probe.lock('node'))).toBe(false);
    expectAllPassed(await page.evaluate(() => probe.run('cryptoWithoutNative')), 20);
  } finally {
    await browser.close();
  }
});
