/**
 * The desktop node as people run it: the built app in Electron itself. Runs where Electron's binary is on this machine
 * (`npx electron --version` fetches it) and says why where it does not.
 */

import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { _electron, type ElectronApplication, expect, test } from '@playwright/test';
import { buildElectron } from '../../bootstrap-electron/build.mjs';
import { createSea } from '../../src/node.ts';

/** Electron's program, if it is there: requiring the package would try to fetch it. */
function electronBinary(): string | undefined {
  const home = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const note = join(home, 'path.txt'); // written when the binary was fetched
  const name = existsSync(note) ? readFileSync(note, 'utf8') : 'electron';
  const path = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(home, 'dist'), name);
  return existsSync(path) ? path : undefined;
}

function reasonToSkip(binary: string | undefined): string | undefined {
  if (binary === undefined) return 'the binary of Electron is not on this machine; `npx electron --version` fetches it';
  const hasDisplay = process.env.DISPLAY !== undefined || process.env.WAYLAND_DISPLAY !== undefined;
  if (process.platform === 'linux' && !hasDisplay) return 'there is no display; run the tests under `xvfb-run`';
  return undefined;
}

const binary = electronBinary();
const reason = reasonToSkip(binary);
let folder: string;
let app: ElectronApplication;

test.skip(reason !== undefined, reason ?? '');

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peersea-electron-app-'));
  await buildElectron(join(folder, 'electron'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
});
test.afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

test.beforeEach(async () => {
  const isRoot = process.getuid?.() === 0; // Chromium refuses its sandbox to root
  app = await _electron.launch({
    executablePath: binary!,
    args: [
      ...(isRoot ? ['--no-sandbox'] : []),
      `--user-data-dir=${join(folder, 'data')}`,
      join(folder, 'electron', 'main.js'),
    ],
  });
});
test.afterEach(() => app.close());

test('the app starts a node that others join, and shows them', async () => {
  const window = await app.firstWindow();
  await expect(window).toHaveTitle('Peersea node');
  await window.getByLabel('Port').fill('0');
  await window.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(window.getByRole('status', { name: 'State' })).toHaveText('Running');
  const url = (await window.locator('code', { hasText: /^ws:/ }).first().textContent()) ?? '';
  const peer = await createSea({ bootstraps: [url] });
  await peer.goOnline();
  const row = window.locator(`tr[data-address="${peer.localId()}"]`);
  await expect(row).toHaveAttribute('data-transport', 'webrtc');
  await peer.close();
  await expect(row).toHaveCount(0);
  await window.getByRole('button', { name: 'Stop' }).click();
  await expect(window.getByRole('status', { name: 'State' })).toHaveText('Stopped');
});

test('the window is shut in', async () => {
  const window = await app.firstWindow();
  await expect(window.getByRole('heading', { name: 'Peersea node' })).toBeVisible();
  const kinds = await window.evaluate(() => [
    typeof Reflect.get(globalThis, 'require'),
    typeof Reflect.get(globalThis, 'process'),
    String(open('https://example.org')),
    typeof indexedDB,
    String(isSecureContext),
  ]);
  expect(kinds).toEqual(['undefined', 'undefined', 'null', 'object', 'true']);
  await window.evaluate(() => location.assign('https://example.org/'));
  expect(window.url()).toBe('peersea://node/');
  expect(app.windows()).toHaveLength(1);
});
