/**
 * Jobs on the built page, as a visitor runs them: what comes out is compared with references that were computed here,
 * apart from the sea.
 */

import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, expect, type Page } from '@playwright/test';
import { places } from '../../demo/tasks/mandelbrot-plan.ts';
import { chainSteps } from '../../wasm-tasks/collatz/reference.ts';
import { mandelbrotPartCount, mandelbrotParts, placeMandelbrotTile } from '../../wasm-tasks/mandelbrot/meta.ts';
import { referenceMandelbrot } from '../../wasm-tasks/mandelbrot/reference.ts';
import { referencePicture } from '../../wasm-tasks/picture/reference.ts';
import { test } from '../support/page-test.ts';
import { type ServedPage, servePage } from '../support/serve-page.ts';
import { testPicture } from '../support/test-picture.ts';
import { phone, type Saved, sum, type Visit } from '../support/visit.ts';
import type { Pixels, PixelsApi } from './pixels.entry.ts';

declare const pixels: PixelsApi;

const SAMPLE_NAME = 'Lighthouse at dusk';

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Buffer;
}

let checker: { readonly served: ServedPage; readonly page: Page } | undefined;

test.afterAll(async () => {
  await checker?.page.close();
  await checker?.served.close();
});

/** A page apart, in which files become pixels. */
async function checkingPage(browser: Browser): Promise<Page> {
  if (checker === undefined) {
    const served = await servePage({ entry: fileURLToPath(new URL('./pixels.entry.ts', import.meta.url)) });
    const page = await browser.newPage();
    await page.goto(served.url);
    await page.waitForFunction(() => 'pixels' in globalThis);
    checker = { served, page };
  }
  return checker.page;
}

async function pictureOf(browser: Browser, { bytes }: Saved): Promise<Picture> {
  const page = await checkingPage(browser);
  return toPicture(await page.evaluate(base64 => pixels.ofPng(base64), bytes.toString('base64')));
}

async function sample(browser: Browser): Promise<Picture> {
  return toPicture(await (await checkingPage(browser)).evaluate(() => pixels.ofSample()));
}

function toPicture({ width, height, rgba }: Pixels): Picture {
  return { width, height, rgba: Buffer.from(rgba, 'base64') };
}

/** Compares sizes and every byte, without printing megabytes where they differ. */
function expectSamePicture(actual: Picture, width: number, height: number, expected: Uint8ClampedArray): void {
  expect([actual.width, actual.height]).toEqual([width, height]);
  expect(actual.rgba.length).toBe(expected.length);
  expect(
    actual.rgba.reduce((count, byte, at) => count + Number(byte !== expected[at]), 0),
    'bytes that differ',
  ).toBe(0);
}

async function setPicture(visit: Visit, outputSize: RegExp, blur: number): Promise<void> {
  const sizes = visit.page.getByLabel('Output size');
  await sizes.selectOption({
    label: (await sizes.locator('option').allTextContents()).find(text => outputSize.test(text))!,
  });
  await visit.page.getByRole('slider', { name: 'Blur' }).fill(String(blur));
}

test('the sample picture: computed by others, and every pixel of the saved file is right', async ({
  arrive,
  browser,
  sea,
}) => {
  const visit = await arrive();
  await visit.acceptWithoutLending();
  await visit.start();
  await visit.expectJob('done');
  await expect(visit.verdict).toHaveText(
    /^Computed by [12] peers?: 48 parts in .+\. Each part was computed once; nothing was compared\.$/,
  );
  expect(sum(await visit.partsByPeer())).toBe(48);
  expect(sum(await visit.partsByPeer(), sea.contributors)).toBe(48);
  await expect(visit.page.getByRole('progressbar', { name: 'Job progress' })).toHaveAttribute('aria-valuetext', 'done');

  const saved = await visit.save('Download PNG');
  expect(saved.name).toBe('lighthouse-at-dusk-peersea.png');
  const { width, height, rgba } = await sample(browser);
  const expected = referencePicture(rgba, width, height, { scale: 0.5, radius: 12 });
  expectSamePicture(await pictureOf(browser, saved), 1000, 750, expected);
});

