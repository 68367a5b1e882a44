/** Small values of this service on this device: what each is called, and reading and writing them as CBOR arrays. */

import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import type { Log } from '../ports/log.ts';
import type { SmallStore } from '../ports/small-store.ts';
import { Reader } from '../wire/reader.ts';

export class Kept {
  readonly #store: SmallStore;
  readonly #log: Log;

  constructor(store: SmallStore, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  /** What `read` makes of the value of that name; undefined where there is none, or none that can be read. Throws NO_STORAGE. */
  async get<T>(name: string, read: (reader: Reader) => T): Promise<T | undefined> {
    const bytes = await this.#store.get(key(name));
    return bytes === undefined ? undefined : this.#read(name, bytes, read);
  }

  /** The values `<name>-0`, `<name>-1` … up to the first that is not there; undefined stands for those that cannot be read. Throws NO_STORAGE. */
  async list<T>(name: string, countMax: number, read: (reader: Reader) => T): Promise<(T | undefined)[]> {
    const found: (T | undefined)[] = [];
    while (found.length < countMax) {
      const item = `${name}-${found.length}`;
      const bytes = await this.#store.get(key(item));
      if (bytes === undefined) break;
      found.push(this.#read(item, bytes, read));
    }
    return found;
  }

  /** Throws NO_STORAGE, TOO_LARGE. */
  async set(name: string, value: readonly Value[]): Promise<void> {
    await this.#store.set(key(name), encodeValue(value));
  }

  #read<T>(name: string, bytes: Uint8Array, read: (reader: Reader) => T): T | undefined {
    try {
      return read(new Reader(decodeValue(bytes), name));
    } catch (error) {
      this.#log.write('warn', 'kept figures of credit cannot be read', { name, error });
      return undefined;
    }
  }
}

function key(name: string): string {
  return `credit-${name}`;
}
