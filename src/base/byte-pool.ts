/**
 * Bytes that others may have this node keep: one budget for all of them. One may have less the less is free, so that
 * however many fill it, something is left for whoever comes next.
 */

export class BytePool {
  readonly #max: number;
  readonly #perOneMax: number;
  #taken = 0;
  /** Bytes by whose they are. No count is 0. */
  readonly #of = new Map<string, number>();

  /** `perOneMax`: what one may have while all is free, bytes. */
  constructor(max: number, perOneMax: number) {
    this.#max = max;
    this.#perOneMax = perOneMax;
  }

  get taken(): number {
    return this.#taken;
  }

  /** Bytes more that `who` may have; of a `part` of what it could. Negative when it has more than that. */
  room(who: string, part = 1): number {
    const free = (this.#max - this.#taken) / this.#max;
    return part * this.#perOneMax * free * free - (this.#of.get(who) ?? 0);
  }

  /** False, and nothing taken, where there is no room for all of them. */
  take(who: string, bytes: number): boolean {
    const fits = bytes <= this.room(who);
    if (fits) this.change(who, bytes);
    return fits;
  }

  /** So many bytes more, or fewer, whatever the room. */
  change(who: string, bytes: number): void {
    const theirs = (this.#of.get(who) ?? 0) + bytes;
    this.#taken += bytes;
    if (theirs === 0) this.#of.delete(who);
    else this.#of.set(who, theirs);
  }
}