test('an own picture by the file chooser, in full size, on a phone', async ({ arrive, browser }) => {
  const picture = testPicture(333, 217);
  const visit = await arrive({ viewport: phone });
  await visit.accept();
  const chooser = visit.page.waitForEvent('filechooser');
  await visit.page.getByText('Choose a picture').click();
  await (await chooser).setFiles({ name: 'Harbour, in the morning.png', mimeType: 'image/png', buffer: picture.png });
  await expect(visit.page.getByText('Harbour, in the morning.png 333 × 217')).toBeVisible();
  await setPicture(visit, /^Full size/, 3);
  await visit.start();
  await visit.expectJob('done');
  const saved = await visit.save('Download PNG');
  expect(saved.name).toBe('harbour-in-the-morning-peersea.png');
  const expected = referencePicture(picture.rgba, 333, 217, { scale: 1, radius: 3 });
  expectSamePicture(await pictureOf(browser, saved), 333, 217, expected);

  await visit.button('Use the sample').click();
  await expect(visit.page.getByText(`Sample: ${SAMPLE_NAME}`)).toBeVisible();
});

test('a picture dropped on the page, and one pasted', async ({ arrive, browser, sea }, info) => {
  const dropped = testPicture(130, 90);
  const path = info.outputPath('dropped.png');
  await writeFile(path, dropped.png);
  const visit = await arrive();
  await visit.acceptWithoutLending();
  await dropFile(visit, path);
  await expect(visit.page.getByText('dropped.png 130 × 90')).toBeVisible();
  await setPicture(visit, /^Half size/, 0);
  await visit.start();
  await visit.expectJob('done');
  const expected = referencePicture(dropped.rgba, 130, 90, { scale: 0.5, radius: 0 });
  expectSamePicture(await pictureOf(browser, await visit.save('Download PNG')), 65, 45, expected);

  await visit.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(sea.url).origin });
  await copyPicture(visit, testPicture(64, 48).png);
  await visit.page.keyboard.press('ControlOrMeta+v');
  await expect(visit.page.getByText('64 × 48, 3,072 pixels')).toBeVisible();
  await visit.start();
  await visit.expectJob('done');
  await expect(visit.page.getByRole('img', { name: 'Result picture, 32 × 24 pixels' })).toBeVisible();
});

/** Lets a file of the disk fall on the middle of the page, as a file manager does. */
async function dropFile(visit: Visit, path: string): Promise<void> {
  const devtools = await visit.devtools();
  const drag = { x: 700, y: 450, data: { items: [], files: [path], dragOperationsMask: 1 } };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await devtools.send('Input.dispatchDragEvent', { type, ...drag });
  }
}

/** Puts a picture on the clipboard. */
function copyPicture({ page }: Visit, png: Buffer): Promise<void> {
  return page.evaluate(async base64 => {
    const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': new Blob([bytes], { type: 'image/png' }) })]);
  }, png.toString('base64'));
}

test('a file that is no picture is refused in words; what was there stays', async ({ arrive }) => {
  const visit = await arrive();
  await visit.acceptWithoutLending();
  const input = visit.page.getByLabel('Choose a picture');
  await input.setInputFiles({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture at all') });
  await expect(visit.alert).toHaveText(
    /This file is not a picture the browser can read\. Choose a PNG.*PICTURE_UNREADABLE/,
  );
  await expect(visit.page.getByText(`Sample: ${SAMPLE_NAME}`)).toBeVisible();
  await visit.start(); // on what was there
  await visit.expectJob('done');
  await expect(visit.alert).toHaveCount(0);
  await input.setInputFiles({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('nor this') });
  await expect(visit.alert).toContainText('PICTURE_UNREADABLE');
  await input.setInputFiles({ name: 'good.png', mimeType: 'image/png', buffer: testPicture(40, 30).png });
  await expect(visit.page.getByText('good.png 40 × 30')).toBeVisible();
  await expect(visit.alert).toHaveCount(0);
});

test('two peers per part: each part is computed twice by different peers', async ({ arrive, sea }) => {
  const lender = await arrive();
  await lender.accept();
  const visit = await arrive();
  await visit.acceptWithoutLending();
  await visit.page.getByRole('radio', { name: 'Two' }).check();
  await visit.start();
  await visit.expectJob('done');
  await expect(visit.verdict).toContainText('Every part was computed by 2 peers with equal results.');
  const parts = await visit.partsByPeer();
  const providers = [...sea.contributors, await lender.address()];
  expect(sum(parts)).toBe(2 * 48);
  expect(sum(parts, providers)).toBe(2 * 48);
  for (const count of parts.values()) expect(count).toBeLessThanOrEqual(48);
});

test('cancel in mid-job: it ends here and where it is computed, and the next job runs', async ({ arrive }) => {
  const lender = await arrive();
  await lender.accept();
  const visit = await arrive();
  await visit.acceptWithoutLending();
  await visit.choose('Mandelbrot');
  await visit.page.getByLabel('Picture size').selectOption('4096 × 3072');
  await visit.start();
  await visit.expectParts(3, [await lender.address()]);
  await expect(visit.button('Start job')).toBeDisabled();
  await visit.button('Cancel job').click();
  await visit.expectJob('cancelled');
  await expect(visit.page.getByText('Cancelled. What had come is kept below.')).toBeVisible();
  expect(sum(await visit.partsByPeer())).toBeLessThan(768);
  await expect(visit.button('Download PNG')).toHaveCount(0);
  await expect(lender.runningNow).toContainText('Nothing: ready for work.');

  await visit.choose('Picture');
  await visit.start();
  await visit.expectJob('done');
});

test('a page whose job is under way asks before it is closed, and not after the job', async ({ arrive }) => {
  const visit = await arrive();
  const asks = (): Promise<boolean> =>
    visit.page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })));
  await visit.acceptWithoutLending();
  expect(await asks()).toBe(false);
  await visit.startEndlessSearch();
  await expect.poll(asks).toBe(true);
  await visit.button('Cancel job').click();
  await visit.expectJob('cancelled');
  await expect.poll(asks).toBe(false);
});

