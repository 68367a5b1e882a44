/** Places that strangers take from one pool: so many in all, so many for one, so that none of them takes everybody's. */

import { SeaError } from './errors.ts';

export class Places {
  readonly #max: number;
  readonly #perOneMax: number;
  /** Places taken, by whoever took them. No count is 0. */
  readonly #taken = new Map<string, number>();
  #count = 0;

  constructor(max: number, perOneMax: number) {
    this.#max = max;
    this.#perOneMax = perOneMax;
  }

  /** Takes a place until the returned function is called. OVERLOADED when none is left, or none for `who`. */
  take(who: string): () => void {
    const theirs = this.#taken.get(who) ?? 0;
    if (this.#count >= this.#max || theirs >= this.#perOneMax)
      throw new SeaError('OVERLOADED', `${this.#count} of ${this.#max} places are taken, ${theirs} by the same one`);
    this.#taken.set(who, theirs + 1);
    this.#count++;
    let held = true;
    return () => {
      if (held) this.#leave(who);
      held = false;
    };
  }

  #leave(who: string): void {
    const left = (this.#taken.get(who) ?? 1) - 1;
    if (left === 0) this.#taken.delete(who);
    else this.#taken.set(who, left);
    this.#count--;
  }
}
