/** What tests of storage on real browsers stand on: the page of `storage.entry.ts`, a node to enter by, and what one asks of a tab. */

import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from '@playwright/test';
import type { Held, StoragePage } from '../browser/storage.entry.ts';
import { type SeaProcess, startProcess } from './sea-process.ts';
import { type ServedPage, servePage } from './serve-page.ts';

declare const page: StoragePage;

export const MiB = 1_048_576;

/** What a holder lends, bytes: more than a test stores. */
const QUOTA_BYTES = 512 * MiB;

export class StorageSite {
  readonly #served: ServedPage;
  readonly #bootstrap: SeaProcess;

  private constructor(served: ServedPage, bootstrap: SeaProcess) {
    this.#served = served;
    this.#bootstrap = bootstrap;
  }

  static async start(): Promise<StorageSite> {
    const served = await servePage({ entry: fileURLToPath(new URL('../browser/storage.entry.ts', import.meta.url)) });
    return new StorageSite(served, await startProcess('bootstrap', '--port', '0'));
  }

  /** A tab of origin `index` (a database of its own), not in the sea yet. */
  async open(context: BrowserContext, index: number): Promise<Page> {
    const tab = await context.newPage();
    tab.on('pageerror', error => console.log(`page error: ${error.message}`));
    await tab.goto(`http://h${index}.localhost:${this.#served.port}/`);
    await tab.waitForFunction(() => 'page' in globalThis);
    return tab;
  }

  /** Lends and stays out of the sea; what it holds. */
  wake(tab: Page): Promise<Held> {
    return tab.evaluate(([url, bytes]) => page.wake(url, bytes), [this.#bootstrap.ready.ws!, QUOTA_BYTES] as const);
  }

  /** Joins and lends; the node's address. */
  join(tab: Page, quotaBytes: number = QUOTA_BYTES): Promise<string> {
    return tab.evaluate(([url, bytes]) => page.join(url, bytes), [this.#bootstrap.ready.ws!, quotaBytes] as const);
  }

  async close(): Promise<void> {
    await this.#bootstrap.stop();
    await this.#served.close();
  }
}

/** A file that a test stores: its bytes come from the seed. */
export interface TestFile {
  readonly length: number;
  readonly seed: number;
  readonly k: number;
  readonly n: number;
}

export function put(tab: Page, file: TestFile): ReturnType<StoragePage['put']> {
  return tab.evaluate(({ length, seed, k, n }) => page.put(length, seed, k, n), file);
}

/** Stores or fails the test. */
export async function stored(tab: Page, file: TestFile): Promise<{ read: string; delete: string; ms: number }> {
  const links = await put(tab, file);
  if ('code' in links) throw new Error(`put failed with ${links.code}`);
  return links;
}

export function get(tab: Page, link: string, { length, seed }: TestFile): ReturnType<StoragePage['get']> {
  return tab.evaluate(([text, bytes, from]) => page.get(text, bytes, from), [link, length, seed] as const);
}