test('stop contributing ends the work at once, and it goes elsewhere', async ({ arrive, sea }) => {
  const lender = await arrive();
  await lender.accept();
  const address = await lender.address();
  const visit = await arrive();
  await visit.acceptWithoutLending();
  await visit.startEndlessSearch();
  await visit.expectParts(3, [address]);
  const row = lender.runningNow.getByRole('listitem').filter({ hasText: 'hash-search' });
  await expect(row.locator('.peer-mark')).toHaveAttribute('title', await visit.address());

  const atOnce = await lender.button('Stop contributing').evaluate(button => {
    (button as HTMLButtonElement).click();
    const { slots, running } = globalThis.peersea!.sea.contribution();
    return { slots, running: running.length };
  });
  expect(atOnce).toEqual({ slots: 0, running: 0 });
  await expect(lender.lending).toHaveText('Lending nothing');
  await expect(lender.runningNow).toContainText('Nothing.');
  await expect(lender.state).toHaveText('Online');

  const others = sum(await visit.partsByPeer(), sea.contributors);
  await visit.expectParts(others + 6, sea.contributors);
  const computed = (await visit.partsByPeer()).get(address);
  await visit.expectParts(others + 12, sea.contributors);
  expect((await visit.partsByPeer()).get(address)).toBe(computed);
  await visit.expectJob('running');

  await lender.button('Start contributing').click();
  await visit.expectParts(computed! + 1, [address]);
  await visit.button('Cancel job').click();
});

test.describe('a sea with nobody who computes', () => {
  test('says what it waits for, and goes on as peers appear', async ({ arrive, start }) => {
    const server = await start.server();
    const visit = await arrive({ url: server.ready.url! });
    await visit.acceptWithoutLending();
    await visit.page.getByRole('radio', { name: 'Two' }).check();
    await setPicture(visit, /^Quarter size/, 0);
    await visit.start();
    const waiting = visit.page.locator('.note.waiting');
    await expect(waiting).toHaveText(
      /^Waiting for someone to compute: open this page in another tab or wait, or start contributing on this device\./,
    );
    await expect(visit.page.getByRole('status', { name: 'Job state' })).toHaveText('Waiting for someone to compute.');
    const first = await start.contributor(server.ready.ws!);
    await expect(waiting).toContainText('Waiting for another peer: each part needs 2, here is 1.');
    const second = await start.contributor(server.ready.ws!);
    await visit.expectJob('done');
    await expect(waiting).toHaveCount(0);
    const parts = await visit.partsByPeer();
    expect([...parts]).toEqual([...parts.keys()].map(peer => [peer, 12]));
    expect(new Set(parts.keys())).toEqual(new Set([first, second].map(({ ready }) => ready.address)));
  });

  test('goes on when this device itself begins to contribute', async ({ arrive, start }) => {
    const server = await start.server();
    const visit = await arrive({ url: server.ready.url! });
    await visit.acceptWithoutLending();
    await visit.start();
    await expect(visit.page.locator('.note.waiting')).toBeVisible();
    await visit.button('Start contributing').click();
    await visit.expectJob('done');
    await expect(visit.verdict).toContainText('Computed by 1 peer, this device itself: 48 parts');
  });
});

