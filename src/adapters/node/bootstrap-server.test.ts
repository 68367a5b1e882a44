import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { deferred } from '../../base/deferred.ts';
import { Recorder } from '../../ports/acceptance/recorder.ts';
import { timersClock } from '../../ports/acceptance/timers-clock.ts';
import type { Channel } from '../../ports/link-factory.ts';
import { silentLog } from '../../ports/log.ts';
import { type BootstrapServer, type BootstrapServerOptions, startBootstrapServer } from './bootstrap-server.ts';
import { dialFromNode } from './websocket-dialer.ts';

/** Whether this machine has the openssl program. */
const hasOpenssl: boolean = ((): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const clock = timersClock();
const never = new AbortController().signal;
const servers: BootstrapServer[] = [];
let folder: string;
let pageFolder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'peersea-bootstrap-'));
  pageFolder = join(folder, 'page');
  mkdirSync(join(pageFolder, 'assets'), { recursive: true });
  writeFileSync(join(pageFolder, 'index.html'), '<!doctype html><title>Peersea</title>');
  writeFileSync(join(pageFolder, 'assets', 'main-1a2b.js'), 'export {};');
  writeFileSync(join(folder, 'secret.txt'), 'not served');
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(options: Partial<BootstrapServerOptions> = {}): Promise<BootstrapServer> {
  const status = (): Record<string, unknown> => ({ version: '0.0.0', address: 'ab', links: 3 });
  const server = await startBootstrapServer({ host: '127.0.0.1', port: 0, clock, log: silentLog, status, ...options });
  servers.push(server);
  return server;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function ask(url: string, { method = 'GET', ca }: { method?: string; ca?: Buffer } = {}): Promise<Answer> {
  const { hostname, port, protocol } = new URL(url);
  const path = url.slice(url.indexOf('/', 8)); // as written: a URL object would tidy "/../" away
  const options = { hostname: hostname.replace(/[[\]]/g, ''), port, path, method, ...(ca === undefined ? {} : { ca }) };
  return new Promise((resolve, reject) => {
    const request = (protocol === 'https:' ? httpsRequest : httpRequest)(options, response => {
      let body = '';
      response.setEncoding('utf8').on('data', text => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.on('error', reject).end();
  });
}

test('tells its health, in JSON that nobody keeps', async () => {
  const { url } = await start();
  const { status, headers, body } = await ask(`${url}health`);
  expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, 'application/json', 'no-store']);
  expect(JSON.parse(body)).toEqual({
    ok: true,
    uptimeS: expect.any(Number),
    version: '0.0.0',
    address: 'ab',
    links: 3,
  });
  expect(await ask(`${url}health`, { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
});

test('a node that is not in the sea is not what a load balancer should send newcomers to', async () => {
  let online = false;
  const { url } = await start({ status: () => ({ online }) });
  const { status, body } = await ask(`${url}health`);
  expect([status, JSON.parse(body)]).toEqual([503, { ok: false, uptimeS: expect.any(Number), online: false }]);
  expect(await ask(`${url}health`, { method: 'HEAD' })).toMatchObject({ status: 503, body: '' });
  online = true;
  expect((await ask(`${url}health`)).status).toBe(200);
});

test('pages of any origin may read health and chain, and no file', async () => {
  const chain = { chainId: 1, purse: `0x${'5e'.repeat(20)}`, rpc: 'https://rpc.example', name: 'Test chain' };
  const { url } = await start({
    pageFolder,
    chain: { ...chain, currency: { symbol: 'tETH', decimals: 18 }, delayS: 60, development: true },
  });
  const allowed = async (path: string): Promise<unknown> =>
    (await ask(`${url}${path}`)).headers['access-control-allow-origin'];
  expect(await Promise.all(['health', 'chain.json', '', 'assets/main-1a2b.js'].map(allowed))).toEqual([
    '*',
    '*',
    undefined,
    undefined,
  ]);
});

test('a status that cannot be had is ill health', async () => {
  const { url } = await start({
    status: () => {
      throw new Error('closing');
    },
  });
  const { status, body } = await ask(`${url}health?x`);
  expect([status, JSON.parse(body)]).toEqual([500, { ok: false, uptimeS: expect.any(Number), error: 'closing' }]);
});

test('serves the page with a policy, and files with hashed names for good', async () => {
  const { url } = await start({ pageFolder, taskFrameScriptHash: 'sha256-abc=' });
  const page = await ask(url);
  expect([page.status, page.body]).toEqual([200, '<!doctype html><title>Peersea</title>']);
  expect(page.headers['content-type']).toMatch(/^text\/html/);
  expect(page.headers['cache-control']).toBe('no-cache');
  expect(page.headers['x-content-type-options']).toBe('nosniff');
  expect(page.headers['referrer-policy']).toBe('no-referrer');
  expect(page.headers['content-security-policy']).toContain("script-src 'self' 'wasm-unsafe-eval' 'sha256-abc=';");
  const asset = await ask(`${url}assets/main-1a2b.js`);
  expect([asset.status, asset.body]).toEqual([200, 'export {};']);
  expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(asset.headers['content-type']).toMatch(/javascript/);
});

test('tells of the chain, and lets the page ask it', async () => {
  const chain = {
    chainId: 31_337,
    purse: `0x${'5e'.repeat(20)}`,
    rpc: 'https://rpc.example/v1/key',
    name: 'Test chain',
    currency: { symbol: 'tETH', decimals: 18 },
    delayS: 60,
    development: true,
  };
  const { url } = await start({ pageFolder, chain });
  const { status, headers, body } = await ask(`${url}chain.json`);
  expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, 'application/json', 'no-store']);
  expect(JSON.parse(body)).toEqual(chain);
  expect(await ask(`${url}chain.json?x`, { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  const page = await ask(url);
  expect(page.headers['content-security-policy']).toContain("connect-src 'self' ws: wss: https://rpc.example;");
});

test('takes another policy whole', async () => {
  const { url } = await start({ pageFolder, contentSecurityPolicy: "default-src 'none'" });
  expect((await ask(url)).headers['content-security-policy']).toBe("default-src 'none'");
});

test.each([
  'nothing.html',
  'chain.json',
  '../secret.txt',
  '%2e%2e/secret.txt',
  'assets/..%2f..%2fsecret.txt',
  'sea',
  'healthy',
  '%',
])('GET /%s is not found', async path => {
  const { url } = await start({ pageFolder });
  const { status, headers, body } = await ask(`${url}${path}`);
  expect([status, body]).toEqual([404, 'not found\n']);
  expect(headers['x-content-type-options']).toBe('nosniff');
});

test('without a page there are no files; other methods are refused', async () => {
  const { url } = await start();
  expect((await ask(url)).status).toBe(404);
  expect(await ask(url, { method: 'POST' })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
});

test('a channel from the dialled URL; close() ends it and the server', async () => {
  const server = await start();
  const accepted = deferred<Channel>();
  await server.listener.listen(accepted.resolve);
  const near = await dialFromNode(server.wsUrl, { clock }, never);
  const [atNear, atFar] = [new Recorder(), new Recorder()];
  near.open(atNear);
  (await accepted.promise).open(atFar);
  near.send(new Uint8Array([1, 2]));
  await atFar.until(r => r.frames.length === 1);
  await server.close();
  await server.close();
  await Promise.all([atNear.until(r => r.closes.length === 1), atFar.until(r => r.closes.length === 1)]);
  await expect(ask(`${server.url}health`)).rejects.toThrow('ECONNREFUSED');
  await expect(dialFromNode(server.wsUrl, { clock }, never)).rejects.toMatchObject({ code: 'DIAL_FAILED' });
});

describe('what cannot be served is a sentence', () => {
  test('a port in use', async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `PORT_IN_USE: 127.0.0.1:${port} is taken by another program: end that one or choose another port`,
    });
  });

  test.each([-1, 65_536, 1.5, Number.NaN])('port %d', async port => {
    await expect(start({ port })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  test('an address of another machine', async () => {
    await expect(start({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  test('a folder without a page', async () => {
    await expect(start({ pageFolder: folder })).rejects.toThrow(`BAD_ARGUMENT: there is no page in ${folder}`);
  });

  test('a certificate without a key, and a file that is not there', async () => {
    await expect(start({ cert: '/a.pem' })).rejects.toThrow('only /a.pem was given');
    await expect(start({ cert: '/no/a.pem', key: '/no/b.pem' })).rejects.toThrow(
      'BAD_ARGUMENT: the certificate /no/a.pem cannot be read',
    );
  });
});

test('an IPv6 address is shown as URLs write it', async context => {
  const probe = createServer();
  const hasIpv6 = await new Promise<boolean>(resolve => {
    probe.once('error', () => resolve(false)).listen(0, '::1', () => resolve(true));
  });
  probe.close();
  if (!hasIpv6) context.skip('this machine has no IPv6 loopback');
  const server = await start({ host: '::1' });
  expect(server.url).toBe(`http://[::1]:${server.port}/`);
  expect((await ask(`${server.url}health`)).status).toBe(200);
  const accepted = deferred<Channel>();
  await server.listener.listen(accepted.resolve);
  const near = await dialFromNode(server.wsUrl, { clock }, never);
  expect(new TextDecoder().decode((await accepted.promise).binding)).toBe(`[::1]:${server.port}`);
  near.close();
});

test('all addresses are shown by a name that this machine can open', async () => {
  const server = await start({ host: '0.0.0.0' });
  expect([server.url, server.wsUrl]).toEqual([`http://localhost:${server.port}/`, `ws://localhost:${server.port}/sea`]);
});

describe.skipIf(!hasOpenssl)('over TLS (skipped where the openssl program is missing)', () => {
  let files: { cert: string; key: string };
  let ca: Buffer;

  beforeAll(() => {
    files = makeCertificate(folder, 'own');
    ca = readFileSync(files.cert);
  });

  test('serves https and wss to those who trust the certificate', async () => {
    const server = await start({ ...files, pageFolder });
    expect([server.url, server.wsUrl]).toEqual([
      `https://127.0.0.1:${server.port}/`,
      `wss://127.0.0.1:${server.port}/sea`,
    ]);
    expect(await ask(server.url, { ca })).toMatchObject({ status: 200 });
    const accepted = deferred<Channel>();
    await server.listener.listen(accepted.resolve);
    const near = await dialFromNode(server.wsUrl, { clock, ca }, never);
    const atFar = new Recorder();
    (await accepted.promise).open(atFar);
    near.send(new Uint8Array(65_536));
    await atFar.until(r => r.frames.length === 1);
    near.close();
    await atFar.until(r => r.closes.length === 1);
  });

  test('a certificate that nobody vouches for is refused unless the dialler says otherwise', async () => {
    const server = await start(files);
    await server.listener.listen(() => {});
    await expect(dialFromNode(server.wsUrl, { clock }, never)).rejects.toMatchObject({ code: 'DIAL_FAILED' });
    const near = await dialFromNode(server.wsUrl, { clock, rejectUnauthorized: false }, never);
    near.close();
  });

  test('files that do not fit are named', async () => {
    const other = makeCertificate(folder, 'other');
    const text = join(folder, 'secret.txt');
    await expect(start({ cert: text, key: files.key })).rejects.toThrow(`BAD_ARGUMENT: ${text} is not a certificate`);
    await expect(start({ cert: files.cert, key: text })).rejects.toThrow(
      `BAD_ARGUMENT: ${text} is not an unencrypted private key`,
    );
    await expect(start({ cert: files.cert, key: other.key })).rejects.toThrow(
      `${other.key} is not the key of the certificate ${files.cert}`,
    );
  });
});

/** Writes `<name>-cert.pem` and `<name>-key.pem` for localhost and 127.0.0.1 into the folder. */
function makeCertificate(folder: string, name: string): { cert: string; key: string } {
  const cert = join(folder, `${name}-cert.pem`);
  const key = join(folder, `${name}-key.pem`);
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { cert, key };
}
