/**
 * What storing costs beside the plain steps: into this device's own database, out of it, over links, and the erasure code
 * alone. Every page has its origin in one persistent profile: a database off the record is several times faster.
 */

import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from '@playwright/test';
import { Kernel } from '../src/kernels/kernel.ts';
import { makeProfile, openProfile } from '../test/support/chromium.ts';
import { startProcess } from '../test/support/sea-process.ts';
import { servePage } from '../test/support/serve-page.ts';
import { erasurePeer } from './erasure-peer.ts';
import type { StoragePage } from './pages/storage.entry.ts';
import { measurePairs, summarise } from './pairs.ts';
import { type BenchOptions, type Case, runCases } from './report.ts';
import { startSignalRelay } from './signal-relay.ts';

declare const tab: StoragePage;

const PAIRS = 9;
const FILE_BYTES = 67_108_864;
const UNIT = 'MB/s';
const HOLDERS = 4;
const LINK_WAIT_MS = 60_000;

/** Opens the bench's page at the origin of that name. */
type Open = (name: string) => Promise<Page>;

export async function bench(options: BenchOptions): Promise<Case[]> {
  const { pairs = PAIRS, progress } = options;
  return withProfile(async open => {
    const alone = once(async () => {
      const page = await open('alone');
      await page.evaluate(bytes => tab.startAlone(bytes), FILE_BYTES);
      return page;
    });
    const put = async (arm: 'ours' | 'serial'): Promise<number> =>
      (await alone()).evaluate(which => tab.put(which), arm);
    const get = async (arm: 'ours' | 'serial'): Promise<number> =>
      (await alone()).evaluate(which => tab.get(which), arm);
    return runCases(options, {
      'put-local': async () => {
        const samples = await measurePairs(pairs, { ours: () => put('ours'), limit: () => put('serial') }, progress);
        return summarise('put-local', UNIT, 'higher', samples);
      },
      'get-local': async () => {
        await put('ours');
        await put('serial');
        const samples = await measurePairs(pairs, { ours: () => get('ours'), limit: () => get('serial') }, progress);
        return summarise('get-local', UNIT, 'higher', samples);
      },
      erasure: () => erasure(pairs, progress),
      'fetch-loopback': () => fetchLoopback(open, pairs, progress),
    });
  });
}

/** Four parity shards of eight data shards of 512 KiB, in GB/s of data. */
async function erasure(pairs: number, progress: (line: string) => void): Promise<Case> {
  const [k, n, shardBytes] = [8, 12, 524_288];
  const shards = new Uint8Array(n * shardBytes).map((_, i) => (i * 2_654_435_761) >>> 24);
  const data = Array.from({ length: k }, (_, i) => shards.subarray(i * shardBytes, (i + 1) * shardBytes));
  const kernel = new Kernel();
  const peer = erasurePeer();
  const ours = async (): Promise<number> => gigabytes(k * shardBytes, () => kernel.parity(data, k, n));
  const limit = async (): Promise<number> =>
    gigabytes(k * shardBytes, () => {
      if (peer.encode(shards, k, n - k) !== 0) throw new Error('the package refused');
    });
  return summarise('erasure', 'GB/s', 'higher', await measurePairs(pairs, { ours, limit }, progress));
}

/** Rounds of at least 300 ms. */
function gigabytes(bytes: number, work: () => void): number {
  const began = performance.now();
  let rounds = 0;
  while (performance.now() - began < 300) {
    work();
    rounds++;
  }
  return (rounds * bytes) / 1e6 / (performance.now() - began);
}

async function fetchLoopback(open: Open, pairs: number, progress: (line: string) => void): Promise<Case> {
  const bootstrap = await startProcess('bootstrap', '--port', '0');
  const relay = await startSignalRelay();
  try {
    const getter = await open('getter');
    const addresses: string[] = [];
    for (let i = 0; i < HOLDERS; i++) {
      const holder = await open(`holder${i}`);
      addresses.push(await holder.evaluate(url => tab.join(url, true), bootstrap.ready.ws!));
      if (i === 0)
        await holder.evaluate(([room, bytes]) => tab.serveRaw(room, bytes), [relay.url, FILE_BYTES] as const);
    }
    await getter.evaluate(url => tab.join(url, false), bootstrap.ready.ws!);
    await getter.waitForFunction(all => tab.isLinkedTo(all), addresses, { timeout: LINK_WAIT_MS });
    await getter.evaluate(bytes => tab.leave(bytes), FILE_BYTES);
    await getter.evaluate(room => tab.connectRaw(room), relay.url);
    const fetch = (arm: 'ours' | 'raw') => (): Promise<number> => getter.evaluate(which => tab.fetch(which), arm);
    const samples = await measurePairs(pairs, { ours: fetch('ours'), limit: fetch('raw') }, progress);
    return summarise('fetch-loopback', UNIT, 'higher', samples);
  } finally {
    await bootstrap.stop();
    relay.close();
  }
}

/** Gives `use` pages of one persistent profile, an origin each; ends all of it afterwards. */
async function withProfile<T>(use: (open: Open) => Promise<T>): Promise<T> {
  const site = await servePage({ entry: fileURLToPath(new URL('./pages/storage.entry.ts', import.meta.url)) });
  const profile = await makeProfile();
  let context: BrowserContext | undefined;
  try {
    const opened = await openProfile(profile.folder);
    context = opened;
    return await use(async name => {
      const page = await opened.newPage();
      page.on('pageerror', error => process.stderr.write(`  page error: ${error.message}\n`));
      await page.goto(`http://${name}.localhost:${site.port}/`);
      await page.waitForFunction(() => 'tab' in globalThis);
      return page;
    });
  } finally {
    await context?.close();
    await profile.remove();
    await site.close();
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
