/** Parts of the library that come after the rest: fetched ahead, told by a code when they cannot be had, and tried again. */

import { fileURLToPath } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { deferred } from '../../src/base/deferred.ts';
import { startProcess } from '../support/sea-process.ts';
import { type ServedPage, servePage } from '../support/serve-page.ts';
import type { Parts } from './later-parts.entry.ts';

declare const parts: Parts;

const entry = fileURLToPath(new URL('./later-parts.entry.ts', import.meta.url));
const POLICY = "default-src 'self'; script-src 'self'";
const COMPUTING = /\/computing-/;
const LATER = [/\/blob-shard-coder-/, /\/files-/, /\/holder-(?!record)/, COMPUTING, /\/framed-task-runner-/];

let served: ServedPage;
test.beforeAll(async () => {
  served = await servePage({ entry, headers: { 'content-security-policy': POLICY } });
});
test.afterAll(() => served.close());

async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForFunction(() => 'parts' in globalThis);
}

test('a part that could not be fetched is told by its code, and fetched for the next who needs it', async ({
  page,
}) => {
  await visit(page, served.url);
  for (const part of LATER) await page.route(part, route => route.abort());
  await page.evaluate(() => parts.open());
  expect(
    await page.evaluate(() =>
      [parts.put, parts.put, parts.lend, parts.map, parts.echo].reduce(
        async (all, one) => [...(await all), await one.call(parts)],
        Promise.resolve([] as string[]),
      ),
    ),
  ).toEqual(Array(5).fill('HOST_FAILURE'));
  for (const part of LATER) await page.unroute(part);
  expect(await page.evaluate(() => parts.put())).toBe('NOT_ONLINE');
  expect(await page.evaluate(() => parts.lend())).toBe('1000000');
});

test('a page that has stood for some seconds goes on without the server it came from', async ({ page }) => {
  const passing = await servePage({ entry });
  const asked: string[] = [];
  page.on('requestfinished', request => asked.push(request.url()));
  try {
    await visit(page, passing.url);
    await page.evaluate(() => parts.open());
    await expect
      .poll(() => LATER.filter(part => asked.some(url => part.test(url))).length, { timeout: 30_000 })
      .toBe(LATER.length);
  } finally {
    await passing.close();
  }
  expect(await page.evaluate(() => parts.put())).toBe('NOT_ONLINE');
  expect(await page.evaluate(() => parts.lend())).toBe('1000000');
  expect(await page.evaluate(() => parts.echo())).toBe('1,2,3');
  await page.evaluate(() => parts.contribute(1));
  expect(await page.evaluate(() => parts.map())).toBe('4,5,6');
});

test('who calls before the part that answers is here waits for it, and is not refused', async ({ context }) => {
  const site = await servePage({ entry });
  const bootstrap = await startProcess('bootstrap', '--port', '0');
  try {
    const [provider, requester] = [await context.newPage(), await context.newPage()];
    const held = deferred<void>();
    await provider.route(COMPUTING, async route => {
      await held.promise;
      await route.continue();
    });
    for (const page of [provider, requester]) {
      await visit(page, site.url);
      await page.evaluate(() => parts.open());
      await page.evaluate(url => parts.join(url), bootstrap.ready.ws!);
    }
    await provider.evaluate(() => parts.contribute(1));
    const result = requester.evaluate(() => parts.map());
    await requester.waitForFunction(() => parts.called.includes('compute:prepare'));
    held.resolve();
    expect(await result).toBe('4,5,6');
    const called = await requester.evaluate(() => parts.called);
    expect(called.filter(scope => scope.startsWith('compute:'))).toEqual(['compute:prepare', 'compute:run']);
  } finally {
    await bootstrap.stop();
    await site.close();
  }
});
