/** What a link costs: throughput, opening and round trip against a raw data channel between the same two tabs. */

import type { Page } from '@playwright/test';
import type { LinkPage } from './pages/link.entry.ts';
import { type Arms, measurePairs, median, summarise } from './pairs.ts';
import { type BenchOptions, type Case, runCases } from './report.ts';
import { withTabs } from './tabs.ts';

declare const tab: LinkPage;

const PAIRS = 15;
const BULK_BYTES = 33_554_432;
const OPENS = 5;
const ROUND_TRIPS = 1_000;

type Arm = 'link' | 'raw';

export function bench(options: BenchOptions): Promise<Case[]> {
  const { pairs = PAIRS, progress } = options;
  return withTabs('link.entry.ts', {}, async ({ relay, open }) => {
    const [dialler, answerer] = [await open(), await open()];
    await introduce(dialler, answerer, `${relay.url}link`);
    const openBoth = (): Promise<unknown> =>
      dialler.evaluate(async () => [await tab.open('link'), await tab.open('raw')]);
    const measure = async (name: string, unit: string, better: Case['better'], arms: Arms): Promise<Case> =>
      summarise(name, unit, better, await measurePairs(pairs, arms, progress));
    const bulk = async (name: string, bytes: number): Promise<Case> => {
      const arm = (which: Arm) => () => transfer(dialler, answerer, which, bytes);
      return measure(name, 'MB/s', 'higher', { ours: arm('link'), limit: arm('raw') });
    };
    const roundTrip = (name: string, ours: 'path' | 'call'): Promise<Case> => {
      const arm = (which: 'path' | 'call' | 'raw') => () => roundTrips(dialler, answerer, which);
      return measure(name, 'ms', 'lower', { ours: arm(ours), limit: arm('raw') });
    };
    const cases = {
      open: () =>
        measure('open', 'ms', 'lower', { ours: () => opens(dialler, 'link'), limit: () => opens(dialler, 'raw') }),
      'bulk-64k': () => bulk('bulk-64k', 65_536),
      'bulk-16k': () => bulk('bulk-16k', 16_384),
      rtt: () => roundTrip('rtt', 'path'),
      call: () => roundTrip('call', 'call'),
    };
    const { open: opening, ...standing } = cases;
    const first = await runCases(options, { open: opening });
    await openBoth();
    return [...first, ...(await runCases(options, standing))];
  });
}

async function introduce(dialler: Page, answerer: Page, room: string): Promise<void> {
  await dialler.evaluate(url => tab.start(url), room);
  const address = await answerer.evaluate(url => tab.start(url), room);
  await answerer.evaluate(() => tab.answer());
  await dialler.evaluate(to => tab.meet(to), address);
}

/** Median of a few openings, each closed again. */
async function opens(dialler: Page, arm: Arm): Promise<number> {
  const took: number[] = [];
  for (let i = 0; i < OPENS; i++) {
    took.push(await dialler.evaluate(which => tab.open(which), arm));
    await dialler.evaluate(which => tab.close(which), arm);
    await dialler.waitForTimeout(50);
  }
  return median(took);
}

async function transfer(dialler: Page, answerer: Page, arm: Arm, messageBytes: number): Promise<number> {
  await answerer.evaluate(bytes => tab.expect(bytes), BULK_BYTES);
  return dialler.evaluate(([which, bytes, count]) => tab.bulk(which, bytes, count), [
    arm,
    messageBytes,
    BULK_BYTES / messageBytes,
  ] as const);
}

/** On a path that stands, by calls, or raw. */
async function roundTrips(dialler: Page, answerer: Page, arm: 'path' | 'call' | 'raw'): Promise<number> {
  await answerer.evaluate(bytes => tab.expect(bytes), arm === 'path' ? -1 : 0);
  return dialler.evaluate(([which, count]) => tab.roundTrips(which, count), [arm, ROUND_TRIPS] as const);
}
