import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generate } from './generate.mjs';
import { inProject } from './project.mjs';

const GENERATED = 'src/adapters/worker/generated/task-worker-source.ts';
const HASH = 'src/adapters/worker/generated/task-frame-hash.ts';
const SHARDS = 'src/adapters/worker/generated/shard-worker-source.ts';
const PEER = 'src/adapters/webrtc/generated/simple-peer.ts';
let root = '';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'peersea-generate-'));
  for (const folder of [
    'base',
    'ports',
    'kernels',
    'adapters/worker',
    'adapters/browser',
    'adapters/node',
    'adapters/webrtc',
  ]) {
    cpSync(inProject('src', folder), join(root, 'src', folder), { recursive: true });
  }
  for (const made of [GENERATED, HASH, SHARDS, PEER]) rmSync(join(root, made), { force: true });
  cpSync(inProject('scripts', 'generate.mjs'), join(root, 'scripts', 'generate.mjs'));
  symlinkSync(inProject('node_modules'), join(root, 'node_modules'), 'junction');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('writes once, and again only when a source of the bundles has changed or the file is gone', async () => {
  expect(await generate(root)).toEqual([GENERATED, HASH, SHARDS, PEER]);
  const first = readFileSync(join(root, GENERATED), 'utf8');
  expect(await generate(root)).toEqual([]);

  writeFileSync(join(root, 'src/adapters/worker/task-pool.ts'), 'not in any bundle');
  expect(await generate(root)).toEqual([]);

  const limits = join(root, 'src/adapters/worker/limits.ts');
  writeFileSync(limits, readFileSync(limits, 'utf8').replace('1_073_741_824', '1_073_676_288'));
  expect(await generate(root)).toEqual([GENERATED]);
  const second = readFileSync(join(root, GENERATED), 'utf8');
  expect([first.includes('1073676288'), second.includes('1073676288')]).toEqual([false, true]);

  rmSync(join(root, GENERATED));
  expect(await generate(root)).toEqual([GENERATED]);
  expect(readFileSync(join(root, GENERATED), 'utf8')).toBe(second);
});

it('gives the hash of the frame script as a policy wants it, and programs that need nothing else', async () => {
  await generate(root);
  const script = join(root, 'generated.mjs');
  const texts = [GENERATED, HASH].map(path => readFileSync(join(root, path), 'utf8').replaceAll(': string =', ' ='));
  writeFileSync(script, texts.join(''));
  const made = await import(/* @vite-ignore */ pathToFileURL(script).href);
  expect(made.taskFrameScriptHash).toBe(`sha256-${createHash('sha256').update(made.taskFrameScript).digest('base64')}`);
  expect(made.browserTaskProgram).not.toMatch(/\b(require\(|import\b)/);
  expect(made.nodeTaskProgram.match(/require\([^)]*\)/g)).toEqual(['require("node:worker_threads")']);
});

it('makes of simple-peer a class that needs nothing else and tells its connection apart from none', async () => {
  await generate(root);
  const script = join(root, 'peer.mjs');
  const text = readFileSync(join(root, PEER), 'utf8');
  expect(text.length).toBeLessThan(30_000); // its own browser build has 99,448 characters, most of them streams
  writeFileSync(script, text.replace(/^import type .*$/m, '').replace(': PeerClass', ''));
  const { Peer } = await import(/* @vite-ignore */ pathToFileURL(script).href);
  expect(Peer.WEBRTC_SUPPORT).toBe(false);
  expect(() => new Peer({ initiator: true })).toThrow('No WebRTC support');
});
