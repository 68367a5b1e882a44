/** The examples as people use them: built as a developer would build them, each in two or three tabs. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, expect, type Locator, type Page, test } from '@playwright/test';
import { build } from 'vite';
import { badStructure, nameless } from '../support/accessibility.ts';
import { launchOptions } from '../support/chromium.ts';
import { type SeaProcess, startProcess } from '../support/sea-process.ts';
import { type ServedPage, servePage } from '../support/serve-page.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));

type Example = 'chat' | 'shared-counter' | 'rpc-service' | 'map' | 'file-drop';

let browser: Browser;
let site: ServedPage;
let bootstrap: SeaProcess;
/** What any page complained of. */
let complaints: string[] = [];

test.beforeAll(async () => {
  site = await servePage({ files: await buildExamples() });
  browser = await chromium.launch(launchOptions());
  bootstrap = await startProcess('bootstrap', '--port', '0');
});

test.beforeEach(() => {
  complaints = [];
});

test.afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  expect(complaints).toEqual([]);
});

test.afterAll(async () => {
  await browser?.close();
  await bootstrap?.stop();
  await site?.close();
});

/** All pages and what they load, by URL path. */
async function buildExamples(): Promise<Record<string, string | Uint8Array>> {
  const built = await build({
    root: EXAMPLES,
    configFile: join(EXAMPLES, 'vite.config.ts'),
    logLevel: 'error',
    build: { write: false },
  });
  if (!('output' in built)) throw new Error('expected one build');
  return Object.fromEntries(
    built.output.map(file => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]),
  );
}

/** A tab in a browser profile of its own, online. */
async function open(example: Example): Promise<Page> {
  const page = watched(await (await browser.newContext()).newPage());
  const query = new URLSearchParams({ bootstrap: bootstrap.ready.ws! });
  await page.goto(`${site.url}${example}/index.html?${query}`);
  await expect(state(page)).toHaveText(/^Online/);
  expect([...(await nameless(page)), ...(await badStructure(page))]).toEqual([]);
  return page;
}

function watched(page: Page): Page {
  page.on('pageerror', error => complaints.push(`${new URL(page.url()).pathname}: ${error.message}`));
  return page;
}

const state = (page: Page): Locator => page.locator('#state');
const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name }).click();

test('chat: three tabs hear one another, each line once', async () => {
  const tabs = await Promise.all([open('chat'), open('chat'), open('chat')]);
  for (const tab of tabs) await expect(state(tab)).toHaveText('Online, with 2 others');

  const lines = ['Ann: good morning', 'Bob: <b>hello</b>', 'Cy: hi'];
  for (const [i, tab] of tabs.entries()) {
    const [name, text] = lines[i]!.split(': ') as [string, string];
    await tab.getByLabel('Name').fill(name);
    await tab.getByLabel('Message', { exact: true }).fill(text);
    await press(tab, 'Send');
    await expect(tab.getByLabel('Message', { exact: true })).toHaveValue('');
  }
  for (const tab of tabs) {
    const shown = tab.getByRole('log').getByRole('listitem');
    await expect(shown).toHaveCount(3);
    const said = (await shown.allTextContents()).map(text => text.replace(/ \((you|[0-9a-f]{6})\)/, ''));
    expect(said.sort()).toEqual([...lines].sort());
  }
});

test('shared counter: all agree on the sum, newcomers too, and what a closed tab added stays', async () => {
  const [a, b] = await Promise.all([open('shared-counter'), open('shared-counter')]);
  const add = async (tab: Page, times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await press(tab, 'Add one');
  };
  await Promise.all([add(a, 3), add(b, 4)]);
  for (const tab of [a, b]) await expect(tab.getByLabel('Sum')).toHaveText('7');
  await expect(b.getByLabel('Yours')).toHaveText('4');

  await a.context().close();
  const c = await open('shared-counter');
  await expect(c.getByLabel('Sum')).toHaveText('7');
  await expect(c.getByLabel('Yours')).toHaveText('0');
  await add(c, 1);
  await expect(b.getByLabel('Sum')).toHaveText('8');
});

test('service: found by its name, called, and gone when it is no longer offered', async () => {
  const [server, caller] = await Promise.all([open('rpc-service'), open('rpc-service')]);
  const answer = caller.getByLabel('Answer');
  const askFor = async (number: number): Promise<void> => {
    await caller.getByLabel('Number').fill(String(number));
    await press(caller, 'Factorise elsewhere');
  };
  await askFor(12);
  await expect(answer).toHaveText('nobody offers it');

  await server.getByLabel('Offer the service here').check();
  await expect(server.locator('#offered')).toHaveText('announced');
  await askFor(5_000_400_006);
  await expect(answer).toHaveText(/^5000400006 = 2 × 3 × .*\d, says [0-9a-f]{6}$/);
  const factors = (await answer.textContent())!
    .match(/= (.*),/)![1]!
    .split(' × ')
    .map(Number);
  expect(factors.reduce((product, factor) => product * factor, 1)).toBe(5_000_400_006);
  await expect(server.locator('#offered')).toHaveText('1 answered');
  await press(server, 'Factorise elsewhere');
  await expect(server.getByLabel('Answer')).toHaveText('nobody else offers it');

  await server.getByLabel('Offer the service here').uncheck();
  await askFor(12);
  await expect(answer).toHaveText(/^[0-9a-f]{6} no longer offers it$/);
  await server.getByLabel('Offer the service here').check();
  await expect(server.locator('#offered')).toHaveText('announced');
  await askFor(12);
  await expect(answer).toHaveText(/^12 = 2 × 2 × 3, says/);
});

