/** Small values, a file each. */

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SmallStore } from '../../ports/small-store.ts';
import { checkSmallKey, checkSmallValue } from '../memory/store-rules.ts';
import { fileNameOf, ifThere, stored, writeWhole } from './data-folder.ts';

export class FileSmallStore implements SmallStore {
  readonly #folder: string;

  /** `folder` is made with the first value. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const file = await ifThere(readFile(this.#path(key)));
    return file === undefined ? undefined : new Uint8Array(file); // memory of its own, not a part of Node's pool
  }

  async set(key: string, value: Uint8Array): Promise<void> {
    const path = this.#path(key);
    checkSmallValue(value);
    await stored(writeWhole(path, value.slice(), { keep: true })); // keys and vouchers are among them
  }

  async delete(key: string): Promise<void> {
    await stored(rm(this.#path(key), { force: true }));
  }

  #path(key: string): string {
    checkSmallKey(key);
    return join(this.#folder, fileNameOf('value', key));
  }
}
