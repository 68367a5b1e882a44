/** The command line for real: a bootstrap node, a contributor and a pipe, each a process of its own. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { type SeaProcess, startProcess } from '../support/sea-process.ts';

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const hashSearch = root('wasm-tasks/hash-search/task.wasm');

let bootstrap: SeaProcess;
let contributor: SeaProcess;

test.beforeAll(async () => {
  bootstrap = await startProcess('bootstrap', '--port', '0');
  contributor = await startProcess('contribute', '--bootstrap', bootstrap.ready.ws!, '--slots', '1');
});

test.afterAll(async () => {
  await contributor?.stop();
  await bootstrap?.stop();
});

interface Ended {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly log: string;
}

/** Runs `peersea map …` with the given lines on stdin. */
async function pipe(lines: readonly string[], ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [root('dist/cli.js'), 'map', ...args, '--data', 'none'], { stdio: 'pipe' });
  let out = '';
  let log = '';
  child.stdout.on('data', chunk => (out += chunk));
  child.stderr.on('data', chunk => (log += chunk));
  child.stdin.on('error', () => {}); // a command that ends early closes its input
  child.stdin.end(lines.map(line => `${line}\n`).join(''));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, lines: out.split('\n').filter(line => line !== ''), log };
}

const spin = (text: string): string =>
  JSON.stringify({ base64: Buffer.concat([Buffer.from([1, 0, 0, 0]), Buffer.from(text)]).toString('base64') });

test('health tells who the bootstrap node is', async () => {
  const health = await (await fetch(new URL('/health', bootstrap.ready.url))).json();
  expect(health).toMatchObject({ ok: true, address: bootstrap.ready.address, online: true });
});

test('a pipe maps lines in order on the contributor', async () => {
  const inputs = Array.from({ length: 20 }, (_, i) => spin(`line ${i}`));
  const task = root('wasm-tasks/testing/spin.wasm');
  const first = await pipe(inputs, task, '--bootstrap', bootstrap.ready.ws!, '--json');
  expect(first.log).toBe('');
  expect(first.code).toBe(0);
  const results = first.lines.map(line => JSON.parse(line));
  expect(results.map(({ index }) => index)).toEqual(inputs.map((_, i) => i));
  expect(results.every(({ providers }) => providers[0] === contributor.ready.address)).toBe(true);
  const plain = await pipe(inputs, task, '--bootstrap', bootstrap.ready.ws!);
  expect(plain.lines.map(line => JSON.parse(line))).toEqual(results.map(({ output }) => output));
});

test('no lines give no results and no error', async () => {
  expect(await pipe([], hashSearch, '--bootstrap', bootstrap.ready.ws!)).toMatchObject({ code: 0, lines: [] });
});

test('a bad line costs none of the results before it', async () => {
  const inputs = Array.from({ length: 5 }, (_, i) => spin(`line ${i}`));
  const task = root('wasm-tasks/testing/spin.wasm');
  const ended = await pipe([...inputs, 'not json', spin('after')], task, '--bootstrap', bootstrap.ready.ws!, '--json');
  expect(ended.lines.map(line => JSON.parse(line).index)).toEqual([0, 1, 2, 3, 4]);
  expect(ended).toMatchObject({ code: 2, log: 'peersea map: BAD_ARGUMENT: line 6 is not JSON\n' });
});

test('a pipe whose reader has enough ends without a word', async () => {
  const task = root('wasm-tasks/testing/spin.wasm');
  const args = ['map', task, '--bootstrap', bootstrap.ready.ws!, '--slots', '1'];
  const child = spawn(process.execPath, [root('dist/cli.js'), ...args], { stdio: 'pipe' });
  const exit = once(child, 'close');
  let log = '';
  child.stderr.on('data', chunk => (log += chunk));
  child.stdin.on('error', () => {}); // it ends while there is more
  Readable.from(endless(`${spin('x')}\n`)).pipe(child.stdin);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect(await exit).toEqual([0, null]);
  expect(log).toBe('');
});

function* endless(text: string): Generator<string> {
  for (;;) yield text;
}

test('each kind of failure has its exit code and a sentence', async () => {
  const ws = bootstrap.ready.ws!;
  const line = spin('x');
  const cases: [string, number, string[], string[]][] = [
    ['no such file', 2, [line], ['missing.wasm', '--bootstrap', ws]],
    ['a line that is not JSON', 2, ['{'], [hashSearch, '--bootstrap', ws]],
    ['not a module', 4, [line], [root('package.json'), '--bootstrap', ws]],
    ['a module that asks for 4 GiB', 4, [line], [root('wasm-tasks/testing/greedy.wasm'), '--bootstrap', ws]],
    [
      'a task that never ends',
      4,
      [line],
      [root('wasm-tasks/testing/forever.wasm'), '--bootstrap', ws, '--timeout', '300', '--slots', '1'],
    ],
    ['another sea', 3, [line], [hashSearch, '--bootstrap', ws, '--network', 'elsewhere', '--join-timeout', '3000']],
  ];
  for (const [what, code, lines, args] of cases) {
    const ended = await pipe(lines, ...args);
    expect(ended, what).toMatchObject({ code, lines: [] });
    expect(ended.log, what).toMatch(/^peersea map: [A-Z_]+: /m);
    expect(ended.log, what).not.toMatch(/^\s+at /m);
  }
});
