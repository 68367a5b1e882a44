/** Tabs of one Chromium that a bench drives, each in a context, and so a process, of its own. */

import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { launchOptions } from '../test/support/chromium.ts';
import { servePage } from '../test/support/serve-page.ts';
import { type SignalRelay, startSignalRelay } from './signal-relay.ts';

export interface Tabs {
  readonly relay: SignalRelay;
  open(): Promise<Page>;
}

/** Gives `use` tabs of a page of this folder, its entry's `tab` global ready; ends all of it afterwards. */
export async function withTabs<T>(
  entry: string,
  files: Readonly<Record<string, Uint8Array>>,
  use: (tabs: Tabs) => Promise<T>,
): Promise<T> {
  const site = await servePage({ entry: fileURLToPath(new URL(`./pages/${entry}`, import.meta.url)), files });
  const relay = await startSignalRelay();
  const browser = await chromium.launch(launchOptions());
  const open = async (): Promise<Page> => ready(await browser.newContext(), site.url);
  try {
    return await use({ relay, open });
  } finally {
    await browser.close();
    relay.close();
    await site.close();
  }
}

async function ready(context: BrowserContext, url: string): Promise<Page> {
  const tab = await context.newPage();
  tab.on('pageerror', error => process.stderr.write(`  page error: ${error.message}\n`));
  tab.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') process.stderr.write(`  page: ${message.text()}\n`);
  });
  await tab.goto(url);
  await tab.waitForFunction(() => 'tab' in globalThis);
  return tab;
}
