/**
 * The device lock of Node processes that share a folder on one machine: a file that is made only where none is and names
 * its process. It goes with its process: released at exit, and taken over when that process is gone (killed, power cut).
 */

import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { utf8Encode } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import type { DeviceLock } from '../../ports/device-lock.ts';
import { fileNameOf, ifThere, makeFolder, stored, systemCode, writeWhole } from './data-folder.ts';

/** A file without content is being written, and a takeover is going on; after so long its process died in between, ms. */
const WRITING_MS_MAX = 5000;

/** Tries to find the lock either free or held; more than two only while others come and go. */
const TRIES = 5;

/** Text of the lock files that this thread of this process holds or is about to make. */
const heldHere = new Set<string>();

export class FileLock implements DeviceLock {
  readonly #folder: string;
  readonly #clock: Clock;

  /** `folder` is made with the first lock. */
  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** Throws NO_STORAGE when the folder refuses. */
  async acquire(name: string): Promise<(() => void) | undefined> {
    const path = join(this.#folder, fileNameOf('lock', name));
    await stored(makeFolder(this.#folder));
    const text = `${process.pid} ${(await startOf(process.pid)) ?? '-'} ${randomUUID()}\n`;
    heldHere.add(text);
    const isHeld = await this.#take(path, text).catch((error: unknown) => {
      heldHere.delete(text);
      throw error;
    });
    if (isHeld) return hold(path, text);
    heldHere.delete(text);
    return undefined;
  }

  async #take(path: string, text: string): Promise<boolean> {
    for (let i = 0; i < TRIES; i++) {
      if (await stored(create(path, text))) return (await ifThere(readFile(path, 'utf8'))) === text;
      const holder = await ifThere(readFile(path, 'utf8'));
      if (holder === undefined) continue; // released in between
      return (await this.#isStale(path, holder)) && (await this.#takeOver(path, text));
    }
    return false;
  }

  /** One process at a time may replace the lock of a dead one, and looks again before it does. */
  async #takeOver(path: string, text: string): Promise<boolean> {
    const guard = `${path}.takeover`;
    if (!(await this.#enter(guard))) return false;
    try {
      const holder = await ifThere(readFile(path, 'utf8'));
      if (holder === undefined || !(await this.#isStale(path, holder))) return false; // somebody was quicker
      await stored(writeWhole(path, utf8Encode(text)));
      return (await ifThere(readFile(path, 'utf8'))) === text;
    } finally {
      await stored(rm(guard, { force: true }));
    }
  }

  async #enter(guard: string): Promise<boolean> {
    if (await stored(create(guard, ''))) return true;
    if (!(await this.#isOld(guard))) return false;
    await stored(rm(guard, { force: true }));
    return stored(create(guard, ''));
  }

  async #isOld(path: string): Promise<boolean> {
    const file = await ifThere(stat(path));
    return file !== undefined && Math.abs(this.#clock.wallMs() - file.mtimeMs) > WRITING_MS_MAX;
  }

  async #isStale(path: string, holder: string): Promise<boolean> {
    const match = /^(\d+) (\S+) \S+\n$/.exec(holder);
    if (match === null) return this.#isOld(path);
    if (heldHere.has(holder)) return false;
    const pid = Number(match[1]);
    if (!isAlive(pid)) return true;
    const start = await startOf(pid);
    // Where a process's start is not to be had, only our own number tells: another process had it before us.
    return start === undefined || match[2] === '-' ? pid === process.pid : start !== match[2];
  }
}

/** False when the file is there already. */
async function create(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function hold(path: string, text: string): () => void {
  const release = (): void => {
    if (!heldHere.delete(text)) return;
    process.off('exit', release);
    if (textOf(path) === text) rmSync(path, { force: true });
  };
  process.on('exit', release);
  return release;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // somebody removed it: nothing to release
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM'; // there, but of another user
  }
}

/**
 * When a process began: the boot it runs in and its start in that boot's clock ticks. Tells a process from a later one
 * with the same number (after a reboot, in a container). Linux only (proc(5)); undefined elsewhere.
 */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    const [boot, process] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ]);
    const fields = process.slice(process.lastIndexOf(')') + 2).split(' '); // the name before may contain anything
    return fields[19] === undefined ? undefined : `${boot.trim()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}
