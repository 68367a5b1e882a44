import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { APP_URL, appFile } from './app-files.ts';

let outer: string;
let folder: string;

beforeAll(() => {
  outer = mkdtempSync(join(tmpdir(), 'peersea-app-'));
  folder = join(outer, 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets', 'main.js'), 'export {};');
  writeFileSync(join(folder, 'notes.txt'), 'of no type we serve');
  writeFileSync(join(outer, 'secret.js'), 'not served');
  mkdirSync(join(outer, 'renderer-else'));
  writeFileSync(join(outer, 'renderer-else', 'secret.js'), 'not served');
});
afterAll(() => rmSync(outer, { recursive: true, force: true }));

const get = (url: string, method: string = 'GET'): Promise<Response> => appFile(folder, new Request(url, { method }));

it('gives the page under a strict policy', async () => {
  const response = await get(APP_URL);
  expect([response.status, await response.text()]).toEqual([200, '<!doctype html>']);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval' 'sha256-[^']+';/);
  expect(policy).not.toMatch(/'unsafe-(inline|eval)'/);
});

it('gives scripts as scripts', async () => {
  const response = await get(`${APP_URL}assets/main.js?v=1`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
});

it.each([
  `${APP_URL}nothing.js`,
  `${APP_URL}notes.txt`,
  `${APP_URL}assets`,
  `${APP_URL}..%2fsecret.js`,
  `${APP_URL}assets/..%2f..%2fsecret.js`,
  `${APP_URL}..%2frenderer-else/secret.js`,
  `${APP_URL}%`,
  `${APP_URL}main.js%00.js`,
  'peersea://other/index.html',
  'https://node/index.html',
])('%s is not found', async url => {
  expect((await get(url)).status).toBe(404);
});

it('takes no other method', async () => {
  expect((await get(APP_URL, 'POST')).status).toBe(405);
});
