/** Work that strangers ask for, a few at once: the rest waits, and those who wait take turns however much each asks for. */

export class Turns {
  readonly #atOnceMax: number;
  /** By whoever asked; the one whose turn is next stands first. No list is empty. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #running = 0;

  constructor(atOnceMax: number) {
    this.#atOnceMax = atOnceMax;
  }

  /** Does `work` when it is the turn of `who`; rejects as it does. */
  async run<T>(who: string, work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#atOnceMax) this.#running++;
    else await this.#turn(who);
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  #turn(who: string): Promise<void> {
    return new Promise(resolve => {
      const list = this.#waiting.get(who);
      if (list === undefined) this.#waiting.set(who, [resolve]);
      else list.push(resolve);
    });
  }

  /** Hands the place that is free now to whoever's turn it is. */
  #next(): void {
    for (const [who, list] of this.#waiting) {
      this.#waiting.delete(who);
      const begin = list.shift();
      if (list.length > 0) this.#waiting.set(who, list); // and in again at the end
      return begin?.();
    }
    this.#running--;
  }
}
