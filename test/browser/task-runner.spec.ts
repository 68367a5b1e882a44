/** The task runner of pages in a real browser: the port's suite, the walls around its workers, and pages with policies. */

import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { taskFrameScriptHash } from '../../src/adapters/worker/generated/task-frame-hash.ts';
import { type ServedPage, servePage } from '../support/serve-page.ts';
import type { Probe } from './task-runner.entry.ts';

declare const probe: Probe;

const entry = fileURLToPath(new URL('./task-runner.entry.ts', import.meta.url));

let served: ServedPage;

test.beforeAll(async () => {
  served = await servePage({ entry });
});
test.afterAll(() => served.close());

test('does all that a task runner must', async ({ page }) => {
  await visit(page, served.url);
  const outcomes = await page.evaluate(() => probe.acceptance());
  expect(outcomes.filter(({ failure }) => failure !== undefined)).toEqual([]);
  expect(outcomes.length).toBeGreaterThanOrEqual(30);
});

test('puts an invisible, opaque frame into the page with the first slot and takes it out on close', async ({
  page,
}) => {
  await visit(page, served.url);
  expect(await page.evaluate(() => probe.frames())).toEqual([[], ['allow-scripts true true -1 0x0'], []]);
});

test('a worker that dies is HOST_FAILURE, and another takes its place', async ({ page }) => {
  await visit(page, served.url);
  const [before, torn, after] = await page.evaluate(() => probe.crash());
  expect([before, after]).toEqual(['1,2,3', '1,2,3']);
  expect(torn).toMatch(/^HOST_FAILURE: a worker died: .*torn/);
});

test('a frame that a script of the page removes is HOST_FAILURE, and a new one takes its place', async ({ page }) => {
  await visit(page, served.url);
  expect(await page.evaluate(() => probe.loseFrame())).toEqual([
    'HOST_FAILURE: a worker died: its frame was removed from the page',
    '1,2,3',
  ]);
});

test.describe('walls', () => {
  let hits: string[];
  let server: Server;
  let target: string;

  test.beforeEach(async () => {
    hits = [];
    server = await listen(hits);
    target = `localhost:${(server.address() as AddressInfo).port}`;
  });
  test.afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test('a task worker reaches no network, no storage and no further code; a worker of the page does', async ({
    page,
  }) => {
    await visit(page, served.url);
    const attempt = (where: 'frame' | 'page') =>
      page.evaluate(([text, place]) => probe.runProgram(text, place), [escapeProgram(target), where] as const);

    expect(await attempt('frame')).toEqual({
      origin: 'null',
      fetch: 'refused',
      xhr: 'refused',
      socket: 'refused',
      events: 'refused',
      importScripts: 'refused',
      importBlob: 'refused',
      module: 'refused',
      eval: 'refused',
      indexedDB: 'refused',
      caches: 'refused',
      locks: 'refused',
      files: 'refused',
    });
    expect(hits).toEqual([]);
    expect(await page.evaluate(() => probe.heard)).toEqual([]);

    const control = (await attempt('page')) as Record<string, string>;
    expect(control.origin).toBe(new URL(served.url).origin);
    expect(Object.values(control)).not.toContain('refused');
    expect([...new Set(hits)].sort()).toEqual(['/events', '/fetch', '/module.js', '/script.js', '/socket', '/xhr']);
    await expect.poll(() => page.evaluate(() => probe.heard)).toEqual(['worker']);
  });

  test('the frame itself reaches neither the page nor the network', async ({ page }) => {
    await visit(page, served.url);
    await page.evaluate(() => probe.open());
    const frame = page.frames().find(candidate => candidate !== page.mainFrame());
    const seen = await frame?.evaluate(async url => {
      const refused = (attempt: () => unknown): Promise<string> =>
        Promise.resolve()
          .then(attempt)
          .then(
            () => 'done',
            () => 'refused',
          );
      return [
        origin,
        await refused(() => parent.document.title),
        await refused(() => document.cookie),
        await refused(() => localStorage.length),
        await refused(() => fetch(url, { mode: 'no-cors' })),
      ];
    }, `http://${target}/fetch`);
    expect(seen).toEqual(['null', 'refused', 'refused', 'refused', 'refused']);
    expect(hits).toEqual([]);
  });
});