test('map: two tabs compute for a third, which can stop', async () => {
  const [asker, ...lenders] = await Promise.all([open('map'), open('map'), open('map')]);
  for (const lender of lenders) await lender.getByLabel('Lend this device to the others').check();
  await asker.getByLabel('Zero bits').fill('20');
  await press(asker, 'Search');
  const result = asker.getByLabel('Result');
  await expect(result).toHaveText(/^nonce \d+, found by [0-9a-f]{6}, gives [0-9a-f]{64}$/, { timeout: 60_000 });
  const [, nonce, digest] = /nonce (\d+), .* gives ([0-9a-f]{64})/.exec((await result.textContent())!)!;
  expect(digest).toBe(await digestOf('Peersea', BigInt(nonce!)));
  expect(digest).toMatch(/^00000/);

  await asker.getByLabel('Zero bits').fill('40');
  await press(asker, 'Search');
  await expect(asker.getByLabel('Progress')).toHaveText(/^[1-9]\d* parts done, 2 devices at work$/, {
    timeout: 60_000,
  });
  await press(asker, 'Stop');
  await expect(result).toHaveText('stopped');
  await expect(asker.getByRole('button', { name: 'Stop' })).toBeDisabled();
});

/** SHA-256 of the text and the nonce in 8 bytes, big-endian, by the platform. */
async function digestOf(text: string, nonce: bigint): Promise<string> {
  const end = Buffer.alloc(8);
  end.writeBigUInt64BE(nonce);
  return Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.concat([Buffer.from(text), end]))).toString('hex');
}

test('file drop: a file arrives whole, with progress on both sides; a declined one does not', async () => {
  const receiver = await open('file-drop');
  const opened = receiver.context().waitForEvent('page');
  await receiver.getByRole('link', { name: /^link to/ }).click();
  const sender = watched(await opened);
  await expect(state(sender)).toHaveText('Online');
  const bytes = Buffer.alloc(3 * 1_048_576 + 7, 'shells and sand ');
  const folder = await mkdtemp(join(tmpdir(), 'peersea-example-'));
  try {
    const path = join(folder, 'beach.bin');
    await writeFile(path, bytes);
    await sender.getByLabel('Files for').setInputFiles(path);
    await expect(receiver.getByRole('listitem')).toContainText(`beach.bin: ${bytes.length} bytes from`);
    expect(await progressOf(receiver)).toBe(0);
    await press(receiver, 'Accept');
    await expect(sender.getByRole('listitem')).toContainText('beach.bin: arrived');
    for (const tab of [sender, receiver]) expect(await progressOf(tab)).toBe(1);
    const [saved] = await Promise.all([
      receiver.waitForEvent('download'),
      receiver.getByRole('link', { name: 'Save' }).click(),
    ]);
    expect(saved.suggestedFilename()).toBe('beach.bin');
    expect((await readFile(await saved.path())).equals(bytes)).toBe(true);

    await sender.getByLabel('Files for').setInputFiles({ name: 'no.txt', mimeType: 'text/plain', buffer: bytes });
    await press(receiver, 'Decline');
    await expect(sender.getByRole('listitem').last()).toContainText('no.txt: not sent');
    await expect(receiver.getByRole('listitem').last()).toContainText('no.txt: not received, declined');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('file drop: a link that is not whole says so, and one to nobody says that it looks', async () => {
  const page = watched(await (await browser.newContext()).newPage());
  const query = new URLSearchParams({ bootstrap: bootstrap.ready.ws! });
  await page.goto(`${site.url}file-drop/index.html?${query}#5a5a5a`);
  await expect(state(page)).toHaveText('Online, but the link is not whole: was all of it copied?');
  await expect(page.getByLabel('Files for')).toBeHidden();
  const other = watched(await page.context().newPage());
  await other.goto(`${site.url}file-drop/index.html?${query}#${'5a'.repeat(32)}`);
  await expect(state(other)).toHaveText('Online');
  const file = { name: 'no.txt', mimeType: 'text/plain', buffer: Buffer.from('sand') };
  await other.getByLabel('Files for').setInputFiles(file);
  await expect(other.getByRole('listitem')).toContainText('no.txt: looking for the other tab …');
});

test('the list of examples hands the way in on, and no way in is said at once', async () => {
  const page = watched(await (await browser.newContext()).newPage());
  await page.goto(`${site.url}index.html?bootstrap=ws://127.0.0.1:9/sea`);
  await page.getByRole('link', { name: 'Chat' }).click();
  await expect(state(page)).toHaveText('Joining by ws://127.0.0.1:9/sea …');
  expect(new URL(page.url()).searchParams.getAll('bootstrap')).toEqual(['ws://127.0.0.1:9/sea']);
  await expect(state(page)).toHaveText('Offline: no way in at ws://127.0.0.1:9/sea', { timeout: 40_000 });
});

/** How full the last bar is, 0 to 1. */
function progressOf(page: Page): Promise<number> {
  return page
    .getByRole('progressbar')
    .last()
    .evaluate(bar => (bar as HTMLProgressElement).position);
}
