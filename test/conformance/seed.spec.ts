/**
 * The API of the first Sea design, line by line, on real browsers. The lines inside `evaluate` read as the design has
 * them; what it leaves open (units, encodings) is said in the glossary of src/README.md and in the docs of each method.
 */

import { fileURLToPath } from 'node:url';
import { type Browser, chromium, expect, type Page, test } from '@playwright/test';
import type * as library from '../../src/index.ts';
import { launchOptions } from '../support/chromium.ts';
import { type SeaProcess, startProcess } from '../support/sea-process.ts';
import { type ServedPage, servePage } from '../support/serve-page.ts';

declare const HashAddress: typeof library.HashAddress;
declare const sea: library.Sea;

let browser: Browser;
let site: ServedPage;
let bootstrap: SeaProcess;
let bootstrapServer: string;
let a: Page;
let b: Page;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  browser = await chromium.launch(launchOptions());
  site = await servePage({ entry: fileURLToPath(new URL('./seed.entry.ts', import.meta.url)) });
  bootstrap = await startProcess('bootstrap', '--port', '0');
  bootstrapServer = bootstrap.ready.ws!;
  [a, b] = await Promise.all([open(), open()]);
});

test.afterAll(async () => {
  await browser?.close();
  await bootstrap?.stop();
  await site?.close();
});

async function open(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(site.url);
  await page.waitForFunction(() => 'sea' in globalThis);
  return page;
}

const idOf = (page: Page): Promise<string> => page.evaluate(() => sea.localId().toString());

test('HashAddresses', async () => {
  const said = await a.evaluate(async () => {
    const addr = await HashAddress.make('some text');
    const same = await HashAddress.make(new TextEncoder().encode('some text').buffer as ArrayBuffer);
    const zero = HashAddress.from(new Uint8Array(32));
    const top = HashAddress.from(new Uint8Array(32).fill(0x80, 0, 1));
    const x = HashAddress.from(new Uint8Array(32).fill(0xff)); // 0b1111..
    const y = HashAddress.from(new Uint8Array(32).fill(0xff).fill(0b1010_1111, 0, 1)); // 0b1010111..
    const least = HashAddress.from(new Uint8Array(32).fill(1, 27, 28)); // bit 223
    const random = addr.randomise(100);
    return {
      made:
        addr.equals(same) &&
        HashAddress.from(addr.getArrayBuffer()).equals(addr) &&
        HashAddress.from(addr.toString()).equals(addr),
      buffer: addr.getArrayBuffer() instanceof ArrayBuffer && addr.getArrayBuffer().byteLength === 32,
      text: /^[0-9a-f]{64}$/.test(addr.toString()),
      randomised: random.logDist(addr) >= 100 && !random.equals(addr),
      equalsNot: addr.equals(zero),
      dist: [zero.dist(top), x.dist(y), zero.dist(least), addr.dist(addr)],
      logDist: [zero.logDist(top), zero.logDist(least)],
      single: Math.fround(addr.dist(zero)) === addr.dist(zero),
    };
  });
  expect(said).toEqual({
    made: true,
    buffer: true,
    text: true,
    randomised: true,
    equalsNot: false,
    single: true,
    dist: [2 ** 126, 2 ** 125 + 2 ** 123, 2 ** -97, 0],
    logDist: [0, 223],
  });
});

test('connect to the sea', async () => {
  const said = await a.evaluate(async server => {
    const heard: string[] = [];
    sea.on('online', () => heard.push('online'));
    sea.on('offline', () => heard.push('offline'));
    const before = sea.online();
    await sea.goOnline([server]);
    const during = sea.online();
    const linked = sea.connections().length > 0 && sea.connections().every(addr => addr instanceof HashAddress);
    await sea.goOffline();
    const after = sea.online();
    await sea.goOnline([server]);
    return { heard, before, during, after, linked, id: sea.localId() instanceof HashAddress };
  }, bootstrapServer);
  expect(said).toEqual({
    heard: ['online', 'offline', 'online'],
    before: false,
    during: true,
    after: false,
    linked: true,
    id: true,
  });
  await b.evaluate(server => sea.goOnline([server]), bootstrapServer);
});

