/**
 * The desktop node's window in a real browser: its page as Electron would show it, under the app's policy, with a stand-in
 * for the preload script. The server half is the real one, in this process; peers join through it.
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { build } from 'vite';
import { WebSocketServer } from 'ws';
import { rendererConfig } from '../../bootstrap-electron/build.mjs';
import { APP_URL, appFile } from '../../bootstrap-electron/main/app-files.ts';
import { ServerHost } from '../../bootstrap-electron/main/server-host.ts';
import { SettingsFile } from '../../bootstrap-electron/main/settings-file.ts';
import { domPort, domPortPair } from '../../bootstrap-electron/shared/port.ts';
import { createSea, type Sea, startBootstrap } from '../../src/node.ts';
import { timersClock } from '../../src/ports/acceptance/timers-clock.ts';
import { silentLog } from '../../src/ports/log.ts';
import { PortBridge } from '../support/port-bridge.ts';

let folder: string;
let shellScript: string;
let host: ServerHost;
let shell: WebSocketServer;
let files: Server;
let violations: string[];
const seas: Sea[] = [];

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peersea-electron-'));
  await build(rendererConfig(join(folder, 'renderer')));
  const entry = fileURLToPath(new URL('./electron-shell.entry.ts', import.meta.url));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: join(folder, 'shell'),
      target: 'es2022',
      lib: { entry, formats: ['iife'], name: 'shell', fileName: () => 'shell.js' },
    },
  });
  shellScript = await readFile(join(folder, 'shell', 'shell.js'), 'utf8');
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

test.beforeEach(async () => {
  violations = [];
  host = new ServerHost({
    clock: timersClock(),
    log: silentLog,
    settingsFile: new SettingsFile(join(await mkdtemp(join(folder, 'data-')), 'node.json'), silentLog),
    pageFolder: undefined,
    makePorts: domPortPair,
    interfaces: () => ({}),
  });
  await host.resume();
  shell = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  shell.on('connection', socket => {
    const { port1, port2 } = new MessageChannel();
    const ports = new PortBridge('process', bytes => socket.send(bytes));
    socket.binaryType = 'arraybuffer';
    socket.on('message', data => ports.receive(new Uint8Array(data as ArrayBuffer)));
    socket.on('close', () => ports.close());
    ports.add(port1);
    host.attach(domPort(port2));
  });
  files = createServer(async (request, response) => {
    const answer = await appFile(join(folder, 'renderer'), new Request(new URL(request.url ?? '/', APP_URL)));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>(resolve => files.listen(0, '127.0.0.1', resolve));
});

test.afterEach(async () => {
  for (const sea of seas.splice(0)) await sea.close();
  await host.close();
  for (const socket of shell.clients) socket.terminate();
  shell.close();
  files.closeAllConnections();
  files.close();
  expect(violations).toEqual([]);
});

async function openWindow(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.on('console', message => {
    if (/Content.Security.Policy/i.test(message.text())) violations.push(message.text());
  });
  page.on('pageerror', error => violations.push(String(error)));
  const { port } = shell.address() as AddressInfo;
  await page.addInitScript(`globalThis.electronShellUrl = 'ws://127.0.0.1:${port}/'; ${shellScript}`);
  await page.goto(`http://localhost:${(files.address() as AddressInfo).port}/`);
  return page;
}

/** Starts the node in the window; the URL by which nodes join it. */
async function start(page: Page): Promise<string> {
  await page.getByLabel('Port').fill('0');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByRole('status', { name: 'State' })).toHaveText('Running');
  return (await page.locator('li code').first().textContent()) ?? '';
}

async function ownAddress(page: Page): Promise<string> {
  return (await page.getByTestId('own-address').getAttribute('data-address')) ?? '';
}

async function joinFromNode(url: string): Promise<Sea> {
  const sea = await createSea({ bootstraps: [url] });
  seas.push(sea);
  await sea.goOnline();
  return sea;
}

async function health(wsUrl: string): Promise<unknown> {
  return (await fetch(`http://${new URL(wsUrl).host}/health`)).json();
}

