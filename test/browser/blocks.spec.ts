/** Contents by their hash on real browsers: four nodes, each an origin of its own in one persistent profile. */

import { fileURLToPath } from 'node:url';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { makeProfile, openProfile } from '../support/chromium.ts';
import { type SeaProcess, startProcess } from '../support/sea-process.ts';
import { type ServedPage, servePage } from '../support/serve-page.ts';
import type { BlocksPage, GetReport } from './blocks.entry.ts';

declare const page: BlocksPage;

const MiB = 1_048_576;
const BYTES = 32 * MiB;
const SEED = 5;

let site: ServedPage;
let bootstrap: SeaProcess;
let profile: Awaited<ReturnType<typeof makeProfile>>;
let context: BrowserContext;
const tabs: Page[] = [];
const addresses: string[] = [];
let id: string;

test.describe.configure({ mode: 'serial', timeout: 120_000 });

test.beforeAll(async () => {
  site = await servePage({ entry: fileURLToPath(new URL('./blocks.entry.ts', import.meta.url)) });
  bootstrap = await startProcess('bootstrap', '--port', '0');
  profile = await makeProfile();
  context = await openProfile(profile.folder);
  for (let index = 0; index < 4; index++) {
    tabs.push(await context.newPage());
    addresses.push(await enter(index));
  }
});

test.afterAll(async () => {
  await context?.close();
  await bootstrap?.stop();
  await site?.close();
  await profile?.remove();
});

/** Loads the page of origin `index` and joins. */
async function enter(index: number): Promise<string> {
  const tab = tabs[index]!;
  await tab.goto(`http://h${index}.localhost:${site.port}/`);
  await tab.waitForFunction(() => 'page' in globalThis);
  return tab.evaluate(url => page.join(url), bootstrap.ready.ws!);
}

function get(by: number, from: readonly number[]): Promise<GetReport | string> {
  const sources = from.map(index => addresses[index]!);
  return tabs[by]!.evaluate(([name, nodes, length, seed]) => page.get(name, nodes, length, seed), [
    id,
    sources,
    BYTES,
    SEED,
  ] as const);
}

test('a content goes to whoever knows its id, and is asked for no second time', async () => {
  id = await tabs[0]!.evaluate(([length, seed]) => page.put(length, seed), [BYTES, SEED] as const);
  const first = await get(1, [0]);
  expect(first).toMatchObject({ equal: true, totalBytes: BYTES, fetchedBytes: BYTES });
  expect(await get(1, [0])).toMatchObject({ equal: true, fetchedBytes: 0 });
  const { ms } = first as GetReport;
  console.log(`32 MiB from one tab in ${Math.round(ms)} ms, ${(BYTES / MiB / (ms / 1000)).toFixed(1)} MiB/s`);
});

test('a reader that was reloaded in mid-transfer goes on where it was', async () => {
  void get(2, [0]).catch(() => {}); // ends with its page
  await tabs[2]!.waitForFunction(bytes => page.fetchedBytes >= bytes, BYTES / 4);
  addresses[2] = await enter(2);
  const rest = (await get(2, [0])) as GetReport;
  expect(rest).toMatchObject({ equal: true, totalBytes: BYTES });
  expect(rest.fetchedBytes).toBeLessThanOrEqual((3 * BYTES) / 4);
});

test('a source that is closed in mid-transfer is replaced by another that offers the same', async () => {
  await tabs[1]!.evaluate(name => page.offer(name), id);
  const running = get(3, [0, 1]);
  await tabs[3]!.waitForFunction(bytes => page.fetchedBytes >= bytes, BYTES / 4);
  await tabs[0]!.close();
  expect(await running).toMatchObject({ equal: true, fetchedBytes: BYTES });
});

test('a content is pushed to whoever takes it: only what it lacks', async () => {
  const push = (name: string): Promise<number | string> =>
    tabs[1]!.evaluate(([to, what]) => page.push(to, what), [addresses[2]!, name] as const);
  expect(await push(id)).toBe('DECLINED');
  await tabs[2]!.evaluate(bytes => page.acceptUpTo(bytes), 40 * MiB);
  expect(await push(id)).toBe(0);
  const longer = await tabs[1]!.evaluate(([length, seed]) => page.put(length, seed), [BYTES + MiB, SEED] as const);
  expect(await push(longer)).toBe(MiB);
  const large = await tabs[1]!.evaluate(([length, seed]) => page.put(length, seed), [41 * MiB, SEED] as const);
  expect(await push(large)).toBe('DECLINED');
});