test('RPC to any node in the network', async () => {
  await b.evaluate(() => {
    sea.handle('add', (...args) => Promise.resolve((args[0] as number) + (args[1] as number)));
    sea.handle('fails', () => Promise.reject(new Error('no')));
  });
  const said = await a.evaluate(
    async id => {
      const addr = HashAddress.from(id);
      const sum = await sea.call(addr, 'add', 2, 3);
      const failed = await sea.call(addr, 'fails').catch(error => error.code);
      const nearest = (await sea.call(addr, 'sea:nearest', addr)) as library.HashAddress;
      return { sum, failed, nearest: nearest.equals(addr) };
    },
    await idOf(b),
  );
  expect(said).toEqual({ sum: 5, failed: 'HANDLER_FAILED', nearest: true });
});

test('direct communication between peers', async () => {
  await b.evaluate(() => {
    Object.assign(globalThis, { heard: [] });
    const heard = (globalThis as unknown as { heard: unknown[] }).heard;
    sea.on('connection', con => {
      heard.push(['from', con.remoteId().toString()]);
      con.on('disconnect', () => heard.push('disconnect'));
      con.on('greeting', obj => {
        heard.push(obj);
        void con.send('answer', { to: obj });
      });
    });
  });
  const remote = await idOf(b);
  const said = await a.evaluate(async id => {
    const remoteId = HashAddress.from(id);
    const con = sea.connect(remoteId);
    const events: string[] = [];
    con.on('disconnect', () => events.push('disconnect'));
    await new Promise<void>(resolve => con.on('connect', () => resolve()));
    events.push('connect');
    const connected = con.connected();
    const answer = new Promise(resolve => con.on('answer', resolve));
    await con.send('greeting', { hello: 'you', bytes: new Uint8Array([1, 2, 3]) });
    const reply = await answer;
    con.disconnect();
    return { id: con.remoteId().equals(remoteId), connected, after: con.connected(), events, reply };
  }, remote);
  expect(said).toMatchObject({ id: true, connected: true, after: false, events: ['connect', 'disconnect'] });
  expect(JSON.stringify(said.reply)).toContain('"hello":"you"');
  await expect.poll(() => b.evaluate(() => (globalThis as unknown as { heard: unknown[] }).heard.length)).toBe(3);
  const heard = (await b.evaluate(() => (globalThis as unknown as { heard: unknown[] }).heard)) as unknown[];
  expect(heard[0]).toEqual(['from', await idOf(a)]);
  expect(heard[2]).toBe('disconnect');
});

test('pub-sub', async () => {
  const join = (page: Page): Promise<string> =>
    page.evaluate(async () => {
      const chan = sea.join('harbour');
      const got: unknown[] = [];
      Object.assign(globalThis, { chan, got });
      chan.on('news', obj => got.push(obj));
      chan.on('disconnect', () => got.push('disconnected'));
      if (!chan.connected()) await new Promise<void>(resolve => chan.on('connect', () => resolve()));
      return chan.channelId();
    });
  expect(await Promise.all([join(a), join(b)])).toEqual(['harbour', 'harbour']);
  await expect
    .poll(() => a.evaluate(() => (globalThis as unknown as { chan: { members(): unknown[] } }).chan.members().length))
    .toBeGreaterThan(0);
  await a.evaluate(() =>
    (globalThis as unknown as { chan: { send(scope: string, obj: unknown): Promise<void> } }).chan.send('news', {
      tide: 'high',
    }),
  );
  await expect
    .poll(() => b.evaluate(() => (globalThis as unknown as { got: unknown[] }).got))
    .toEqual([{ tide: 'high' }]);
  const left = await a.evaluate(() => {
    const { chan, got } = globalThis as unknown as {
      chan: { disconnect(): void; connected(): boolean };
      got: unknown[];
    };
    chan.disconnect();
    return { connected: chan.connected(), got };
  });
  expect(left).toEqual({ connected: false, got: ['disconnected'] });
});
