/** What an operator of nodes meets: neighbours that are down, folders that are taken, a sea that goes and comes back. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

interface Running {
  readonly child: ChildProcess;
  /** What it has said on stderr. */
  readonly log: () => string;
  /** Its lines of JSON so far. */
  readonly lines: () => Record<string, unknown>[];
  /** The line of JSON by which it said that it is ready. */
  ready(): Promise<Record<string, unknown>>;
  /** Its exit code, told to end by the signal or not. */
  ended(signal?: NodeJS.Signals): Promise<number | null>;
}

let folder: string;
const children: ChildProcess[] = [];
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peersea-operator-'));
});
test.afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

function peersea(...args: string[]): Running {
  const data = args.includes('--data') ? [] : ['--data', 'none'];
  const child = spawn(process.execPath, [cli, ...args, ...data, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let log = '';
  child.stderr.on('data', text => (log += text));
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on('line', line => lines.push(line));
  const first = once(reader, 'line');
  const exit = once(child, 'close');
  return {
    child,
    log: () => log,
    lines: () => lines.map(line => JSON.parse(line)),
    ready: async () => {
      const [line] = await Promise.race([first, exit]);
      if (typeof line !== 'string') throw new Error(`ended early:\n${log}`);
      return JSON.parse(line);
    },
    ended: async signal => {
      if (signal !== undefined) child.kill(signal);
      return (await exit)[0];
    },
  };
}

/** A port that nobody listens on. */
async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return `${port}`;
}

async function health(node: Record<string, unknown>): Promise<{ status: number; [member: string]: unknown }> {
  const response = await fetch(new URL('/health', String(node['url'])));
  return { status: response.status, ...(await response.json()) };
}

test('a way in whose neighbour is down stays up, says so, and comes in when the neighbour is there', async () => {
  const port = await freePort();
  const neighbour = `ws://127.0.0.1:${port}/sea`;
  const node = peersea('bootstrap', '--port', '0', '--bootstrap', neighbour, '--join-timeout', '1000');
  const said = await node.ready();
  expect(said).toMatchObject({ online: false });
  expect(await health(said)).toMatchObject({ status: 503, ok: false, online: false, links: 0 });
  await expect.poll(() => node.log().match(/not in the sea yet/g)?.length ?? 0).toBeGreaterThan(1);
  expect(node.log()).toContain(`${neighbour}: connect ECONNREFUSED`);
  const other = peersea('bootstrap', '--port', port);
  expect(await other.ready()).toMatchObject({ online: true });
  await expect.poll(() => health(said), { timeout: 20_000 }).toMatchObject({ status: 200, ok: true, links: 1 });
  expect(await health(said)).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    uptimeS: expect.any(Number),
  });
  await expect.poll(node.log).toContain('in the sea now');
  expect([await other.ended('SIGTERM'), await node.ended('SIGTERM')]).toEqual([0, 0]);
});

test('a newcomer brings such a node into the sea as well', async () => {
  const dead = `ws://127.0.0.1:${await freePort()}/sea`;
  const node = peersea('bootstrap', '--port', '0', '--bootstrap', dead, '--join-timeout', '1000');
  const said = await node.ready();
  const newcomer = peersea('contribute', '--bootstrap', String(said['ws']), '--slots', '1');
  expect(await newcomer.ready()).toMatchObject({ online: true, price: '0' });
  await expect.poll(() => health(said)).toMatchObject({ status: 200, ok: true });
});

test('a contributor outlives its sea, says when it is back, and ends without a complaint', async () => {
  const port = await freePort();
  const first = peersea('bootstrap', '--port', port);
  const { ws } = await first.ready();
  const node = peersea('contribute', '--bootstrap', String(ws), '--slots', '1');
  await node.ready();
  await first.ended('SIGKILL');
  await expect.poll(node.log).toContain('lost the last link');
  const second = peersea('bootstrap', '--port', port);
  await second.ready();
  await expect.poll(node.log, { timeout: 30_000 }).toContain('in the sea again');
  await second.ended('SIGKILL');
  await expect.poll(() => node.log().match(/lost the last link/g)?.length).toBe(2);
  expect(await node.ended('SIGTERM')).toBe(0);
  expect(node.log()).not.toContain('CLOSED');
});

test('a contributor that nobody lets in says so at once, and why', async () => {
  const entry = `ws://127.0.0.1:${await freePort()}/sea`;
  const node = peersea('contribute', '--bootstrap', entry, '--slots', '1', '--join-timeout', '2500');
  await expect.poll(node.log).toContain('no entry answers yet; trying on');
  expect(node.child.exitCode).toBe(null);
  const [line] = node.log().split('\n');
  const words = expect.stringContaining(`${entry}: connect ECONNREFUSED`);
  expect(JSON.parse(line!)).toMatchObject({
    level: 'info',
    data: { triesForMs: 2500, error: { code: 'NO_BOOTSTRAP', message: words } },
  });
  expect(await node.ended()).toBe(3);
  expect(node.log().match(/trying on/g)?.length).toBe(1);
});