test('peers join through the window, which links with them directly and shows them', async ({ context }) => {
  const page = await openWindow(context);
  await expect(page.getByRole('status', { name: 'State' })).toHaveText('Stopped');
  const url = await start(page);
  await expect(page.getByRole('img', { name: `QR code of ${url}` })).toBeVisible();
  await expect(page.getByText('Nobody yet.')).toBeVisible();

  const [first, second] = [await joinFromNode(url), await joinFromNode(url)];
  for (const sea of [first, second]) {
    const row = page.locator(`tr[data-address="${sea.localId()}"]`);
    await expect(row).toHaveAttribute('data-transport', 'webrtc');
    await expect(row).toContainText('directly (WebRTC)');
    await expect(row).toContainText(/\d ms/); // a measured round trip
  }
  await expect(page.getByTestId('websockets')).toContainText('0 links over websockets');
  await expect.poll(() => first.links().map(link => link.transport)).toEqual(['webrtc', 'webrtc']);

  second.handle('echo', value => value);
  expect(await first.call(second.localId(), 'echo', 'across')).toBe('across');
  await expect
    .poll(() => health(url))
    .toMatchObject({ ok: true, address: await ownAddress(page), links: 2, online: true });

  await first.close();
  await expect(page.locator('tbody tr')).toHaveCount(1);
});

test('the node stops, and starts again as the same node', async ({ context }) => {
  const page = await openWindow(context);
  const url = await start(page);
  const address = await ownAddress(page);
  expect(address).toMatch(/^[0-9a-f]{64}$/);
  const peer = await joinFromNode(url);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('status', { name: 'State' })).toHaveText('Stopped');
  await expect(page.getByRole('table')).toHaveCount(0);
  await expect.poll(() => peer.links().length).toBe(0);
  await expect(health(url)).rejects.toThrow();
  const again = await start(page);
  expect(await ownAddress(page)).toBe(address);
  await joinFromNode(again);
  await expect(page.locator('tbody tr').first()).toBeVisible();
});

test('a window that is reloaded takes its node up again', async ({ context }) => {
  const page = await openWindow(context);
  const url = await start(page);
  const address = await ownAddress(page);
  await page.reload();
  await expect(page.getByRole('status', { name: 'State' })).toHaveText('Running');
  expect(await ownAddress(page)).toBe(address);
  expect(await page.locator('li code').first().textContent()).toBe(url);
  const peer = await joinFromNode(url);
  await expect(page.locator(`tr[data-address="${peer.localId()}"]`)).toBeVisible();
});

test('the node joins the sea of another node, and is a way into it', async ({ context }) => {
  const entry = await startBootstrap({ host: '127.0.0.1', port: 0 });
  seas.push(entry.sea);
  const elsewhere = await joinFromNode(entry.server.wsUrl);
  elsewhere.handle('name', () => 'elsewhere');
  const page = await openWindow(context);
  await page.getByLabel('Nodes to join').fill(entry.server.wsUrl);
  const url = await start(page);
  const row = page.locator(`tr[data-address="${entry.sea.localId()}"]`);
  await expect(row).toHaveAttribute('data-transport', 'webrtc');
  const newcomer = await joinFromNode(url);
  expect(await newcomer.call(elsewhere.localId(), 'name')).toBe('elsewhere');

  await page.getByLabel('Nodes to join').fill('');
  await page.getByRole('button', { name: 'Restart with these settings' }).click();
  await expect(row).toHaveCount(0);
  await expect(page.getByRole('status', { name: 'State' })).toHaveText('Running');
  await entry.close();
});

test('what cannot be is said in a sentence with its code', async ({ context }) => {
  const page = await openWindow(context);
  await page.getByLabel('Port').fill('seven');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByRole('alert')).toHaveText('A port is a whole number from 0 to 65535.');
  const taken = (files.address() as AddressInfo).port;
  await page.getByLabel('Port').fill(String(taken));
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText(`127.0.0.1:${taken} is taken by another program`);
  await expect(page.getByRole('alert')).toContainText('PORT_IN_USE');
  await expect(page.getByRole('status', { name: 'State' })).toHaveText('Could not start');
});

test('the page outside of the app says so', async ({ page }) => {
  await page.goto(`http://localhost:${(files.address() as AddressInfo).port}/`);
  await expect(page.getByText('does nothing outside of it')).toBeVisible();
});

test('the window is fit for narrow screens and the keyboard', async ({ context }) => {
  const page = await openWindow(context);
  await page.setViewportSize({ width: 390, height: 800 });
  await page.getByLabel('Port').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('0');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status', { name: 'State' })).toHaveText('Running');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
