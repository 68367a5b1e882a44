/** Parts that wait for a slot: a few per requester, first in, first out; requesters take turns. Pure. */

import { QUEUED_PER_REQUESTER_MAX } from './limits.ts';

export class RunQueue<T> {
  /** By requester; the one whose turn is next stands first. No list is empty. */
  readonly #waiting = new Map<string, T[]>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** False, and nothing changed, when the requester or the queue (`lengthMax`) has no place left. */
  push(requester: string, item: T, lengthMax: number): boolean {
    const list = this.#waiting.get(requester) ?? [];
    if (this.#length >= lengthMax || list.length >= QUEUED_PER_REQUESTER_MAX) return false;
    list.push(item);
    this.#waiting.set(requester, list);
    this.#length++;
    return true;
  }

  /** For a requester that waits for nothing: takes the newest item of one that waits for several. Undefined when none does. */
  displace(requester: string): T | undefined {
    if (this.#waiting.has(requester)) return undefined;
    for (const list of this.#waiting.values()) {
      if (list.length < 2) continue;
      this.#length--;
      return list.pop();
    }
    return undefined;
  }

  /** Takes the oldest item of the requester whose turn it is. */
  shift(): T | undefined {
    for (const [requester, list] of this.#waiting) {
      this.#waiting.delete(requester);
      const item = list.shift();
      if (list.length > 0) this.#waiting.set(requester, list);
      this.#length--;
      return item;
    }
    return undefined;
  }

  /** False when the item does not wait here. */
  remove(requester: string, item: T): boolean {
    const list = this.#waiting.get(requester);
    const at = list?.indexOf(item) ?? -1;
    if (list === undefined || at < 0) return false;
    list.splice(at, 1);
    if (list.length === 0) this.#waiting.delete(requester);
    this.#length--;
    return true;
  }

  /** What one requester waits for, oldest first. */
  of(requester: string): readonly T[] {
    return [...(this.#waiting.get(requester) ?? [])];
  }

  /** Removes and returns everything. */
  drain(): T[] {
    const items = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    this.#length = 0;
    return items;
  }
}
