/**
 * Who may be asked to compute. Today: linked neighbours that announced slots. The interface is what a map sees, so that
 * found records can take the neighbours' place.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { SeaError } from '../base/errors.ts';
import { CANDIDATES_MAX } from './limits.ts';

export interface Candidate {
  readonly address: HashAddress;
  /** At least 1. */
  readonly slots: number;
}

export interface Candidates {
  /** All of them now, by hex address. */
  list(): ReadonlyMap<string, Candidate>;
  /** Hears of every change of the list; returns a function that stops. */
  onChange(listener: () => void): () => void;
}

/** The neighbours' announced slots. */
export class AnnouncedSlots implements Candidates {
  readonly #candidates = new Map<string, Candidate>();
  readonly #listeners = new Set<() => void>();

  list(): ReadonlyMap<string, Candidate> {
    return this.#candidates;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes a neighbour's word; 0 removes it. Throws OVERLOADED when CANDIDATES_MAX are known. */
  set(address: HashAddress, slots: number): void {
    const key = address.toString();
    const known = this.#candidates.get(key);
    if ((known?.slots ?? 0) === slots) return;
    if (known === undefined && this.#candidates.size >= CANDIDATES_MAX)
      throw new SeaError('OVERLOADED', 'too many candidates are known');
    if (slots === 0) this.#candidates.delete(key);
    else this.#candidates.set(key, { address, slots });
    for (const listener of [...this.#listeners]) listener();
  }

  remove(address: HashAddress): void {
    this.set(address, 0);
  }
}
