/**
 * A map's view of its providers: how many parts each may have at a time, how they did, who rests. Pure: times come from
 * the caller; `map.ts` acts.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Candidate } from './candidates.ts';
import {
  BUSY_REST_MS_MAX,
  BUSY_REST_MS_MIN,
  FAILURES_IN_A_ROW_MAX,
  REST_MS_MAX,
  REST_MS_MIN,
  WINDOW_START,
} from './limits.ts';

export type Standing =
  /** Not asked to get ready yet. */
  | { readonly state: 'new' }
  /** `late`: it takes so long that others are asked beside it. */
  | { readonly state: 'preparing'; readonly late: boolean }
  | { readonly state: 'ready' }
  /** Failed or had no slot; comes back. */
  | { readonly state: 'resting' }
  /** There are no terms; it is asked again from time to time, and is none before it agrees. */
  | { readonly state: 'unwilling' }
  /** Will not run this bundle. */
  | { readonly state: 'refused' }
  /** Failed too often in a row. */
  | { readonly state: 'dismissed' };

/** Windows grow by one with each result, and by this once there was no slot: others want them too. */
const GROWTH_AFTER_BUSY = 1 / 8;

/** One provider; `Work` is what its owner keeps per attempt. */
export class ProviderRow<Attempt, Work> {
  readonly address: HashAddress;
  /** Hex address. */
  readonly key: string;
  /** Attempts at work, oldest first. */
  readonly inFlight: Map<Attempt, Work> = new Map();
  slots: number;
  standing: Standing = { state: 'new' };
  /** Has the bundle, so that a rest ends in 'ready'. */
  prepared = false;
  /** Attempts that it may have by what it has shown so far. */
  #earned = WINDOW_START;
  #growth = 1;
  #failuresInARow = 0;
  #busyInARow = 0;

  constructor({ address, slots }: Candidate) {
    this.address = address;
    this.key = address.toString();
    this.slots = slots;
  }

  /** Attempts it may have at a time: one beyond its slots, at least 2, hides the way there and back. */
  get window(): number {
    return Math.floor(Math.min(Math.max(this.slots + 1, 2), this.#earned));
  }

  get usable(): boolean {
    return !['refused', 'dismissed', 'unwilling'].includes(this.standing.state);
  }

  get hasRoom(): boolean {
    return this.standing.state === 'ready' && this.inFlight.size < this.window;
  }

  /** Would begin at once. */
  get hasIdleSlot(): boolean {
    return this.hasRoom && this.inFlight.size < this.slots;
  }

  /** A result came: it is believed a little more. */
  answered(): void {
    this.#failuresInARow = 0;
    this.#busyInARow = 0;
    this.#earned = Math.min(this.#earned + this.#growth, Math.max(this.slots + 1, WINDOW_START));
  }

  /** It had no slot: its window shrinks to what it took. Returns how long it rests, ms; 0 while others run there. */
  busy(): number {
    this.#earned = Math.max(this.inFlight.size, 1);
    this.#growth = GROWTH_AFTER_BUSY;
    if (this.inFlight.size > 0) return 0;
    return Math.min(BUSY_REST_MS_MIN * 2 ** this.#busyInARow++, BUSY_REST_MS_MAX);
  }

  /** It failed. Returns how long it rests, ms; undefined when that was once too often. */
  failed(): number | undefined {
    this.#failuresInARow++;
    if (this.#failuresInARow >= FAILURES_IN_A_ROW_MAX) return undefined;
    return Math.min(REST_MS_MIN * 2 ** (this.#failuresInARow - 1), REST_MS_MAX);
  }
}

export class ProviderTable<Attempt, Work> {
  readonly #rows = new Map<string, ProviderRow<Attempt, Work>>();

  get(key: string): ProviderRow<Attempt, Work> | undefined {
    return this.#rows.get(key);
  }

  rows(): IterableIterator<ProviderRow<Attempt, Work>> {
    return this.#rows.values();
  }

  /** Takes in the candidates as they are now. Returns the rows of those that left. */
  update(candidates: ReadonlyMap<string, Candidate>): ProviderRow<Attempt, Work>[] {
    const lost = [...this.#rows.values()].filter(row => !candidates.has(row.key));
    for (const row of lost) this.#rows.delete(row.key);
    for (const [key, candidate] of candidates) {
      const row = this.#rows.get(key);
      if (row === undefined) this.#rows.set(key, new ProviderRow(candidate));
      else row.slots = candidate.slots;
    }
    return lost;
  }

  /** Providers that were not given up. */
  get usable(): number {
    return this.#count(row => (row.usable ? 1 : 0));
  }

  get ready(): number {
    return this.#count(row => (row.standing.state === 'ready' ? 1 : 0));
  }

  get preparing(): number {
    return this.#count(row => (row.standing.state === 'preparing' ? 1 : 0));
  }

  /** Those among them that are not late, and their slots. */
  get expected(): number {
    return this.#count(row => (isExpected(row.standing) ? 1 : 0));
  }

  get expectedSlots(): number {
    return this.#count(row => (isExpected(row.standing) ? row.slots : 0));
  }

  /** Providers that will not run the bundle. */
  get refused(): number {
    return this.#count(row => (row.standing.state === 'refused' ? 1 : 0));
  }

  get hasIdleSlot(): boolean {
    for (const row of this.#rows.values()) if (row.hasIdleSlot) return true;
    return false;
  }

  /** Parts that all ready providers may have together. */
  get windows(): number {
    return this.#count(row => (row.standing.state === 'ready' ? row.window : 0));
  }

  /** Attempts that wait behind others at their provider, as far as its slots tell. */
  waitingAttempts(): Set<Attempt> {
    const waiting = new Set<Attempt>();
    for (const row of this.#rows.values()) {
      let position = 0;
      for (const attempt of row.inFlight.keys()) if (position++ >= row.slots) waiting.add(attempt);
    }
    return waiting;
  }

  #count(of: (row: ProviderRow<Attempt, Work>) => number): number {
    let sum = 0;
    for (const row of this.#rows.values()) sum += of(row);
    return sum;
  }
}

function isExpected(standing: Standing): boolean {
  return standing.state === 'preparing' && !standing.late;
}
