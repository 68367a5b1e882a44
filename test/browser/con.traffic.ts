/**
 * Traffic on the con between two tabs while its way changes: numbers and a stream, both ways at once. Everything must
 * arrive once, in order and unchanged, whatever happens to the way.
 */

import { expect, type Page } from '@playwright/test';
import type { PageApi, RouteReport } from './con.entry.ts';

declare const page: PageApi;

const NUMBER_EVERY_MS = 5;
const PIECE_BYTES = 65_536;
const PIECE_EVERY_MS = 20;
/** Longest wait for a change of way: a dial that is under way and bound to fail, the wait after it, and a busy machine. */
const CHANGE_MS_MAX = 60_000;

export type Tabs = readonly [Page, Page];

/** Begins to send, both ways. The tabs have a con. */
export async function beginTraffic(tabs: Tabs): Promise<void> {
  for (const tab of tabs) {
    await tab.evaluate(everyMs => page.keepSending(everyMs), NUMBER_EVERY_MS);
    await tab.evaluate(([bytes, everyMs]) => page.keepStreaming(bytes!, everyMs!), [PIECE_BYTES, PIECE_EVERY_MS]);
  }
}

/** Resolves once both tabs say that their con goes this way: when each said so, ms after `sinceMs`. */
export async function bothSay(tabs: Tabs, kind: RouteReport['kind'], sinceMs: number): Promise<number[]> {
  const routes = (): Promise<RouteReport[][]> => Promise.all(tabs.map(tab => tab.evaluate(() => page.routes)));
  const kinds = async () => (await routes()).map(said => said.at(-1)?.kind);
  await expect.poll(kinds, { timeout: CHANGE_MS_MAX }).toEqual([kind, kind]);
  return (await routes()).map(said => said.at(-1)!.ms - sinceMs);
}

/** Ends the traffic, waits for the last of it, and checks all of it: how much went each way. */
export async function endTraffic(tabs: Tabs): Promise<{ numbers: number[]; mib: number[] }> {
  const numbers = await Promise.all(tabs.map(tab => tab.evaluate(() => page.stopSending())));
  const written = await Promise.all(tabs.map(tab => tab.evaluate(() => page.stopStreaming())));
  for (const [i, tab] of [tabs[1], tabs[0]].entries()) {
    await expect.poll(() => tab.evaluate(() => page.values.length)).toBe(numbers[i]);
    expect(await tab.evaluate(() => page.values)).toEqual(Array.from({ length: numbers[i]! }, (_, n) => n));
    const { bytes, right } = await tab.evaluate(() => page.read!);
    expect([bytes, right]).toEqual([written[i], true]);
    expect(await tab.evaluate(() => page.events)).toEqual(['connect']);
  }
  return { numbers, mib: written.map(bytes => Math.round(bytes / 1_048_576)) };
}
