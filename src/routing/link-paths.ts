/** The paths of one link, by the id each has there: those we opened over it and those the peer opened. */

import type { Hop } from './hop.ts';

export type Role = 'opened' | 'accepted';

export class LinkPaths {
  readonly #opened = new Map<number, Hop>();
  readonly #accepted = new Map<number, Hop>();
  #lastId = 0;

  get size(): number {
    return this.#opened.size + this.#accepted.size;
  }

  /** Paths that the peer opened. */
  get acceptedCount(): number {
    return this.#accepted.size;
  }

  /** An id for a path that we open. */
  freshId(): number {
    do this.#lastId = (this.#lastId + 1) >>> 0;
    while (this.#opened.has(this.#lastId));
    return this.#lastId;
  }

  get(role: Role, pathId: number): Hop | undefined {
    return this.#of(role).get(pathId);
  }

  set(role: Role, pathId: number, hop: Hop): void {
    this.#of(role).set(pathId, hop);
  }

  delete(role: Role, pathId: number): void {
    this.#of(role).delete(pathId);
  }

  *[Symbol.iterator](): IterableIterator<Hop> {
    yield* this.#opened.values();
    yield* this.#accepted.values();
  }

  #of(role: Role): Map<number, Hop> {
    return role === 'opened' ? this.#opened : this.#accepted;
  }
}
