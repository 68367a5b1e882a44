/**
 * Bundles that can be run at once: fetched, checked, bounded, in memory. However many requesters want one at the same
 * time, it is fetched once; a requester that fails to deliver spoils it for nobody else.
 */

import type { ContentId } from '../address/content-id.ts';
import type { HashAddress } from '../address/hash-address.ts';
import { SeaError } from '../base/errors.ts';
import type { Scope } from '../base/scope.ts';
import { boundMemory } from './bound-memory.ts';
import type { Bundle, Manifest } from './bundle.ts';
import { inspectModule } from './inspect-module.ts';
import { FETCH_TIMEOUT_MS, FETCHES_MAX, PAGE_BYTES, READY_BUNDLES_MAX } from './limits.ts';

/** A bundle as the runner takes it. */
export interface ReadyBundle {
  readonly id: ContentId;
  /** Text form of `id`. */
  readonly idText: string;
  readonly manifest: Manifest;
  /** Names `module` for the runner: the original's hash and the bound put on it. */
  readonly moduleId: string;
  /** The bounded module. */
  readonly module: Uint8Array;
}

/** Brings a bundle from this device or from a requester, checked against its id. */
export type Fetch = (source: HashAddress, id: ContentId, signal: AbortSignal) => Promise<Bundle>;

interface Flight {
  readonly source: HashAddress;
  readonly result: Promise<ReadyBundle>;
}

export class ReadyBundles {
  readonly #scope: Scope;
  readonly #fetch: Fetch;
  /** By id, used longest ago first. */
  readonly #ready = new Map<string, ReadyBundle>();
  readonly #flights = new Map<string, Flight>();

  constructor(scope: Scope, fetch: Fetch) {
    this.#scope = scope;
    this.#fetch = fetch;
  }

  /** The bundle, if it is ready. */
  get(id: ContentId): ReadyBundle | undefined {
    const ready = this.#ready.get(id.hex);
    if (ready === undefined) return undefined;
    this.#ready.delete(id.hex); // and in again at the end: used last
    this.#ready.set(id.hex, ready);
    return ready;
  }

  /** Makes a bundle ready that is at hand. Throws what inspectModule throws. */
  add(bundle: Bundle): ReadyBundle {
    const known = this.get(bundle.id);
    if (known !== undefined) return known;
    const { manifest } = bundle;
    const module = boundMemory(
      bundle.module,
      inspectModule(bundle.module, manifest.memoryBytesMax),
      manifest.memoryBytesMax,
    );
    const pages = Math.floor(manifest.memoryBytesMax / PAGE_BYTES);
    const moduleId = `${manifest.module.hex}/${pages}`;
    const ready = { id: bundle.id, idText: bundle.id.toString(), manifest, moduleId, module };
    this.#ready.set(bundle.id.hex, ready);
    for (const oldest of this.#ready.keys()) {
      if (this.#ready.size <= READY_BUNDLES_MAX) break;
      this.#ready.delete(oldest);
    }
    return ready;
  }

  /**
   * Makes a bundle ready, from this device or from `source`, within FETCH_TIMEOUT_MS of its own fetch. Throws
   * OVERLOADED (too many fetches), TIMEOUT, and what fetching and inspecting throw.
   */
  async prepare(id: ContentId, source: HashAddress): Promise<ReadyBundle> {
    for (;;) {
      const ready = this.get(id);
      if (ready !== undefined) return ready;
      const flight = this.#flights.get(id.hex);
      if (flight === undefined) return this.#start(id, source);
      if (flight.source.equals(source)) return flight.result;
      await flight.result.catch(() => {}); // another requester's failure: this one may still deliver
    }
  }

  #start(id: ContentId, source: HashAddress): Promise<ReadyBundle> {
    if (this.#flights.size >= FETCHES_MAX)
      return Promise.reject(new SeaError('OVERLOADED', 'too many bundles are being fetched'));
    const result = this.#bring(id, source).finally(() => this.#flights.delete(id.hex));
    result.catch(() => {}); // whoever asked hears of it; nobody may be left to
    this.#flights.set(id.hex, { source, result });
    return result;
  }

  async #bring(id: ContentId, source: HashAddress): Promise<ReadyBundle> {
    const fetching = this.#scope.fork();
    fetching.after(FETCH_TIMEOUT_MS, () => {
      fetching.close(new SeaError('TIMEOUT', `the bundle did not come within ${FETCH_TIMEOUT_MS} ms`));
    });
    try {
      return this.add(await this.#fetch(source, id, fetching.signal));
    } finally {
      fetching.close();
    }
  }
}
