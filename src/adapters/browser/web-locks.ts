/**
 * The device lock of a page: Web Locks, which the browser shares among all tabs and workers of one origin and frees when
 * a tab closes or crashes. Where they are missing (a page over plain http that is not localhost) nothing is granted:
 * two tabs that both believed to hold the kept key would run one node twice; the caller takes a passing key instead.
 */

import type { Clock } from '../../base/clock.ts';
import { type Deferred, deferred } from '../../base/deferred.ts';
import type { DeviceLock } from '../../ports/device-lock.ts';

/** How long a page that was reloaded waits for its own previous document to let go, ms. */
const RELOAD_WAIT_MS = 1500;

/** How long a page waits until the browser has heard that the page itself released the lock a moment ago, ms. */
const OWN_RELEASE_WAIT_MS = 250;

type Release = () => void;

/** Names that this document has released; its own code chooses them, so they are few. */
const releasedHere = new Set<string>();

export class WebLocks implements DeviceLock {
  readonly #clock: Clock;
  readonly #locks: LockManager | null;

  /** `locks` is null where the browser has none. */
  constructor(clock: Clock, locks: LockManager | null = globalThis.navigator?.locks ?? null) {
    this.#clock = clock;
    this.#locks = locks;
  }

  async acquire(name: string): Promise<Release | undefined> {
    if (this.#locks === null) return undefined;
    const fullName = `peersea/${name}`;
    const release = await request(this.#locks, fullName, { ifAvailable: true });
    if (release !== undefined) return release;
    const patienceMs = wasReloaded() ? RELOAD_WAIT_MS : releasedHere.has(fullName) ? OWN_RELEASE_WAIT_MS : 0;
    return patienceMs === 0 ? undefined : this.#waitFor(this.#locks, fullName, patienceMs);
  }

  async #waitFor(locks: LockManager, fullName: string, patienceMs: number): Promise<Release | undefined> {
    const patience = new AbortController();
    const cancel = this.#clock.after(patienceMs, () => patience.abort());
    try {
      return await request(locks, fullName, { signal: patience.signal });
    } finally {
      cancel();
    }
  }
}

/** The lock's release, or undefined when it is not to be had under these options. */
function request(locks: LockManager, name: string, options: LockOptions): Promise<Release | undefined> {
  const granted = deferred<Release | undefined>();
  const held = deferred<void>();
  const ended = locks.request(name, options, lock => {
    granted.resolve(lock === null ? undefined : () => letGo(name, held));
    return lock === null ? undefined : held.promise;
  });
  // Rejected: patience is over, or a document that is going away or has no origin, which may hold nothing.
  Promise.resolve(ended).catch(() => granted.resolve(undefined));
  return granted.promise;
}

function letGo(name: string, held: Deferred<void>): void {
  releasedHere.add(name);
  held.resolve();
}

/** Also true for a page that came back by the history and for some browsers' duplicated tabs. */
function wasReloaded(): boolean {
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return entry?.type === 'reload' || entry?.type === 'back_forward';
}
