import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildElectron } from '../build.mjs';
import { PORT_CHANNEL, PORT_MESSAGE } from '../shared/port-names.ts';

/** What testing/fake-electron.mjs prints. */
interface Seen {
  readonly url: string;
  readonly preferences: Readonly<Record<string, unknown>>;
  readonly schemes: unknown;
  readonly opened: unknown;
  readonly prevented: readonly string[];
  readonly permissions: Readonly<Record<string, readonly boolean[]>>;
  readonly device: boolean;
  readonly page: { readonly status: number; readonly policy: string; readonly text: string };
  readonly node: {
    readonly strangers: number;
    readonly channel: string;
    readonly news: readonly string[];
    readonly health: unknown;
  };
}

let folder: string;
let built: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'peersea-electron-build-'));
  built = join(folder, 'electron');
  await buildElectron(built);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the built main process, with a stand-in for Electron', () => {
  let seen: Seen;

  beforeAll(async () => {
    const register = pathToFileURL(fileURLToPath(new URL('../testing/register.mjs', import.meta.url))).href;
    mkdirSync(join(folder, 'data'));
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', register, join(built, 'main.js')], {
      env: { ...process.env, FAKE_USER_DATA: join(folder, 'data') },
      timeout: 60_000,
    });
    seen = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Seen;
  }, 90_000);

  it('shuts the window in', () => {
    expect(seen.preferences).toMatchObject({
      preload: join(built, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      backgroundThrottling: false,
    });
    expect(seen.preferences).not.toHaveProperty('webSecurity', false);
    expect(seen.opened).toEqual({ action: 'deny' });
    expect(seen.prevented).toEqual(['will-navigate', 'will-redirect', 'will-attach-webview']);
  });

  it('refuses permissions but the few that the page needs', () => {
    expect(seen.permissions).toEqual({
      media: [false, false],
      notifications: [false, false],
      openExternal: [false, false],
      'local-network-access': [true, true],
    });
    expect(seen.device).toBe(false);
  });

  it('shows its own page from a secure scheme, under a strict policy', () => {
    expect(seen.url).toBe('peersea://node/');
    expect(seen.schemes).toEqual([
      { scheme: 'peersea', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
    expect(seen.page.status).toBe(200);
    expect(seen.page.text).toContain('<title>Peersea node</title>');
    expect(seen.page.policy).toMatch(/^default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'sha256-/);
  });

  it('gives the port to its own page only, and starts the server by it', () => {
    expect([seen.node.strangers, seen.node.channel]).toEqual([0, PORT_CHANNEL]);
    expect(seen.node.news).toEqual(['stopped', 'starting', 'running']);
    expect(seen.node.health).toMatchObject({ ok: false, links: 0, online: false });
  });

  it('quits with its last window, its settings kept', () => {
    const kept: unknown = JSON.parse(readFileSync(join(folder, 'data', 'node.json'), 'utf8'));
    expect(kept).toMatchObject({ isRunning: true, settings: { port: 0, reach: 'computer' } });
  });
});

it('the built preload script is one CommonJS file that hands over the port and nothing else', () => {
  const ipcRenderer = { on: vi.fn(), send: vi.fn() };
  const exposed = new Map<string, Record<string, () => void>>();
  const contextBridge = {
    exposeInMainWorld: (name: string, api: Record<string, () => void>) => exposed.set(name, api),
  };
  const window = { postMessage: vi.fn() };
  const requireOnly = (name: string): unknown => {
    expect(name).toBe('electron');
    return { contextBridge, ipcRenderer };
  };
  runInNewContext(readFileSync(join(built, 'preload.cjs'), 'utf8'), { require: requireOnly, window, exports: {} });
  expect([...exposed.keys()]).toEqual(['peerseaShell']);
  expect(Object.keys(exposed.get('peerseaShell')!)).toEqual(['connect']);
  exposed.get('peerseaShell')!.connect!();
  expect(ipcRenderer.send.mock.calls).toEqual([[PORT_CHANNEL]]);
  expect(ipcRenderer.on.mock.calls).toEqual([[PORT_CHANNEL, expect.any(Function)]]);
  const ports = [new MessageChannel().port1];
  (ipcRenderer.on.mock.calls[0]![1] as (event: unknown) => void)({ ports });
  expect(window.postMessage.mock.calls).toEqual([[PORT_MESSAGE, '*', ports]]);
});
