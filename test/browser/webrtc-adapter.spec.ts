/** The WebRTC adapter in real pages: between two of them, and between a page and Node. */

import { fileURLToPath } from 'node:url';
import { type Browser, expect, type Page, test } from '@playwright/test';
import wrtc from '@roamhq/wrtc';
import { webRtcNegotiator } from '../../src/adapters/webrtc/negotiation.ts';
import type { Channel, Negotiation, Signal } from '../../src/ports/link-factory.ts';
import { type ServedPage, servePage } from '../support/serve-page.ts';
import type { AdapterEnd, End, PlainSignal } from './webrtc-adapter.entry.ts';

declare const adapter: AdapterEnd;
declare const bare: End;

const MEBIBYTE_FRAMES = 16; // frames of 64 KiB

let served: ServedPage;
test.beforeAll(async () => {
  served = await servePage({ entry: fileURLToPath(new URL('./webrtc-adapter.entry.ts', import.meta.url)) });
});
test.afterAll(() => served.close());

/** A page in a context of its own; what it tells goes to `onSignal`. */
async function openPage(browser: Browser, onSignal: (kind: string, signal: PlainSignal) => unknown): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.exposeFunction('tell', onSignal);
  await page.goto(served.url);
  await page.waitForFunction(() => 'bare' in globalThis);
  return page;
}

/** Two pages whose signals go to each other. */
async function openPair(browser: Browser): Promise<[Page, Page]> {
  const pages: Page[] = [];
  const passTo = (other: number) => (kind: string, signal: PlainSignal) =>
    pages[other]?.evaluate(([which, plain]) => (which === 'bare' ? bare : adapter).accept(plain), [
      kind,
      signal,
    ] as const);
  pages.push(await openPage(browser, passTo(1)), await openPage(browser, passTo(0)));
  return pages as [Page, Page];
}

test('two pages open a channel, move 16 MiB each way and see it end', async ({ browser }) => {
  const [near, far] = await openPair(browser);
  for (const [page, role] of [
    [far, 'answer'],
    [near, 'offer'],
  ] as const) {
    await page.evaluate(which => {
      adapter.begin(which);
      bare.begin(which);
    }, role);
  }
  const bindings = await Promise.all([near, far].map(page => page.evaluate(() => adapter.opened())));
  expect(bindings[0]).toMatch(/^[0-9a-f]{128}$/);
  expect(bindings[1]).toBe(bindings[0]);
  await Promise.all([near, far].map(page => page.evaluate(() => bare.opened())));

  const speeds: Record<'bare' | 'adapter', number[]> = { bare: [], adapter: [] };
  for (const which of ['bare', 'adapter', 'adapter', 'bare'] as const) {
    const frames = 16 * MEBIBYTE_FRAMES;
    const send = ([end, count]: readonly [string, number]): Promise<number> =>
      (end === 'bare' ? bare : adapter).sendAll(count);
    speeds[which].push((frames * 65_536) / 1e6 / (await near.evaluate(send, [which, frames] as const)));
  }
  const backSeconds = await far.evaluate(count => adapter.sendAll(count), 16 * MEBIBYTE_FRAMES);
  const shown = (list: number[]): string => list.map(speed => speed.toFixed(1)).join(', ');
  console.log(
    `64 KiB frames, MB/s: bare ${shown(speeds.bare)}; adapter ${shown(speeds.adapter)}; back in ${backSeconds.toFixed(2)} s`,
  );

  const start = performance.now();
  await near.close();
  // Far below the 7 s and more after which ICE would notice by itself, far above the 10 ms it takes.
  await expect.poll(() => far.evaluate(() => adapter.closes()), { timeout: 5_000 }).toEqual(['LINK_CLOSED']);
  console.log(`a closed page was noticed after ${((performance.now() - start) / 1_000).toFixed(2)} s`);
  await far.context().close();
});

