/** The lock between real processes: the adapter is bundled and run in Node processes that race, live and are killed. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FileLock } from './file-lock.ts';
import { NodeClock } from './node-clock.ts';

const PROGRAM = `
import { FileLock } from ${JSON.stringify(fileURLToPath(new URL('./file-lock.ts', import.meta.url)))};
import { NodeClock } from ${JSON.stringify(fileURLToPath(new URL('./node-clock.ts', import.meta.url)))};
const release = await new FileLock(process.argv[2], new NodeClock()).acquire('node');
console.log(release ? 'held' : 'refused');
process.stdin.on('data', text => (String(text).startsWith('release') ? (release(), console.log('released')) : process.exit(0)));
`;

const clock = new NodeClock();
const children: ChildProcess[] = [];
let programFolder: string;
let folder: string;

beforeAll(async () => {
  programFolder = await mkdtemp(join(tmpdir(), 'peersea-lock-'));
  const entry = join(programFolder, 'entry.ts');
  await writeFile(entry, PROGRAM);
  await build({
    configFile: false,
    logLevel: 'error',
    root: programFolder,
    build: {
      ssr: entry,
      outDir: programFolder,
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  });
});
afterAll(() => rm(programFolder, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peersea-lock-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null && child.signalCode === null) await kill(child);
  await rm(folder, { recursive: true, force: true });
});

/** A process that tries for the lock, and what it says. */
async function contender(): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [join(programFolder, 'program.mjs'), folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  return { child, said: await nextLine(child) };
}

async function nextLine(child: ChildProcess): Promise<string> {
  const [chunk] = await once(child.stdout!, 'data');
  return String(chunk).trim();
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

const mine = (): Promise<(() => void) | undefined> => new FileLock(folder, clock).acquire('node');

describe('FileLock between processes', () => {
  it('excludes another process until that releases', async () => {
    const { child, said } = await contender();
    expect(said).toBe('held');
    expect(await mine()).toBeUndefined();
    child.stdin!.write('release\n');
    expect(await nextLine(child)).toBe('released');
    const release = await mine();
    expect(release).toBeTypeOf('function');
    expect((await contender()).said).toBe('refused');
    release?.();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is released by a process that exits while holding it', async () => {
    const { child } = await contender();
    const exited = once(child, 'exit');
    child.stdin!.write('exit\n');
    await exited;
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken over from a process that was killed', async () => {
    await kill((await contender()).child);
    expect((await readdir(folder)).length).toBe(1);
    const release = await mine();
    expect(release).toBeTypeOf('function');
    release?.();
  });

  it('of several processes that find the lock of a dead one exactly one gets it', async () => {
    for (let round = 0; round < 3; round++) {
      await kill((await contender()).child);
      const contenders = await Promise.all([1, 2, 3, 4].map(() => contender()));
      expect(contenders.map(({ said }) => said).sort()).toEqual(['held', 'refused', 'refused', 'refused']);
      for (const { child } of contenders) await kill(child);
    }
  });
});

describe('FileLock and lock files that others left', () => {
  const write = (text: string): Promise<void> => writeFile(join(folder, 'lock-node'), text);

  it('of many tries at once for the lock of a dead process one succeeds, every time', async () => {
    for (let round = 0; round < 50; round++) {
      await write('999999999 x/1 dead\n');
      const granted = (await Promise.all(Array.from({ length: 8 }, mine))).filter(release => release !== undefined);
      expect(granted.length).toBe(1);
      granted[0]?.();
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it('a takeover that was interrupted is taken over itself, after a while', async () => {
    await write('999999999 x/1 dead\n');
    await writeFile(join(folder, 'lock-node.takeover'), '');
    expect(await mine()).toBeUndefined();
    await utimes(join(folder, 'lock-node.takeover'), 1_700_000_000, 1_700_000_000);
    const release = await mine();
    expect(release).toBeTypeOf('function');
    release?.();
  });

  it('a file without content is being written, unless it is old', async () => {
    await write('');
    expect(await mine()).toBeUndefined();
    await utimes(join(folder, 'lock-node'), 1_700_000_000, 1_700_000_000);
    const release = await mine();
    expect(release).toBeTypeOf('function');
    release?.();
  });

  // Elsewhere the start of a process is not to be had.
  it.runIf(process.platform === 'linux')(
    "a later process with a dead holder's number does not count as the holder",
    async () => {
      const release = await mine();
      const [pid, start, id] = (await readFile(join(folder, 'lock-node'), 'utf8')).trim().split(' ');
      release?.();
      await write(`${pid} ${start}1 ${id}\n`);
      const taken = await mine();
      expect(taken).toBeTypeOf('function');
      taken?.();
      await write(`${pid} ${start} ${id}\n`); // the very process, another thread of it
      expect(await mine()).toBeUndefined();
    },
  );

  it('a file of our own number without a start is of an earlier process', async () => {
    await write(`${process.pid} - 00000000-0000-0000-0000-000000000000\n`);
    const release = await mine();
    expect(release).toBeTypeOf('function');
    release?.();
  });

  it('leaves a lock alone that somebody else put in its place', async () => {
    const release = await mine();
    await write('1 - someone\n');
    release?.();
    expect(await readFile(join(folder, 'lock-node'), 'utf8')).toBe('1 - someone\n');
  });
});
