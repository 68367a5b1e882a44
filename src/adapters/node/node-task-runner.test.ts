import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clock } from '../../base/clock.ts';
import { taskRunnerCases } from '../../ports/acceptance/task-runner.ts';
import { echoModule } from '../../ports/acceptance/tiny-modules.ts';
import { nodeTaskProgram } from '../worker/generated/task-worker-source.ts';
import { TaskPool } from '../worker/task-pool.ts';
import type { WorkerSpawner } from '../worker/worker-endpoint.ts';
import { nodeTaskRunner, ThreadSpawner } from './node-task-runner.ts';

const clock: Clock = {
  now: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, fn) {
    const timer = setTimeout(fn, delayMs);
    return () => clearTimeout(timer);
  },
};

describe('node task runner', () => {
  for (const { name, run } of taskRunnerCases(() => nodeTaskRunner(clock))) it(name, run);
});

describe('a worker thread that dies', () => {
  it.each([
    ['leaves', 'process.exit(3)', 'HOST_FAILURE: a worker died: it left with code 3'],
    ['throws', 'throw new Error("torn")', 'HOST_FAILURE: a worker died: torn'],
    ['fills its heap', 'for (const kept = [];;) kept.push(new Array(1e6).fill(id))', 'memory'],
    [
      'answers nonsense',
      'return answer({ outcome: "ok", output: "text" })',
      'HOST_FAILURE: the worker sent a reply out',
    ],
  ])('because it %s is HOST_FAILURE, and another takes its place', async (_, deed, message) => {
    const pool = new TaskPool(threadsOf([programThat(deed)]), clock);
    pool.setSlots(1);
    await expect(runEcho(pool)).rejects.toThrow(message);
    expect(await runEcho(pool)).toEqual(new Uint8Array([1, 2, 3]));
    pool.close();
  });

  it('before it has a run costs the next run nothing', async () => {
    const deaths: string[] = [];
    const pool = new TaskPool(threadsOf(['process.exit(1)'], deaths), clock);
    pool.setSlots(1);
    await expect.poll(() => deaths, { timeout: 20_000 }).toEqual(['it left with code 1']);
    expect(await runEcho(pool)).toEqual(new Uint8Array([1, 2, 3]));
    pool.close();
  });
});

it('a worker thread sees no environment, no arguments, and prints nothing', async () => {
  const seen: string[] = [];
  const program =
    'console.log("out"); console.error("err"); throw new Error(JSON.stringify([process.env, process.argv.slice(2)]))';
  await new ThreadSpawner(program).spawn(detail => seen.push(detail));
  await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['[{},[]]']);
});

describe('a process with a runner that was never closed', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'peersea-runner-'));
    const entry = join(import.meta.dirname, 'node-task-runner.ts');
    const lib = { entry, formats: ['es' as const], fileName: () => 'runner.mjs' };
    await build({
      configFile: false,
      logLevel: 'error',
      build: { outDir: folder, lib, rollupOptions: { external: [/^node:/] } },
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('ends by itself when its workers are idle', async () => {
    const output = await runScript(
      folder,
      `console.log(await runner.run('m', echo, new Uint8Array([7]), limits, signal));`,
    );
    expect(output).toBe('Uint8Array(1) [ 7 ]\n');
  });

  it('waits for a run that is under way', async () => {
    // Endless; the deadline is the only thing that ends it, and its timer does not keep the process alive by itself.
    const endless = `runner.run('e', endless, new Uint8Array(1), { ...limits, timeoutMs: 700 }, signal).catch(e => console.log(e.code));`;
    expect(await runScript(folder, endless)).toBe('TASK_TIMEOUT\n');
  });
});

/** Runs a script with a runner of one slot; resolves to what it printed once the process has ended by itself. */
async function runScript(folder: string, body: string): Promise<string> {
  const { endlessModule } = await import('../../ports/acceptance/tiny-modules.ts');
  const file = join(folder, 'script.mjs');
  await writeFile(
    file,
    `import { nodeTaskRunner } from './runner.mjs';
    const after = (ms, fn) => { const timer = setTimeout(fn, ms).unref(); return () => clearTimeout(timer); };
    const runner = nodeTaskRunner({ now: () => performance.now(), wallMs: () => Date.now(), after });
    runner.setSlots(1);
    const echo = new Uint8Array([${echoModule()}]);
    const endless = new Uint8Array([${endlessModule()}]);
    const limits = { timeoutMs: 20_000, outputBytesMax: 100 };
    const { signal } = new AbortController();
    ${body}`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 25_000 });
  return stdout;
}

/** A worker program that gets ready as the real one does, and does the deed when it should run something. */
function programThat(deed: string): string {
  return `const { parentPort } = require('node:worker_threads');
    parentPort.on('message', ({ path, id }) => {
      const answer = value => parentPort.postMessage({ id, type: 'RAW', value });
      if (path[0] === 'run') { ${deed} }
      answer(path[0] === 'ready' ? true : { outcome: 'ok' });
    });`;
}

/** Threads of these programs in turn, then of the real one. */
function threadsOf(programs: readonly string[], deaths: string[] = []): WorkerSpawner {
  const left = [...programs];
  const spawn: WorkerSpawner['spawn'] = onCrash =>
    new ThreadSpawner(left.shift() ?? nodeTaskProgram).spawn(detail => {
      onCrash(detail);
      deaths.push(detail);
    });
  return { spawn, close() {} };
}

function runEcho(pool: TaskPool): Promise<Uint8Array> {
  const limits = { timeoutMs: 30_000, outputBytesMax: 1_000 };
  return pool.run('echo', echoModule(), new Uint8Array([1, 2, 3]), limits, new AbortController().signal);
}
