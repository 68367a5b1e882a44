/** Which process runs the chain of a folder: one at a time; others are told where it answers. */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_MS = 15_000; // for another who has just begun
const LOOK_EVERY_MS = 100;

export class OwnerFile {
  #path;

  constructor(path) {
    this.#path = path;
  }

  /**
   * Resolves to undefined when the chain is ours to run, else to what its owner tells (see tell). An owner that is gone, or
   * that tells nothing for a while, is one no more. `isThere` says whether what was told still answers.
   */
  async take(isThere) {
    const until = Date.now() + WAIT_MS;
    for (;;) {
      if (this.#write('wx', { pid: process.pid })) return undefined;
      const { pid, told } = this.#read();
      if (!isAlive(pid) || pid === process.pid) this.#drop();
      else if (told !== undefined && (await isThere(told))) return told;
      else if (Date.now() > until) this.#drop();
      else await sleep(LOOK_EVERY_MS);
    }
  }

  /** What others are told, once the chain answers. */
  tell(told) {
    this.#write('w', { pid: process.pid, told });
  }

  /** Another who has taken over meanwhile keeps it. */
  release() {
    if (this.#read().pid === process.pid) this.#drop();
  }

  #drop() {
    rmSync(this.#path, { force: true });
  }

  #write(flag, value) {
    mkdirSync(dirname(this.#path), { recursive: true });
    try {
      writeFileSync(this.#path, JSON.stringify(value), { flag });
      return true;
    } catch (error) {
      if (error.code === 'EEXIST') return false;
      throw error;
    }
  }

  #read() {
    try {
      return JSON.parse(readFileSync(this.#path, 'utf8'));
    } catch {
      return {}; // gone again, or not yet written
    }
  }
}

/** A file that is not yet written tells no pid: its writer is taken to live. */
function isAlive(pid) {
  if (pid === undefined) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
