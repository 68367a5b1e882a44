/**
 * Letting go of links that neither end needs. Links are made by whoever lacks one, so every newcomer adds some and nobody
 * takes any away: without this a node's links would fill its budget. Both ends agree first: only each itself knows what it
 * pins and what runs over the link.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Random } from '../base/random.ts';
import { pick } from '../base/random.ts';
import type { Link } from '../link/link.ts';
import type { Links } from '../link/links.ts';
import type { Caller } from '../rpc/exchange.ts';
import { ASK_TIMEOUT_MS, KEPT_SHARE } from './limits.ts';
import { directlyLinked, type LinkedPeer } from './linked-peers.ts';
import { scopes } from './messages.ts';
import { dispensable, spare, victims } from './wanted.ts';

export interface PartingOptions {
  readonly self: HashAddress;
  readonly random: Random;
  readonly caller: Caller;
  readonly links: () => Pick<Links, 'table' | 'linksMax'>;
  /** Paths that run over the link. */
  paths(link: Link): number;
}

export class Parting {
  readonly #options: PartingOptions;
  /** One link at a time, asking or asked: two at once might leave a bucket thin. */
  #asking = false;

  constructor(options: PartingOptions) {
    this.#options = options;
  }

  /** Answers others. */
  start(): void {
    const { caller, links } = this.#options;
    caller.handle(scopes.part, async ({ caller: peer, direct }) => {
      const free = direct && !this.#asking ? this.#free(1) : []; // the one path is this call's
      const found = free.find(({ address }) => address.equals(peer));
      if (found !== undefined) links().table.dismiss(found.link);
      return { value: found !== undefined };
    });
  }

  /** Once a beat: above its share of the budget this node asks a peer that seems to need the link as little as itself. */
  async beat(): Promise<void> {
    const { self, random, caller, links } = this.#options;
    const { table, linksMax } = links();
    if (this.#asking || directlyLinked(table).length <= linksMax * KEPT_SHARE) return;
    const free = this.#free(0).filter(({ address }) => dispensable(self, address, table.digest(address)));
    const peer = pick(random, free);
    if (peer === undefined) return;
    this.#asking = true;
    try {
      const { value } = await caller.call(peer.address, scopes.part, { value: null }, { timeoutMs: ASK_TIMEOUT_MS });
      if (value === true) table.dismiss(peer.link);
    } catch {
      // it has gone, or knows nothing of parting: the link stays as it is
    } finally {
      this.#asking = false;
    }
  }

  /** The link to give up for one to `newcomer`, without asking; one that carries nothing where there is one. */
  victim(newcomer: HashAddress): Link | undefined {
    const { self, links, paths } = this.#options;
    const found = this.#unpinned(victims(self, directlyLinked(links().table), newcomer));
    return (found.find(({ link }) => paths(link) === 0) ?? found[0])?.link;
  }

  /** Links that this node could do without, with at most so many paths. */
  #free(pathsMax: number): LinkedPeer[] {
    const { self, links, paths } = this.#options;
    const spares = this.#unpinned(spare(self, directlyLinked(links().table)));
    return spares.filter(({ link }) => paths(link) <= pathsMax);
  }

  #unpinned(peers: readonly LinkedPeer[]): LinkedPeer[] {
    const { table } = this.#options.links();
    return peers.filter(({ address }) => table.pins(address).length === 0);
  }
}
