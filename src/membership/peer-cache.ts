/** Websocket addresses of nodes, kept on this device, the last met first: a way back in when the bootstraps are gone. */

import { decodeValue, encodeValue } from '../base/cbor.ts';
import type { Log } from '../ports/log.ts';
import type { SmallStore } from '../ports/small-store.ts';
import { URL_LENGTH_MAX } from '../wire/limits.ts';
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
      if (Array.isArray(value)) this.#urls = value.filter(isWebsocketUrl).slice(0, CACHED_URLS_MAX);
    } catch (error) {
      this.#log.write('warn', 'the peer cache could not be read', { error });
    }
  }

  /** A node that this one is linked with listens there: kept first. */
  met(url: string): void {
    if (this.#urls[0] === url || !isWebsocketUrl(url)) return;
    this.#urls = [url, ...this.#urls.filter(known => known !== url)].slice(0, CACHED_URLS_MAX);
    this.#dirty = true;
  }

  /** Somebody says that a node listens there: kept behind all others while there is room. */
  heardOf(url: string): void {
    if (this.#urls.length >= CACHED_URLS_MAX || this.#urls.includes(url) || !isWebsocketUrl(url)) return;
    this.#urls = [...this.#urls, url];
    this.#dirty = true;
  }

  /** Once a beat. */
  async save(): Promise<void> {
    if (!this.#dirty) return;
    this.#dirty = false;
    try {
      await this.#store.set(KEY, encodeValue(this.#urls));
    } catch (error) {
      this.#log.write('warn', 'the peer cache could not be kept', { error });
    }
  }
}

function isWebsocketUrl(value: unknown): value is string {
  return typeof value === 'string' && value.length <= URL_LENGTH_MAX && /^wss?:\/\/[^\s]+$/.test(value);
}
