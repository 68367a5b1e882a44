/** Parts of the library that come after the rest: fetched ahead, told by a code when they cannot be had, and tried again. */

import { fileURLToPath } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { type ServedPage, servePage } from '../support/serve-page.ts';
import type { Parts } from './later-parts.entry.ts';

declare const parts: Parts;

const entry = fileURLToPath(new URL('./later-parts.entry.ts', import.meta.url));
const POLICY = "default-src 'self'; script-src 'self'";
const LATER = [/blob-shard-coder/, /files/, /framed-task-runner/];

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
      [parts.put(), parts.put(), parts.echo()].reduce(
        async (all, one) => [...(await all), await one],
        Promise.resolve([] as string[]),
      ),
    ),
  ).toEqual(['HOST_FAILURE', 'HOST_FAILURE', 'HOST_FAILURE']);
  for (const part of LATER) await page.unroute(part);
  expect(await page.evaluate(() => parts.put())).toBe('TOO_FEW_HOLDERS');
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
  expect(await page.evaluate(() => parts.put())).toBe('TOO_FEW_HOLDERS');
  expect(await page.evaluate(() => parts.echo())).toBe('1,2,3');
});
