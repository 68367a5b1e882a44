/**
 * Shards as files: `<id>` holds the bytes, `<id>.record` the record, written last and on the disk before the shard counts.
 * A file without its other half is what a process that died was writing: it is cleared away. One process at a time uses a
 * folder (see `FileLock`).
 */

import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SeaError } from '../../base/errors.ts';
import type { ShardEntry, ShardStore } from '../../ports/shard-store.ts';
import { checkBlockHash } from '../memory/store-rules.ts';
import { ifThere, stored, UNFINISHED_SUFFIX, writeWhole } from './data-folder.ts';

const RECORD_SUFFIX = '.record';

export class FileShardStore implements ShardStore {
  readonly #folder: string;
  #lastWrite: Promise<unknown> = Promise.resolve();

  /** `folder` is for shards alone; it is made with the first. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async list(): Promise<ShardEntry[]> {
    return this.#inTurn(async () => {
      const names = (await ifThere(readdir(this.#folder))) ?? [];
      const ids = new Set(names.map(name => /^([0-9a-f]{64})(\.record)?$/.exec(name)?.[1] ?? ''));
      ids.delete('');
      for (const name of names)
        if (name.endsWith(UNFINISHED_SUFFIX)) await rm(join(this.#folder, name), { force: true });
      const entries: ShardEntry[] = [];
      for (const id of ids) {
        const entry = await this.#entry(id);
        if (entry === undefined) await this.#remove(id);
        else entries.push(entry);
      }
      return entries;
    });
  }

  async get(id: string): Promise<Uint8Array | undefined> {
    const file = await ifThere(readFile(this.#path(id)));
    return file === undefined ? undefined : new Uint8Array(file);
  }

  async put(id: string, record: Uint8Array, bytes: Uint8Array): Promise<void> {
    const path = this.#path(id);
    await this.#inTurn(async () => {
      await writeWhole(path, bytes, { keep: true });
      await writeWhole(path + RECORD_SUFFIX, record, { keep: true });
    });
  }

  async update(id: string, record: Uint8Array): Promise<void> {
    const path = this.#path(id) + RECORD_SUFFIX;
    await this.#inTurn(async () => {
      if ((await ifThere(stat(path))) === undefined) throw new SeaError('NO_STORAGE', 'the shard is not here');
      await writeWhole(path, record, { keep: true });
    });
  }

  async delete(id: string): Promise<void> {
    checkBlockHash(id);
    await this.#inTurn(() => this.#remove(id));
  }

  async #entry(id: string): Promise<ShardEntry | undefined> {
    const record = await ifThere(readFile(join(this.#folder, id + RECORD_SUFFIX)));
    const file = await ifThere(stat(join(this.#folder, id)));
    return record && file && { id, byteLength: file.size, record: new Uint8Array(record) };
  }

  /** The record first: what is left when this is cut short is no shard. */
  async #remove(id: string): Promise<void> {
    await rm(join(this.#folder, id + RECORD_SUFFIX), { force: true });
    await rm(join(this.#folder, id), { force: true });
  }

  #path(id: string): string {
    checkBlockHash(id);
    return join(this.#folder, id);
  }

  /** Writes one after another, so that two of one shard do not mix. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastWrite.then(() => stored(work()));
    this.#lastWrite = turn.catch(() => {}); // its caller hears of it
    return turn;
  }
}
