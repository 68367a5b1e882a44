/** A map with a bound on the weight of what it holds: the entry that was used longest ago goes first. */

import { assert } from '../../base/assert.ts';

export class LruMap<K, V> {
  readonly #weightMax: number;
  readonly #weigh: (value: V) => number;
  readonly #entries = new Map<K, V>(); // in order of use, oldest first
  #weight = 0;

  /** `weigh` must always give the same for the same value; by default each counts 1. */
  constructor(weightMax: number, weigh: (value: V) => number = () => 1) {
    assert(weightMax > 0, 'a bounded map has room for something');
    this.#weightMax = weightMax;
    this.#weigh = weigh;
  }

  get size(): number {
    return this.#entries.size;
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  /** The value, which now counts as used. */
  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  /** False, and nothing changed, when the value alone is heavier than the bound. */
  set(key: K, value: V): boolean {
    const weight = this.#weigh(value);
    if (weight > this.#weightMax) return false;
    this.delete(key);
    this.#entries.set(key, value);
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#weightMax) break;
      this.delete(oldest);
    }
    return true;
  }

  delete(key: K): void {
    const value = this.#entries.get(key);
    if (value === undefined) return;
    this.#entries.delete(key);
    this.#weight -= this.#weigh(value);
  }
}