test('mandelbrot: every pixel of the saved file is right', async ({ arrive, browser }) => {
  const visit = await arrive();
  await visit.accept();
  await visit.choose('Mandelbrot');
  await visit.page.getByLabel('Place').selectOption('The whole set');
  await visit.start();
  await visit.expectJob('done');
  const saved = await visit.save('Download PNG');
  expect(saved.name).toBe('mandelbrot.png');

  const view = { ...places.find(({ name }) => name === 'The whole set')!, width: 1024, height: 768, tile: 128 };
  expect(sum(await visit.partsByPeer())).toBe(mandelbrotPartCount(view));
  const expected = new Uint8ClampedArray(1024 * 768 * 4);
  [...mandelbrotParts(view)].forEach((input, index) => {
    placeMandelbrotTile(expected, view, index, referenceMandelbrot(input));
  });
  expectSamePicture(await pictureOf(browser, saved), 1024, 768, expected);
});

test('collatz: the longest chain below a million, and the table to save', async ({ arrive }) => {
  const visit = await arrive();
  await visit.accept();
  await visit.choose('Collatz');
  await visit.page.getByLabel('First number').fill('1');
  await visit.page.getByLabel('How many numbers').selectOption('1,000,000');
  await visit.start();
  await visit.expectJob('done');
  await expect(visit.page.getByTestId('answer')).toHaveText('Longest chain: 524 steps, from 837799.'); // OEIS A006877
  await expect(visit.page.getByRole('region', { name: 'Best results, table' }).getByRole('row')).toHaveCount(11);

  const csv = await visit.save('Download CSV');
  expect(csv.name).toBe('collatz.csv');
  const [head, ...lines] = csv.bytes.toString('utf8').trimEnd().split('\r\n');
  expect(head).toBe('part,number,steps,all_steps_of_part');
  const rows = lines.map(line => line.split(','));
  expect(rows.map(([part]) => Number(part))).toEqual(Array.from({ length: 16 }, (_, part) => part));
  for (const [, number, steps] of rows) expect(chainSteps(BigInt(number!))).toBe(Number(steps));
  const allSteps = rows.reduce((total, row) => total + Number(row[3]), 0);
  expect(allSteps).toBe(131_434_424); // the mean up to 10^6 is 131.434 steps
  const json = JSON.parse((await visit.save('Download JSON')).bytes.toString('utf8'));
  expect(json[12]).toEqual({ part: 12, number: '837799', steps: 524, all_steps_of_part: rows[12]![3] });
});

test('hash search: a proof that holds', async ({ arrive }) => {
  const visit = await arrive();
  await visit.acceptWithoutLending();
  await visit.choose('Hash search');
  await visit.page.getByLabel('Text').fill('Seven seas, größer als “eine”');
  await visit.page.getByRole('slider', { name: 'Leading zero bits' }).fill('20');
  await visit.start();
  await visit.expectJob('done');
  const saved = await visit.save('Download JSON');
  expect(saved.name).toBe('proof.json');
  const [{ nonce, nonce_hex, sha256 }] = JSON.parse(saved.bytes.toString('utf8'));
  expect(BigInt(`0x${nonce_hex}`)).toBe(BigInt(nonce));
  const proof = createHash('sha256')
    .update('Seven seas, größer als “eine”', 'utf8')
    .update(Buffer.from(nonce_hex, 'hex'))
    .digest('hex');
  expect(sha256).toBe(proof);
  expect(proof).toMatch(/^00000/);
  await expect(visit.page.getByTestId('answer')).toHaveText(
    `Found: nonce ${nonce}, checked here. Its hash begins ${proof.slice(0, 16)}…`,
  );
});

test('a number that does not fit: the field says so, and so does the job', async ({ arrive }) => {
  const visit = await arrive();
  await visit.acceptWithoutLending();
  await visit.choose('Collatz');
  const field = visit.page.getByLabel('First number');
  await expect(field).toHaveAttribute('aria-invalid', 'false');
  await field.fill('minus one');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveAccessibleDescription('Type a whole number of at most 155 decimal digits.');
  await visit.start();
  await expect(visit.alert).toContainText('BAD_NUMBER');
  await field.fill('27');
  await expect(field).toHaveAttribute('aria-invalid', 'false');
  await visit.start();
  await visit.expectJob('done');
  await expect(visit.alert).toHaveCount(0);
});