test('an address without its path is told with the path', async () => {
  const { ws } = await peersea('bootstrap', '--port', '0').ready();
  const entry = String(ws).replace('/sea', '/');
  const node = peersea('contribute', '--bootstrap', entry, '--slots', '1', '--join-timeout', '2000');
  expect(await node.ended()).toBe(3);
  expect(node.log()).toContain(`${entry}: not found (404); the path is usually /sea`);
});

test('a kept price that is damaged is refused, and set anew by a price', async () => {
  const { ws } = await peersea('bootstrap', '--port', '0').ready();
  const price = join(folder, 'value-credit-ask');
  writeFileSync(price, '');
  const args = ['contribute', '--bootstrap', String(ws), '--slots', '1', '--data', folder];
  const refused = peersea(...args);
  expect(await refused.ended()).toBe(6);
  const words = `the price kept in ${folder} is damaged: set it anew by --price, or name another folder by --data, or --data none`;
  expect(refused.log()).toBe(`peersea contribute: NO_STORAGE: ${words}\n`);
  const node = peersea(...args, '--price', '0');
  expect(await node.ready()).toMatchObject({ price: '0' });
  await node.ended('SIGTERM');
  expect(await peersea(...args).ready()).toMatchObject({ price: '0' });
});

test('what a contributor does can be watched, and is summed up at its end', async () => {
  const { ws } = await peersea('bootstrap', '--port', '0').ready();
  const node = peersea('contribute', '--bootstrap', String(ws), '--slots', '1');
  await node.ready();
  const task = fileURLToPath(new URL('../../wasm-tasks/testing/spin.wasm', import.meta.url));
  const mapping = spawn(process.execPath, [cli, 'map', task, '--bootstrap', String(ws)], { stdio: 'pipe' });
  children.push(mapping);
  mapping.stdin.end('{"base64":"AQAAAAA="}\n'.repeat(3));
  expect(await once(mapping, 'close')).toEqual([0, null]);
  const told = (): Record<string, unknown>[] => node.lines().slice(1);
  await expect.poll(told).toEqual([expect.objectContaining({ computed: 1, failed: 0, earned: '0', keptBytes: 0 })]);
  expect(await node.ended('SIGTERM')).toBe(0);
  expect(told().slice(1)).toEqual([expect.objectContaining({ ended: true, computed: 3, failed: 0, earned: '0' })]);
});

test('a folder is for one node at a time', async () => {
  const first = peersea('bootstrap', '--port', '0', '--data', folder);
  const { address } = await first.ready();
  const second = peersea('bootstrap', '--port', '0', '--data', folder);
  expect(await second.ended()).toBe(6);
  const words = `${folder} is in use by another node: name another folder by --data, or --data none`;
  expect(second.log()).toBe(`peersea bootstrap: NO_STORAGE: ${words}\n`);
  await first.ended('SIGKILL');
  expect(await peersea('bootstrap', '--port', '0', '--data', folder).ready()).toMatchObject({ address });
});

test('what a node cannot work with it refuses at once, each by its code', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  writeFileSync(join(folder, 'key-node.pem'), 'damaged');
  const cases: [number, RegExp, string[]][] = [
    [6, /is a file where a folder is needed: name another/, ['bootstrap', '--port', '0', '--data', file]],
    [6, /key-node\.pem is no Ed25519 key/, ['bootstrap', '--port', '0', '--data', folder]],
    [2, /ws: or wss: URL/, ['bootstrap', '--port', '0', '--bootstrap', 'http://127.0.0.1:9/']],
    [2, /public URL .* not "foo"/, ['bootstrap', '--port', '0', '--public-url', 'foo']],
    [2, /origin of a page, .*: "foo"/, ['bootstrap', '--port', '0', '--origin', 'foo']],
    [7, /a price is paid on a chain/, ['contribute', '--price', '0.1']],
    [2, /--price takes an amount such as 0\.0001, .* not -1$/m, ['contribute', '--price', '-1']],
    [2, /--storage takes a size such as 500M or 2G, not -1$/m, ['contribute', '--storage', '-1']],
    [2, /--slots takes a whole number from 1 to \d+, not -1$/m, ['contribute', '--slots', '-1']],
    [2, /--price takes a value, and none was given$/m, ['contribute', '--price', '--no-gifts']],
    [2, /unknown command "bootstrp"/, ['bootstrp']],
  ];
  if (process.platform === 'linux')
    cases.push([6, /\/proc\/foo is not there and cannot be made/, ['bootstrap', '--port', '0', '--data', '/proc/foo']]);
  for (const [code, words, args] of cases) {
    const node = peersea(...args);
    expect(await node.ended(), args.join(' ')).toBe(code);
    expect(node.log(), args.join(' ')).toMatch(words);
  }
});
