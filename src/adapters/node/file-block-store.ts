/**
 * Blocks, a file each, those used longest ago given up first. When a block was used stands in the times of its file, so
 * that nothing but the blocks has to be kept right. One process at a time writes to a folder (see `FileLock`).
 */

import type { Dirent } from 'node:fs';
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import type { BlockStore } from '../../ports/block-store.ts';
import { BLOCK_STORE_BYTES_MAX, BLOCK_TOUCH_MS, checkBlockFits, checkBlockHash } from '../memory/store-rules.ts';
import { ifThere, stored, UNFINISHED_SUFFIX, writeWhole } from './data-folder.ts';

interface KeptBlock {
  readonly hash: string;
  readonly byteLength: number;
  /** Unix time, ms. */
  usedAt: number;
}

export class FileBlockStore implements BlockStore {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #bytesMax: number;
  readonly #blocks = new Map<string, KeptBlock>(); // bounded by #bytesMax and the file system's own bookkeeping
  #totalBytes = 0;
  #scanned: Promise<void> | undefined;
  #lastWrite: Promise<void> = Promise.resolve();

  /** `folder` is for blocks alone; it is made with the first. */
  constructor(folder: string, clock: Clock, bytesMax: number = BLOCK_STORE_BYTES_MAX) {
    this.#folder = folder;
    this.#clock = clock;
    this.#bytesMax = bytesMax;
  }

  async get(hash: string): Promise<Uint8Array | undefined> {
    const path = this.#path(hash);
    await this.#ready();
    const file = await ifThere(readFile(path));
    if (file === undefined) return undefined;
    await this.#touch(hash, path);
    return new Uint8Array(file); // memory of its own, not a part of Node's pool
  }

  async has(hash: string): Promise<boolean> {
    checkBlockHash(hash);
    await this.#ready();
    return this.#blocks.has(hash);
  }

  async put(hash: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(hash);
    checkBlockFits(bytes, this.#bytesMax);
    const block = bytes.slice();
    await this.#inTurn(async () => {
      await this.#makeRoom(hash, block.length);
      const usedAt = this.#clock.wallMs();
      await writeWhole(path, block);
      await setTime(path, usedAt);
      this.#note({ hash, byteLength: block.length, usedAt });
    });
  }

  async delete(hash: string): Promise<void> {
    checkBlockHash(hash);
    await this.#inTurn(() => this.#remove(hash));
  }

  #path(hash: string): string {
    checkBlockHash(hash);
    return join(this.#folder, hash);
  }

  /** Writes one after another: the total has to be right. */
  async #inTurn(write: () => Promise<void>): Promise<void> {
    const turn = this.#lastWrite.then(async () => {
      await this.#ready();
      await stored(write());
    });
    this.#lastWrite = turn.catch(() => {}); // its caller hears of it
    await turn;
  }

  async #ready(): Promise<void> {
    this.#scanned ??= this.#scan();
    await this.#scanned.catch((error: unknown) => {
      this.#scanned = undefined;
      throw error;
    });
  }

  /** Reads what is there, and clears away what a process that died was writing. */
  async #scan(): Promise<void> {
    const entries = (await ifThere(readdir(this.#folder, { withFileTypes: true }))) ?? [];
    for (const entry of entries.filter(isFile)) await this.#scanFile(entry.name);
  }

  async #scanFile(name: string): Promise<void> {
    const path = join(this.#folder, name);
    if (name.endsWith(UNFINISHED_SUFFIX)) await stored(rm(path, { force: true }));
    else if (/^[0-9a-f]{64}$/.test(name)) {
      const file = await ifThere(stat(path));
      if (file !== undefined) this.#note({ hash: name, byteLength: file.size, usedAt: file.mtimeMs });
    }
  }

  async #makeRoom(hash: string, byteLength: number): Promise<void> {
    const free = (): number => this.#bytesMax - this.#totalBytes + (this.#blocks.get(hash)?.byteLength ?? 0);
    if (free() >= byteLength) return;
    const oldestFirst = [...this.#blocks.values()]
      .filter(block => block.hash !== hash)
      .sort((a, b) => a.usedAt - b.usedAt);
    for (const block of oldestFirst) {
      if (free() >= byteLength) return;
      await this.#remove(block.hash);
    }
  }

  async #remove(hash: string): Promise<void> {
    await rm(join(this.#folder, hash), { force: true });
    this.#forget(hash);
  }

  async #touch(hash: string, path: string): Promise<void> {
    const block = this.#blocks.get(hash);
    const now = this.#clock.wallMs();
    if (block === undefined || now - block.usedAt < BLOCK_TOUCH_MS) return;
    block.usedAt = now;
    await setTime(path, now).catch(() => {}); // reading goes on where writing is refused
  }

  #note(block: KeptBlock): void {
    this.#forget(block.hash);
    this.#blocks.set(block.hash, block);
    this.#totalBytes += block.byteLength;
  }

  #forget(hash: string): void {
    this.#totalBytes -= this.#blocks.get(hash)?.byteLength ?? 0;
    this.#blocks.delete(hash);
  }
}

function isFile(entry: Dirent): boolean {
  return entry.isFile();
}

async function setTime(path: string, unixMs: number): Promise<void> {
  await utimes(path, unixMs / 1000, unixMs / 1000);
}
