/** How the browser tests start Chromium: which program, which flags, and with a profile on disk where storage matters. */

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type LaunchOptions } from '@playwright/test';

const INSTALLED = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

/** PEERSEA_BROWSER, else a browser on the PATH, else Playwright's own (undefined). */
export function browserPath(): string | undefined {
  if (process.env.PEERSEA_BROWSER) return process.env.PEERSEA_BROWSER;
  const folders = (process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':').filter(Boolean);
  return INSTALLED.flatMap(name => folders.map(folder => join(folder, name))).find(path => existsSync(path));
}

/** For `chromium.launch`, `launchPersistentContext` and a Playwright config's `use.launchOptions`. */
export function launchOptions(): LaunchOptions {
  const executablePath = browserPath();
  return {
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-quic',
    ],
  };
}

/** A folder for a browser profile, and its removal. */
export async function makeProfile(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'peersea-profile-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A browser of its own whose storage is on disk, as a user's is: an ordinary context is off the record. */
export function openProfile(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { ...launchOptions(), headless: true });
}
