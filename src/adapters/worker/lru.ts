/** A map of bounded size that forgets what was used longest ago. */

export class Lru<T> {
  readonly #entries = new Map<string, T>();
  readonly #sizeMax: number;

  /** `sizeMax`: entries kept, at least 1. */
  constructor(sizeMax: number) {
    this.#sizeMax = sizeMax;
  }

  /** True when the key is kept. Does not count as a use. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** The value, which thereby is the one used last; undefined when it is not kept. */
  get(key: string): T | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  /** Keeps the value as the one used last, and forgets the one used first when there are too many. */
  set(key: string, value: T): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#sizeMax) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
