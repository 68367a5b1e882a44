/**
 * What the platform costs a computation: a map over two tabs, and one on this device alone, against the plain loops that
 * somebody would write by hand for the same tabs, workers and module.
 */

import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { startProcess } from '../test/support/sea-process.ts';
import { testModules } from '../wasm-tasks/testing/modules.ts';
import type { ComputePage, Outcome } from './pages/compute.entry.ts';
import { measurePairs, median, type Samples, summarise } from './pairs.ts';
import { type BenchOptions, type Case, runCases } from './report.ts';
import { type Tabs, withTabs } from './tabs.ts';

declare const tab: ComputePage;

const PAIRS = 9;
const WORKERS = 2;
const UNIT = 'parts/s';
const LINK_WAIT_MS = 30_000;

type Arm = 'pool' | 'raw' | 'remote' | 'local';

export async function bench(options: BenchOptions): Promise<Case[]> {
  const { pairs = PAIRS, progress } = options;
  const bootstrap = await startProcess('bootstrap', '--port', '0');
  try {
    return await withTabs('compute.entry.ts', { '/task.wasm': readFileSync(testModules.spin) }, async tabs => {
      const requester = await openRequester(tabs, bootstrap.ready.ws!);
      const alone = await openAlone(tabs);
      const steps = await requester.evaluate(() => tab.calibrate(50));
      progress(`a part of 50 ms has ${steps} steps`);
      const remote = async (inputBytes: number, limit: Arm, beside: Arm): Promise<Samples> => {
        const run = await prepared(requester, 100, steps, inputBytes);
        return measurePairs(
          pairs,
          { ours: run('remote'), limit: run(limit), peers: { [beside]: run(beside) } },
          progress,
        );
      };
      return runCases(options, {
        'remote-50ms': async () => {
          const samples = await remote(65_536, 'raw', 'pool');
          const { peers, ...rest } = summarise('remote-50ms', UNIT, 'higher', samples);
          const ratioToPool = median(samples.ours.map((figure, i) => figure / samples.peers.pool![i]!));
          return { ...rest, peers: { ...peers, ratioToPool } };
        },
        'remote-50ms-1k': async () => summarise('remote-50ms-1k', UNIT, 'higher', await remote(1_024, 'pool', 'raw')),
        'local-10ms': async () => {
          const run = await prepared(alone, 400, Math.round(steps / 5), 1_024);
          const samples = await measurePairs(pairs, { ours: run('local'), limit: run('pool') }, progress);
          return summarise('local-10ms', UNIT, 'higher', samples);
        },
      });
    });
  } finally {
    await bootstrap.stop();
  }
}

/** A requester without slots, linked to two providers with one each, in the sea and by raw channels; and a bare pool. */
async function openRequester({ open, relay }: Tabs, bootstrap: string): Promise<Page> {
  const requester = await open();
  const addresses: string[] = [];
  const rooms: string[] = [];
  for (let i = 0; i < WORKERS; i++) {
    const provider = await open();
    await provider.evaluate(() => tab.load());
    addresses.push(await provider.evaluate(url => tab.join([url], 1), bootstrap));
    rooms.push(`${relay.url}provider-${i}`);
    await provider.evaluate(room => tab.serve(room), rooms[i]!);
  }
  await requester.evaluate(() => tab.load());
  await requester.evaluate(url => tab.join([url], 0), bootstrap);
  await requester.waitForFunction(all => tab.isLinkedTo(all), addresses, { timeout: LINK_WAIT_MS });
  await requester.evaluate(all => tab.connect(all), rooms);
  await requester.evaluate(workers => tab.startPool(workers), WORKERS);
  return requester;
}

/** A tab that computes by itself. */
async function openAlone({ open }: Tabs): Promise<Page> {
  const alone = await open();
  await alone.evaluate(() => tab.load());
  await alone.evaluate(workers => tab.join([], workers), WORKERS);
  await alone.evaluate(workers => tab.startPool(workers), WORKERS);
  return alone;
}

/** Makes the inputs, and gives arms that compute them. Throws when two runs give different outputs. */
async function prepared(
  page: Page,
  parts: number,
  steps: number,
  inputBytes: number,
): Promise<(arm: Arm) => () => Promise<number>> {
  await page.evaluate(([count, each, bytes]) => tab.prepare(count, each, bytes), [parts, steps, inputBytes] as const);
  let sum: number | undefined;
  const run = async (arm: Arm): Promise<number> => {
    const outcome: Outcome = await page.evaluate(which => tab.run(which), arm);
    sum ??= outcome.sum;
    if (outcome.sum !== sum) throw new Error(`the outputs of ${arm} differ from those of another arm`);
    return outcome.partsPerSecond;
  };
  return arm => () => run(arm);
}
