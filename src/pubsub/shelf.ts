/** Messages of late, kept for partners that missed them. Bounded by age, count and bytes; oldest go first. */

import type { Clock } from '../base/clock.ts';
import { SHELF_BYTES_MAX, SHELF_COUNT_MAX, SHELF_MS } from './limits.ts';
import type { Publication } from './publication.ts';

interface Kept {
  readonly publication: Publication;
  readonly atMs: number;
}

export class Shelf {
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#kept.size;
  }

  get(id: string): Publication | undefined {
    this.sweep();
    return this.#kept.get(id)?.publication;
  }

  put(id: string, publication: Publication): void {
    if (this.#kept.has(id)) return;
    this.#kept.set(id, { publication, atMs: this.#clock.now() });
    this.#bytes += publication.body.length;
    this.sweep();
  }

  /** Ids of what came at or after `sinceMs`, newest first, at most `count`. */
  since(sinceMs: number, count: number): string[] {
    const ids: string[] = [];
    for (const [id, { atMs }] of [...this.#kept].reverse()) {
      if (atMs < sinceMs || ids.length >= count) break;
      ids.push(id);
    }
    return ids;
  }

  sweep(): void {
    const beforeMs = this.#clock.now() - SHELF_MS;
    for (const [id, { publication, atMs }] of this.#kept) {
      if (atMs >= beforeMs && this.#kept.size <= SHELF_COUNT_MAX && this.#bytes <= SHELF_BYTES_MAX) return;
      this.#kept.delete(id);
      this.#bytes -= publication.body.length;
    }
  }
}