test.describe('on a page with a policy', () => {
  const base = "default-src 'self'; img-src data:";
  const cases: readonly (readonly [title: string, policy: string, outcome: RegExp])[] = [
    [
      'that allows the frame by its hash tasks run',
      `${base}; script-src 'self' 'wasm-unsafe-eval' '${taskFrameScriptHash}'; worker-src blob:`,
      /^1,2,3$/,
    ],
    [
      'that does not allow the frame script, the error says what to allow',
      `${base}; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:`,
      /^UNSUPPORTED: .*sha256-.*wasm-unsafe-eval.*worker-src/,
    ],
    [
      'that does not allow WebAssembly, the host fails and not the module',
      `${base}; script-src 'self' '${taskFrameScriptHash}'; worker-src blob:`,
      /^HOST_FAILURE: /,
    ],
    [
      'that does not allow workers from blobs, the host fails',
      `${base}; script-src 'self' 'wasm-unsafe-eval' '${taskFrameScriptHash}'; worker-src 'self'`,
      /^HOST_FAILURE: /,
    ],
  ];
  for (const [title, policy, outcome] of cases) {
    test(title, async ({ page }) => {
      const strict = await servePage({ entry, headers: { 'content-security-policy': policy } });
      try {
        await visit(page, strict.url);
        expect(await page.evaluate(() => probe.frameScriptHash)).toBe(taskFrameScriptHash);
        expect(await page.evaluate(() => probe.echo())).toMatch(outcome);
      } finally {
        await strict.close();
      }
    });
  }
});

async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForFunction(() => 'probe' in globalThis);
}

/** Notes the path of every request, websockets included, and answers them all, for any origin. */
async function listen(hits: string[]): Promise<Server> {
  const types: Record<string, string> = {
    '/script.js': 'text/javascript',
    '/module.js': 'text/javascript',
    '/events': 'text/event-stream',
  };
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    hits.push(path);
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': types[path] ?? 'text/plain' });
    response.end(path === '/events' ? 'data: 1\n\n' : '');
  });
  server.on('upgrade', (request, socket) => {
    hits.push(request.url ?? '');
    const accept = createHash('sha1').update(
      `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`,
    );
    const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    socket.write([...head, `Sec-WebSocket-Accept: ${accept.digest('base64')}`, '', ''].join('\r\n'));
    socket.on('error', () => {}); // the page leaves without a closing handshake
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** A worker program that tries every way out it can think of and posts, for each, what came of it. */
function escapeProgram(host: string): string {
  return `
    const attempts = {
      fetch: () => fetch('http://${host}/fetch', { mode: 'no-cors' }),
      xhr: () => heard(new XMLHttpRequest(), request => { request.open('GET', 'http://${host}/xhr'); request.send(); }, 'load'),
      socket: () => heard(new WebSocket('ws://${host}/socket'), () => {}, 'open'),
      events: () => heard(new EventSource('http://${host}/events'), () => {}, 'message'),
      importScripts: () => importScripts('http://${host}/script.js'),
      importBlob: () => importScripts(URL.createObjectURL(new Blob([''], { type: 'text/javascript' }))),
      module: () => import('http://${host}/module.js'),
      eval: () => eval('1'),
      indexedDB: () => heard(indexedDB.open('escape'), () => {}, 'success'),
      caches: () => caches.open('escape'),
      locks: () => navigator.locks.request('escape', () => {}),
      files: () => navigator.storage.getDirectory(),
    };
    function heard(target, begin, event) {
      return new Promise((resolve, reject) => {
        target.addEventListener(event, resolve);
        target.addEventListener('error', reject);
        begin(target);
      });
    }
    addEventListener('message', async ({ ports: [port] }) => {
      const results = { origin };
      try { new BroadcastChannel('escape').postMessage('worker'); } catch {}
      for (const [name, attempt] of Object.entries(attempts)) {
        try { await attempt(); results[name] = 'done'; } catch { results[name] = 'refused'; }
      }
      port.postMessage(results);
    });`;
}
