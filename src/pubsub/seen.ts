/**
 * What has been here before: ids of messages, and of each publisher the sequence numbers it has used lately. Bounded; a
 * number below a publisher's window counts as used.
 */

import { PUBLISHERS_MAX, SEEN_IDS_MAX, SEQUENCES_MAX } from './limits.ts';

interface Window {
  /** Numbers at or below count as used. */
  floor: number;
  readonly used: Set<number>;
}

export class Seen {
  readonly #ids = new Set<string>();
  readonly #windows = new Map<string, Window>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Remembers a message; false when its publisher has used the number before, or numbers far above it. */
  add(id: string, publisher: string, sequence: number): boolean {
    this.#ids.add(id);
    if (this.#ids.size > SEEN_IDS_MAX) this.#ids.delete(this.#ids.values().next().value as string);
    return this.#use(publisher, sequence);
  }

  #use(publisher: string, sequence: number): boolean {
    const window = this.#windows.get(publisher) ?? { floor: -1, used: new Set<number>() };
    this.#windows.delete(publisher); // re-inserted last: the map stays in order of the last message
    this.#windows.set(publisher, window);
    if (this.#windows.size > PUBLISHERS_MAX) this.#windows.delete(this.#windows.keys().next().value as string);
    if (sequence <= window.floor || window.used.has(sequence)) return false;
    window.used.add(sequence);
    if (window.used.size > SEQUENCES_MAX) {
      const least = Math.min(...window.used);
      window.used.delete(least);
      window.floor = least;
    }
    return true;
  }
}