test('a channel closed by one page closes once on both', async ({ browser }) => {
  const [near, far] = await openPair(browser);
  await far.evaluate(() => adapter.begin('answer'));
  await near.evaluate(() => adapter.begin('offer'));
  await Promise.all([near, far].map(page => page.evaluate(() => adapter.opened())));
  for (let i = 0; i < 2; i++) await near.evaluate(() => adapter.close());
  await expect.poll(() => far.evaluate(() => adapter.closes())).toEqual(['LINK_CLOSED']);
  await far.evaluate(() => adapter.close());
  for (const page of [near, far]) {
    expect(await page.evaluate(() => adapter.closes())).toEqual(['LINK_CLOSED']);
    await page.context().close();
  }
});

/** A page with a channel to this process, where `role` is the page's. */
async function openWithNode(browser: Browser, role: 'offer' | 'answer'): Promise<{ page: Page; channel: Channel }> {
  const { negotiate } = webRtcNegotiator({ iceServers: [], wrtc });
  const early: Signal[] = [];
  let attempt: Negotiation | undefined;
  const page = await openPage(browser, (_, plain) => {
    const signal = fromPlain(plain);
    if (attempt === undefined) early.push(signal);
    else attempt.accept(signal);
  });
  await page.evaluate(which => adapter.begin(which), role);
  attempt = negotiate(role === 'offer' ? 'answer' : 'offer', signal => {
    const plain = signal.kind === 'description' ? { ...signal, fingerprint: [...signal.fingerprint] } : { ...signal };
    void page.evaluate(given => adapter.accept(given), plain as PlainSignal);
  });
  for (const signal of early) attempt.accept(signal);
  const [channel, binding] = await Promise.all([attempt.channel, page.evaluate(() => adapter.opened())]);
  expect(Buffer.from(channel.binding).toString('hex')).toBe(binding);
  return { page, channel };
}

for (const role of ['offer', 'answer'] as const) {
  test(`Node and a page share a channel when the page has the ${role}`, async ({ browser }) => {
    const { page, channel } = await openWithNode(browser, role);
    const closes: string[] = [];
    let bytes = 0;
    channel.open({
      onFrame: frame => {
        bytes += frame.length;
        if (bytes === 64 * 65_536) channel.send(new Uint8Array(1));
      },
      onWritable: () => {},
      onClose: reason => closes.push(reason.code),
    });
    await page.evaluate(() => adapter.sendAll(64));
    expect(bytes).toBe(64 * 65_536);
    await page.context().close();
    await expect.poll(() => closes).toEqual(['LINK_CLOSED']);
  });
}

// @roamhq/wrtc ends the process when a connection is closed under a send: one in ten of these rounds, where the page just
// closes its connection.
test('Node outlives pages that leave while it sends', async ({ browser }) => {
  for (let round = 0; round < 20; round++) {
    const { page, channel } = await openWithNode(browser, 'offer');
    const over = new Promise<string>(resolve => {
      channel.open({ onFrame() {}, onWritable() {}, onClose: ({ code }) => resolve(code) });
    });
    let open = true;
    const sendOn = (): void => {
      if (!open) return;
      for (let i = 0; i < 5; i++) channel.send(new Uint8Array(7));
      setImmediate(sendOn);
    };
    sendOn();
    await page.context().close();
    expect(await over).toBe('LINK_CLOSED');
    open = false;
  }
});

test('a page that has used up its connections gets DIAL_FAILED with the cause', async ({ browser }) => {
  const page = await openPage(browser, () => {});
  const { made, failure } = await page.evaluate(() => adapter.exhaust(600));
  expect(made).toBeLessThan(600);
  expect(failure).toContain('DIAL_FAILED');
  expect(failure).toContain('collected closed ones');
  await page.context().close();
});

function fromPlain(plain: PlainSignal): Signal {
  const { fingerprint } = plain;
  const whole = Array.isArray(fingerprint) ? { ...plain, fingerprint: Uint8Array.from(fingerprint) } : plain;
  return whole as unknown as Signal;
}
