/**
 * Bundles that can be run at once: fetched, checked, bounded, in memory. However many requesters want one at the same
 * time, it is fetched once; a requester that fails to deliver spoils it for nobody else. Fetches and places in memory are
 * shared out by the neighbour that a requester came by: who comes over others has no proven address.
 */

import type { ContentId } from '../address/content-id.ts';
import type { HashAddress } from '../address/hash-address.ts';
import { withTimeout } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import { SeaError } from '../base/errors.ts';
import { Places } from '../base/places.ts';
import type { Scope } from '../base/scope.ts';
import { boundMemory } from './bound-memory.ts';
import type { Bundle, Manifest } from './bundle.ts';
import { inspectModule } from './inspect-module.ts';
import {
  FETCH_BEGIN_MS,
  FETCH_TIMEOUT_MS,
  FETCHES_MAX,
  FETCHES_PER_NEIGHBOUR_MAX,
  PAGE_BYTES,
  READY_BUNDLES_MAX,
} from './limits.ts';

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

/** Who wants a bundle made ready. */
export interface Asker {
  /** Delivers what is not on this device. */
  readonly source: HashAddress;
  /** The neighbour that it came by: itself, or the last of those between. */
  readonly by: HashAddress;
}

interface Flight {
  readonly id: ContentId;
  readonly source: HashAddress;
  readonly result: Promise<ReadyBundle>;
}

interface Kept {
  readonly bundle: ReadyBundle;
  /** Through whom it came. */
  readonly by: string;
}

/** What this device brings for its own maps. */
const OWN = '';

export class ReadyBundles {
  readonly #clock: Clock;
  readonly #scope: Scope;
  readonly #fetch: Fetch;
  /** By id, used longest ago first. */
  readonly #ready = new Map<string, Kept>();
  readonly #flights = new Set<Flight>();
  readonly #places = new Places(FETCHES_MAX, FETCHES_PER_NEIGHBOUR_MAX);

  constructor(clock: Clock, scope: Scope, fetch: Fetch) {
    this.#clock = clock;
    this.#scope = scope;
    this.#fetch = fetch;
  }

  /** The bundle, if it is ready. */
  get(id: ContentId): ReadyBundle | undefined {
    const kept = this.#ready.get(id.hex);
    if (kept === undefined) return undefined;
    this.#ready.delete(id.hex); // and in again at the end: used last
    this.#ready.set(id.hex, kept);
    return kept.bundle;
  }

  /** Makes a bundle ready that is at hand. Throws what inspectModule throws. */
  add(bundle: Bundle, by: string = OWN): ReadyBundle {
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
    this.#ready.set(bundle.id.hex, { bundle: ready, by });
    if (this.#ready.size > READY_BUNDLES_MAX) this.#forgetOne();
    return ready;
  }

  /**
   * Makes a bundle ready, from this device or from the one who asks, within FETCH_TIMEOUT_MS of its own fetch. What another
   * is fetching is waited for, but not long: that one may never deliver. Throws OVERLOADED (too many fetches), TIMEOUT, and
   * what fetching and inspecting throw.
   */
  async prepare(id: ContentId, asker: Asker): Promise<ReadyBundle> {
    const ready = this.get(id);
    if (ready !== undefined) return ready;
    const flights = [...this.#flights].filter(flight => flight.id.equals(id));
    const own = flights.find(({ source }) => source.equals(asker.source));
    if (own !== undefined) return own.result;
    const brought = flights.length > 0 ? await this.#soonest(flights) : undefined;
    return brought ?? this.#start(id, asker);
  }

  /** What the first of another's flights brings soon; undefined when none does. */
  #soonest(flights: readonly Flight[]): Promise<ReadyBundle | undefined> {
    const first = Promise.any(flights.map(({ result }) => result));
    return withTimeout(this.#clock, first, FETCH_BEGIN_MS, "another's fetch").catch(() => undefined);
  }

  #start(id: ContentId, { source, by }: Asker): Promise<ReadyBundle> {
    const leave = this.#places.take(by.toString());
    const result = this.#bring(id, source, by.toString()).finally(() => {
      leave();
      this.#flights.delete(flight);
    });
    const flight: Flight = { id, source, result };
    this.#flights.add(flight);
    return result;
  }

  async #bring(id: ContentId, source: HashAddress, by: string): Promise<ReadyBundle> {
    const fetching = this.#scope.fork();
    fetching.after(FETCH_TIMEOUT_MS, () => {
      fetching.close(new SeaError('TIMEOUT', `the bundle did not come within ${FETCH_TIMEOUT_MS} ms`));
    });
    try {
      return this.add(await this.#fetch(source, id, fetching.signal), by);
    } finally {
      fetching.close();
    }
  }

  /** Whoever has brought most loses what was used longest ago of it: nobody pushes out what others run. */
  #forgetOne(): void {
    const counts = new Map<string, number>();
    for (const { by } of this.#ready.values()) counts.set(by, (counts.get(by) ?? 0) + 1);
    const most = Math.max(...counts.values());
    for (const [key, { by }] of this.#ready) if (counts.get(by) === most) return void this.#ready.delete(key);
  }
}
