/** Websocket addresses of nodes met before, kept on this device, newest first: a way back in when the bootstraps are gone. */

import { decodeValue, encodeValue } from '../base/cbor.ts';
import type { Log } from '../ports/log.ts';
import type { SmallStore } from '../ports/small-store.ts';
import { CACHED_URLS_MAX } from './limits.ts';

const KEY = 'peer-urls';

export class PeerCache {
  readonly #store: SmallStore;
  readonly #log: Log;
  #urls: string[] = [];
  #dirty = false;

  constructor(store: SmallStore, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  get urls(): readonly string[] {
    return this.#urls;
  }

  /** Reads what an earlier run kept; a damaged record counts as none. */
  async load(): Promise<void> {
    try {
      const bytes = await this.#store.get(KEY);
      const value = bytes === undefined ? [] : decodeValue(bytes);
      if (Array.isArray(value)) this.#urls = value.filter(item => typeof item === 'string').slice(0, CACHED_URLS_MAX);
    } catch (error) {
      this.#log.write('warn', 'the peer cache could not be read', { error: String(error) });
    }
  }

  add(url: string): void {
    if (this.#urls[0] === url) return;
    this.#urls = [url, ...this.#urls.filter(known => known !== url)].slice(0, CACHED_URLS_MAX);
    this.#dirty = true;
  }

  /** Once a beat. */
  async save(): Promise<void> {
    if (!this.#dirty) return;
    this.#dirty = false;
    try {
      await this.#store.set(KEY, encodeValue(this.#urls));
    } catch (error) {
      this.#log.write('warn', 'the peer cache could not be kept', { error: String(error) });
    }
  }
}
