/**
 * What neighbours tell one another: digests of their links to all, lists of near peers to siblings. A list that has not
 * changed since the other side heard it is not sent again, except now and then, in case it forgot.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { nearest } from '../address/xor.ts';
import { concat, equal } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { SeaError } from '../base/errors.ts';
import type { Link } from '../link/link.ts';
import type { LinkTable } from '../link/link-table.ts';
import { prefixOf } from '../routing/prefix.ts';
import type { Caller } from '../rpc/exchange.ts';
import { DIGEST_ENTRIES_MAX } from '../wire/limits.ts';
import { ASK_TIMEOUT_MS, BEAT_MS, CONTACTS_PER_ANSWER, DIGEST_GAP_MS } from './limits.ts';
import { type ContactInfo, decodeContacts, encodeContacts, scopes } from './messages.ts';
import { siblings } from './wanted.ts';

export interface GossipOptions {
  readonly self: ContactInfo;
  readonly clock: Clock;
  readonly caller: Caller;
  readonly table: () => LinkTable;
  /** A peer tells of others that it is linked with. */
  onContacts(contacts: readonly ContactInfo[], teller: HashAddress): void;
}

/** What one neighbour has heard. */
interface Told {
  digest: Uint8Array;
  digestMs: number;
  /** Over which link: what went over one that was being replaced may not count. */
  digestLink: Link | undefined;
  contacts: readonly ContactInfo[];
  /** When it last began an exchange with us. */
  askedMs: number;
}

export class Gossip {
  readonly #options: GossipOptions;
  readonly #told = new Map<string, Told>();
  /** The siblings at the last change that they were told of. */
  #siblings: readonly ContactInfo[] = [];

  constructor(options: GossipOptions) {
    this.#options = options;
  }

  /** Answers siblings. */
  start(): void {
    const { caller, clock, onContacts } = this.#options;
    caller.handle(scopes.siblings, async ({ caller: sibling, direct, body }) => {
      const told = this.#told.get(sibling.toString());
      if (!direct || told === undefined) throw new SeaError('DECLINED', 'only neighbours exchange siblings');
      onContacts(decodeContacts(body.value), sibling);
      told.askedMs = clock.now();
      return { value: encodeContacts(this.#news(told, sibling, false)) };
    });
  }

  opened(neighbour: HashAddress): void {
    this.#told.set(neighbour.toString(), {
      digest: nothing,
      digestMs: -Infinity,
      digestLink: undefined,
      contacts: [],
      askedMs: -Infinity,
    });
  }

  gone(neighbour: HashAddress): void {
    this.#told.delete(neighbour.toString());
  }

  /** This node itself, then the linked peers nearest to the target (the target left out). */
  near(target: HashAddress): ContactInfo[] {
    const { self, table } = this.#options;
    const open = [...table().links()].filter(link => link.open && !link.address.equals(target));
    return [self, ...nearest(target, open, CONTACTS_PER_ANSWER - 1).map(link => link.peer)];
  }

  /** Tells this node's links to every neighbour that has not heard of them; one that has just heard others waits a while. */
  tellDigest(): void {
    const now = this.#options.clock.now();
    const links = [...this.#options.table().links()].slice(0, DIGEST_ENTRIES_MAX);
    const digest = concat(...links.map(link => prefixOf(link.address)));
    for (const link of links) {
      const told = this.#told.get(link.address.toString());
      if (told === undefined) continue;
      if (told.digestLink === link && (now - told.digestMs < DIGEST_GAP_MS || equal(told.digest, digest))) continue;
      told.digest = digest;
      told.digestMs = now;
      told.digestLink = link;
      link.send('control', { kind: 'digest' }, digest);
    }
  }

  /** The links changed: siblings with news for one another swap it, if the set of siblings is another than before. */
  async exchangeChange(): Promise<void> {
    const near = this.#near();
    if (alike(near, this.#siblings)) return;
    this.#siblings = near;
    await Promise.all(near.map(({ address }) => this.#exchange(address, false)));
  }

  /** Once a beat: with every sibling that has not asked us within it. `full`: repeats what was said before. */
  async exchangeBeat(full: boolean): Promise<void> {
    const since = this.#options.clock.now() - (BEAT_MS * 3) / 4;
    const silent = this.#near().filter(({ address }) => (this.#told.get(address.toString())?.askedMs ?? 0) < since);
    await Promise.all(silent.map(({ address }) => this.#exchange(address, full)));
  }

  async #exchange(sibling: HashAddress, full: boolean): Promise<void> {
    const told = this.#told.get(sibling.toString());
    if (told === undefined) return;
    const value = encodeContacts(this.#news(told, sibling, full));
    try {
      const answer = await this.#options.caller.call(
        sibling,
        scopes.siblings,
        { value },
        { timeoutMs: ASK_TIMEOUT_MS },
      );
      this.#options.onContacts(decodeContacts(answer.value), sibling);
    } catch {
      told.contacts = []; // it may not have heard; that a sibling is gone is noticed by its link
    }
  }

  /** Whom to tell a sibling of: nobody when it has heard of just these. */
  #news(told: Told, sibling: HashAddress, full: boolean): readonly ContactInfo[] {
    const contacts = this.near(sibling);
    if (!full && alike(told.contacts, contacts)) return [];
    told.contacts = contacts;
    return contacts;
  }

  #near(): ContactInfo[] {
    const peers = [...this.#options.table().links()].map(link => link.peer);
    return siblings(this.#options.self.address, peers);
  }
}

const nothing: Uint8Array = new Uint8Array(0);

/** The same items in the same order. */
function alike<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
