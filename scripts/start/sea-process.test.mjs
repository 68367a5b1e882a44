/** A node as a child process, with a stand-in for the command line that says and does what a test asks. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SeaProcess } from './sea-process.mjs';

const LONG_MS = 20_000;
const folder = mkdtempSync(join(tmpdir(), 'sea-process-'));
const cli = join(folder, 'cli.mjs');

beforeAll(() => writeFileSync(cli, 'const [body] = process.argv.slice(2); new Function(body)();'));
afterAll(() => rmSync(folder, { recursive: true }));

const stay = 'setInterval(() => {}, 1000);';

test('ready with its first line of JSON, whatever stands around it', async () => {
  const node = new SeaProcess(
    'node',
    [`console.log('hello'); console.log('{"a":1}'); console.log('{"a":2}'); ${stay}`],
    { cli },
  );
  expect(await node.ready(LONG_MS)).toEqual({ a: 1 });
  await node.stop();
  expect((await node.ended).signal).toBe('SIGTERM');
});

test('one that ends early is not ready, and its last words are kept', async () => {
  const heard = [];
  const node = new SeaProcess('node', ['for (let i = 0; i < 12; i++) console.error(i); process.exitCode = 4;'], {
    cli,
    onLine: line => heard.push(line),
  });
  expect(await node.ready(LONG_MS)).toBeUndefined();
  expect(await node.ended).toEqual({ code: 4, signal: null });
  expect(node.lastWords).toBe(['4', '5', '6', '7', '8', '9', '10', '11'].join('\n'));
  expect(heard).toHaveLength(12);
});

test('one that says nothing is not ready in time', async () => {
  const node = new SeaProcess('node', [stay], { cli });
  expect(await node.ready(1)).toBeUndefined();
  await node.stop();
});

test.skipIf(process.platform === 'win32')('one that does not listen is ended all the same', async () => {
  const node = new SeaProcess('node', [`process.on('SIGTERM', () => {}); console.log('{}'); ${stay}`], { cli });
  await node.ready(LONG_MS);
  await node.stop();
  expect((await node.ended).signal).toBe('SIGKILL');
});
