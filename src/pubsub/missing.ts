/**
 * Messages that partners have and this node has not: each is asked for after a while, first of the partner that told of it
 * first, then of the next.
 */

import type { Cancel } from '../base/clock.ts';
import type { Scope } from '../base/scope.ts';
import { GRAFT_AFTER_MS, GRAFT_AGAIN_MS, MISSING_MAX, MISSING_TOLD_MAX, SOURCES_MAX } from './limits.ts';
import type { Partner } from './partner.ts';

interface Entry {
  /** Told of it first: it is counted as told by that one. */
  readonly teller: Partner;
  /** Have it and were not asked. */
  readonly sources: Partner[];
  /** Have it. */
  readonly owners: Set<Partner>;
  cancel: Cancel;
}

export class Missing {
  readonly #scope: Scope;
  readonly #ask: (partner: Partner, id: string) => void;
  readonly #entries = new Map<string, Entry>();
  readonly #toldBy = new Map<Partner, number>();

  constructor(scope: Scope, ask: (partner: Partner, id: string) => void) {
    this.#scope = scope;
    this.#ask = ask;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The partner has it. */
  told(id: string, partner: Partner): void {
    const known = this.#entries.get(id);
    if (known !== undefined) {
      if (known.owners.size >= SOURCES_MAX || known.owners.has(partner)) return;
      known.sources.push(partner);
      known.owners.add(partner);
      return;
    }
    const toldBefore = this.#toldBy.get(partner) ?? 0;
    if (this.#entries.size >= MISSING_MAX || toldBefore >= MISSING_TOLD_MAX) return;
    this.#toldBy.set(partner, toldBefore + 1);
    const cancel = this.#scope.after(GRAFT_AFTER_MS, () => this.#next(id));
    this.#entries.set(id, { teller: partner, sources: [partner], owners: new Set([partner]), cancel });
  }

  /** It is here; returns who has it, as far as they have said so. */
  arrived(id: string): ReadonlySet<Partner> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return new Set();
    entry.cancel();
    this.#forget(id, entry);
    return entry.owners;
  }

  /** The partner is gone: nothing is asked of it any more. */
  remove(partner: Partner): void {
    for (const { sources, owners } of this.#entries.values()) {
      owners.delete(partner);
      const at = sources.indexOf(partner);
      if (at >= 0) sources.splice(at, 1);
    }
  }

  /** With nobody left to ask the next partner that tells of it begins anew. */
  #next(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    const partner = entry.sources.shift();
    if (partner === undefined) return this.#forget(id, entry);
    entry.cancel = this.#scope.after(GRAFT_AGAIN_MS, () => this.#next(id));
    this.#ask(partner, id);
  }

  #forget(id: string, { teller }: Entry): void {
    this.#entries.delete(id);
    const told = (this.#toldBy.get(teller) ?? 1) - 1;
    if (told > 0) this.#toldBy.set(teller, told);
    else this.#toldBy.delete(teller);
  }
}
