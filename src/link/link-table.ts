/**
 * The only table of links: one current link per neighbour, who pins it and why, and the rule that settles two links to
 * one peer alike on both sides. Layers above hear of neighbours, not of links.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { compare } from '../base/bytes.ts';
import type { ErrorCode, SeaError } from '../base/errors.ts';
import type { Scope } from '../base/scope.ts';
import type { RoutingMessage } from '../wire/messages.ts';
import { MEETING_MS, RETIRE_MS } from './limits.ts';
import type { Link } from './link.ts';

export interface LinkTableHandler {
  /** A neighbour that had no link has one; or one that has lost its link, which was not noticed here, is back: it knows nothing. */
  onNeighbour(link: Link): void;
  /** A neighbour lost its last link. */
  onNeighbourGone(address: HashAddress, reason: SeaError): void;
  /** Any link, current or retired, has ended: what it carried is over. */
  onLinkClosed(link: Link, reason: SeaError): void;
  onRouting(link: Link, message: RoutingMessage, payload: Uint8Array): void;
}

interface Entry {
  link: Link;
  readonly pins: Map<string, number>;
  /** The neighbour's own neighbours as 8-byte prefixes, as it says. */
  digest: Uint8Array;
}

const noDigest: Uint8Array = new Uint8Array(0);

export class LinkTable {
  readonly #self: HashAddress;
  readonly #scope: Scope;
  readonly #handler: LinkTableHandler;
  readonly #entries = new Map<string, Entry>();
  /** Every link that has not ended, retired ones included. */
  readonly #live = new Set<Link>();

  constructor(self: HashAddress, scope: Scope, handler: LinkTableHandler) {
    this.#self = self;
    this.#scope = scope;
    this.#handler = handler;
  }

  /** Neighbours. */
  get size(): number {
    return this.#entries.size;
  }

  /** Links that have not ended: the current ones and the retired. */
  get liveCount(): number {
    return this.#live.size;
  }

  /** The current links, oldest neighbour first. */
  *links(): IterableIterator<Link> {
    for (const entry of this.#entries.values()) yield entry.link;
  }

  get(address: HashAddress): Link | undefined {
    return this.#entries.get(address.toString())?.link;
  }

  has(address: HashAddress): boolean {
    return this.#entries.has(address.toString());
  }

  /** Takes in an authenticated link; of two to one peer the worse is retired (a fresh one included). */
  add(link: Link): void {
    const key = link.address.toString();
    const entry = this.#entries.get(key);
    this.#live.add(link);
    if (entry === undefined) {
      this.#entries.set(key, { link, pins: new Map(), digest: noDigest });
      this.#handler.onNeighbour(link);
      return;
    }
    const isBack = this.#isLater(link, entry.link);
    const [better, worse] = this.#prefers(link, entry.link) ? [link, entry.link] : [entry.link, link];
    entry.link = better;
    this.#retire(worse);
    if (isBack) this.#handler.onNeighbour(link);
  }

  /** A link has ended. */
  remove(link: Link, reason: SeaError): void {
    this.#live.delete(link);
    this.#handler.onLinkClosed(link, reason);
    const key = link.address.toString();
    if (this.#entries.get(key)?.link !== link) return;
    this.#entries.delete(key);
    this.#handler.onNeighbourGone(link.address, reason);
  }

  /** Keeps the neighbour's link from being collected for `reason`; returns a function that lets go. */
  pin(address: HashAddress, reason: string): () => void {
    const pins = this.#entries.get(address.toString())?.pins;
    if (pins === undefined) return () => {};
    pins.set(reason, (pins.get(reason) ?? 0) + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const count = (pins.get(reason) ?? 1) - 1;
      if (count === 0) pins.delete(reason);
      else pins.set(reason, count);
    };
  }

  /** Why the link is held, in no order. */
  pins(address: HashAddress): string[] {
    return [...(this.#entries.get(address.toString())?.pins.keys() ?? [])];
  }

  digest(address: HashAddress): Uint8Array {
    return this.#entries.get(address.toString())?.digest ?? noDigest;
  }

  /** The neighbour may say it over a link that we have retired and it has not yet. */
  setDigest(link: Link, digest: Uint8Array): void {
    const entry = this.#entries.get(link.address.toString());
    if (entry !== undefined) entry.digest = digest;
  }

  /** Retires the current link of a neighbour without a better one at hand: its last link ends soon. */
  dismiss(link: Link): void {
    this.#retire(link);
  }

  /** Ends every link, retired ones too. */
  closeAll(code: ErrorCode, detail: string): void {
    for (const link of [...this.#live]) link.close(code, detail);
  }

  #retire(link: Link): void {
    if (!link.open) return;
    link.retire();
    this.#scope.after(RETIRE_MS, () => link.close('DUPLICATE_LINK', 'replaced by another link'));
  }

  /**
   * Which of two links to one peer both sides keep. One that came well after the other: the peer has lost the older.
   * Of two that came of one meeting: a direct one before one over a server or another tab; else the one that the smaller
   * address dialled; else the one of smaller id. Nothing that the two sides may see differently decides.
   */
  #prefers(fresh: Link, old: Link): boolean {
    if (!old.open || this.#isLater(fresh, old)) return true;
    if (fresh.direct !== old.direct) return fresh.direct;
    if (fresh.dialled !== old.dialled) return this.#dialledBySmaller(fresh);
    return compare(fresh.id, old.id) < 0;
  }

  #isLater(fresh: Link, old: Link): boolean {
    return fresh.openedMs - old.openedMs > MEETING_MS;
  }

  #dialledBySmaller(link: Link): boolean {
    const selfIsSmaller = this.#self.toString() < link.address.toString();
    return link.dialled === selfIsSmaller;
  }
}
