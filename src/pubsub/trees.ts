/**
 * A tree for each publisher, as far as one node sees it: the partners that it pushes that publisher's messages to. All
 * others are only told of them. Source: epidemic broadcast trees (Leitão 2007); a tree per publisher over near and random
 * partners is faster than a shared one.
 */

import { type Random, shuffle } from '../base/random.ts';
import { EAGER_NEAR, EAGER_RANDOM, TREES_MAX } from './limits.ts';
import type { Partner } from './partner.ts';

export class Trees {
  readonly #random: Random;
  readonly #eager = new Map<string, Set<Partner>>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** Whom to push to; for a publisher without a tree, or with nobody left in it, it begins with the nearest and a few at random. */
  branches(publisher: string, partners: readonly Partner[], except: Partner | undefined): ReadonlySet<Partner> {
    const known = this.#eager.get(publisher);
    this.#eager.delete(publisher); // re-inserted last: the map stays in order of the last message
    const begins = known === undefined || (except === undefined && known.size === 0);
    const eager = begins ? this.#begin(partners.filter(partner => partner !== except)) : known;
    this.#eager.set(publisher, eager);
    if (this.#eager.size > TREES_MAX) this.#eager.delete(this.#eager.keys().next().value as string);
    return eager;
  }

  /** The partner lacked a message: it gets what follows. */
  graft(publisher: string, partner: Partner): void {
    this.#eager.get(publisher)?.add(partner);
  }

  /** The partner gets the publisher's messages from elsewhere. */
  prune(publisher: string, partner: Partner): void {
    this.#eager.get(publisher)?.delete(partner);
  }

  /** The partner is gone. */
  remove(partner: Partner): void {
    for (const eager of this.#eager.values()) eager.delete(partner);
  }

  /** Partners by the number of trees in which they are pushed to, most first. */
  busiest(count: number): Partner[] {
    const trees = new Map<Partner, number>();
    for (const eager of this.#eager.values())
      for (const partner of eager) trees.set(partner, (trees.get(partner) ?? 0) + 1);
    return [...trees]
      .sort(([, a], [, b]) => b - a)
      .slice(0, count)
      .map(([partner]) => partner);
  }

  #begin(partners: readonly Partner[]): Set<Partner> {
    const byDistance = [...partners].sort((a, b) => a.rttMs - b.rttMs);
    const near = byDistance.slice(0, EAGER_NEAR);
    return new Set([...near, ...shuffle(this.#random, byDistance.slice(EAGER_NEAR)).slice(0, EAGER_RANDOM)]);
  }
}
