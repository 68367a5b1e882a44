/**
 * Being in the sea: comes in through an entry, finds its place, keeps its links right while others come and go. Decides
 * whom to link (with `wanted.ts`); how a link is made is `link/`'s business.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { nearest } from '../address/xor.ts';
import type { Cancel, Clock } from '../base/clock.ts';
import { asSeaError, SeaError } from '../base/errors.ts';
import { below, pick, type Random } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import type { Link } from '../link/link.ts';
import type { LinkPolicy, Links } from '../link/links.ts';
import type { Log } from '../ports/log.ts';
import type { Router } from '../routing/router.ts';
import { prefixOf } from '../routing/prefix.ts';
import { concat } from '../base/bytes.ts';
import { DIGEST_ENTRIES_MAX } from '../wire/limits.ts';
import type { Caller } from '../rpc/exchange.ts';
import { type Contact, Contacts } from './contacts.ts';
import { enter } from './entries.ts';
import {
  ASK_TIMEOUT_MS,
  BEAT_MS,
  CHANGE_DELAY_MS,
  CONTACTS_PER_ANSWER,
  DIALS_AT_ONCE,
  JOIN_TIMEOUT_MS,
  LINKS_TO_DROP_ENTRY,
  REFRESH_BEATS,
  SELF_LOOKUP_BEATS,
} from './limits.ts';
import { type ContactInfo, decodeContacts, decodeTarget, encodeContacts, encodeTarget, scopes } from './messages.ts';
import type { PeerCache } from './peer-cache.ts';
import { answerLink } from './signalling.ts';
import { improves, siblings, spare, thinBuckets, wanted } from './wanted.ts';

export interface MembershipOptions {
  readonly self: HashAddress;
  readonly leaf: boolean;
  readonly url: string | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly scope: Scope;
  readonly log: Log;
  readonly caller: Caller;
  readonly cache: PeerCache;
  readonly links: () => Links;
  readonly router: () => Router;
  /** Ways in that are always worth a try, e.g. `tab:`. */
  readonly standingEntries: readonly string[];
  /** Listens for newcomers: needs no entry to be in the sea. */
  readonly listens: boolean;
  onOnline(): void;
  onOffline(): void;
}

export class Membership implements LinkPolicy {
  readonly #options: MembershipOptions;
  readonly #contacts: Contacts;
  #entries: readonly string[] = [];
  /** left: wants no part in the sea. lost: had links and is on its way back. */
  #state: 'left' | 'joining' | 'online' | 'lost' = 'left';
  #beats = 0;
  #dials = 0;
  #cancelChange: Cancel | undefined;
  #toldDigest: Uint8Array = new Uint8Array(0);
  #toldSiblings = '';

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#contacts = new Contacts(options.clock, options.self);
  }

  get online(): boolean {
    return this.#state === 'online';
  }

  /** Answers the calls of others and starts the heartbeat. */
  start(): void {
    const { caller, scope, random, links, self } = this.#options;
    caller.handle(scopes.peers, async incoming => ({
      value: encodeContacts(this.#near(decodeTarget(incoming.body.value))),
    }));
    caller.handle(scopes.siblings, async incoming => {
      if (!incoming.direct) throw new SeaError('DECLINED', 'only neighbours exchange siblings');
      this.#learn(decodeContacts(incoming.body.value), incoming.caller);
      return { value: encodeContacts(this.#near(incoming.caller)) };
    });
    caller.handle(scopes.link, incoming => answerLink(links(), incoming));
    caller.handle(scopes.nearest, async incoming => {
      const target = decodeNearest(incoming.body.value);
      const [best] = nearest(target, [{ address: self }, ...links().table.links()], 1);
      return { value: [null, { $address: best!.address.bytes }] };
    });
    scope.every(BEAT_MS, () => this.#beat(), below(random, BEAT_MS));
  }

  /** Joins the sea. Resolves once this node has its place; NO_BOOTSTRAP, ABORTED. */
  async join(entries: readonly string[], signal: AbortSignal): Promise<void> {
    const { scope } = this.#options;
    this.#entries = entries;
    if (this.#linked().length === 0 && !(this.#options.listens && entries.length === 0)) await this.#enter(signal);
    if (scope.closed || (this.#state === 'left' && entries.length > 0))
      throw new SeaError('CLOSED', 'this node went offline');
    if (this.#state !== 'online') {
      this.#state = 'online';
      this.#options.onOnline();
    }
  }

  /** Leaves the sea: no more dials, no way back until `join`. The links are closed by their owner. */
  leave(): void {
    const wasOnline = this.#state === 'online';
    this.#state = 'left';
    for (const link of [...this.#options.links().table.links()]) link.close('CLOSED', 'this node went offline');
    if (wasOnline) this.#options.onOffline();
  }

  neighbourOpened(link: Link): void {
    this.#toldDigest = new Uint8Array(0); // the newcomer has not heard it
    if (link.peer.url !== null) this.#options.cache.add(link.peer.url);
    this.#contacts.learn({ address: link.address, leaf: link.peer.leaf, url: link.peer.url }, undefined);
    this.#contacts.reached(link.address);
    this.#changed();
  }

  neighbourGone(address: HashAddress): void {
    this.#contacts.failed(address);
    this.#changed();
    this.#rejoinIfAlone();
  }

  // --- LinkPolicy ---

  wants(peer: HashAddress): boolean {
    if (this.#state === 'left') return false;
    const links = this.#options.links();
    return links.taken < links.linksMax || improves(this.#options.self, this.#linked(), peer);
  }

  victim(newcomer: HashAddress): Link | undefined {
    const { self, links } = this.#options;
    if (!improves(self, this.#linked(), newcomer)) return undefined;
    const { table } = links();
    const spares = spare(
      self,
      this.#direct().map(link => ({ address: link.address, leaf: link.peer.leaf, openedMs: link.openedMs, link })),
    );
    return spares.map(({ link }) => link).find(link => table.pins(link.address).length === 0);
  }

  // --- Joining ---

  async #enter(signal: AbortSignal): Promise<void> {
    const { clock, random, links, scope, cache, standingEntries } = this.#options;
    const before = this.#state === 'lost' ? 'lost' : 'left';
    this.#state = 'joining';
    const patience = new AbortController();
    const cancel = scope.after(JOIN_TIMEOUT_MS, () =>
      patience.abort(new SeaError('TIMEOUT', 'no entry answered in time')),
    );
    const giveUp = (): void => patience.abort(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    const undo = scope.defer(() => patience.abort(new SeaError('CLOSED', 'this node went offline')));
    try {
      const urls = (): string[] => [...new Set([...this.#entries, ...standingEntries, ...cache.urls])];
      await enter(
        { clock, random, dial: (url, dialSignal) => links().dialUrl(url, dialSignal) },
        urls,
        patience.signal,
      );
      await this.#findPlace();
    } catch (error) {
      if (this.#state === 'joining') this.#state = before;
      throw error;
    } finally {
      cancel();
      undo();
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** Learns who is near, links with them, fills the buckets. Ends when the first round of dials has been answered. */
  async #findPlace(): Promise<void> {
    await this.#look(this.#options.self);
    await Promise.all(this.#dialWanted(DIALS_AT_ONCE * 2));
    for (const bucket of thinBuckets(this.#options.self, this.#linked())) void this.#refresh(bucket);
    this.#changed();
  }

  #rejoinIfAlone(): void {
    if (this.#state === 'online' && this.#linked().length === 0 && !this.#options.listens) this.#rejoin();
  }

  #rejoin(): void {
    this.#state = 'lost';
    this.#options.onOffline();
    this.#options.log.write('info', 'lost the last link; joining again');
    const retry = (): void => {
      if (this.#options.scope.closed || this.#state !== 'lost') return;
      this.join(this.#entries, this.#options.scope.signal).catch(error => {
        this.#options.log.write('warn', 'could not join again', { error: String(error) });
        this.#options.scope.after(BEAT_MS, retry);
      });
    };
    retry();
  }

  // --- Maintenance ---

  #beat(): void {
    const { links, router, cache, random } = this.#options;
    this.#beats++;
    links().beat();
    router().beat();
    void cache.save();
    this.#rejoinIfAlone();
    this.#dropEntry();
    this.#tellDigest();
    void this.#exchange();
    this.#dialWanted(DIALS_AT_ONCE);
    if (this.#beats % REFRESH_BEATS === 0) {
      const bucket = pick(random, thinBuckets(this.#options.self, this.#linked()));
      if (bucket !== undefined) void this.#refresh(bucket);
    }
    if (this.#beats % SELF_LOOKUP_BEATS === 0)
      void this.#look(this.#options.self, pick(random, [...this.#contacts])?.address);
  }

  /** The set of neighbours changed: tells the others once things have settled for a moment. */
  #changed(): void {
    this.#cancelChange ??= this.#options.scope.after(CHANGE_DELAY_MS, () => {
      this.#cancelChange = undefined;
      this.#dropEntry();
      this.#tellDigest();
      const near = siblings(this.#options.self, this.#linked())
        .map(peer => peer.address.toString())
        .join();
      if (near !== this.#toldSiblings) {
        this.#toldSiblings = near;
        void this.#exchange();
      }
      this.#dialWanted(DIALS_AT_ONCE);
    });
  }

  /** Swaps contacts with every sibling: each tells the other whom it knows near it. */
  async #exchange(): Promise<void> {
    const { self, caller } = this.#options;
    await Promise.all(
      siblings(self, this.#linked())
        .map(async ({ address }) => {
          const body = { value: encodeContacts(this.#near(address)) };
          const answer = await caller.call(address, scopes.siblings, body, { timeoutMs: ASK_TIMEOUT_MS });
          this.#learn(decodeContacts(answer.value), address);
        })
        .map(ask => ask.catch(() => {})), // a sibling that does not answer is noticed by its link
    );
    this.#dialWanted(DIALS_AT_ONCE);
  }

  async #refresh(bucket: number): Promise<void> {
    const { self, random } = this.#options;
    await this.#look(self.flipBitRandomise(bucket, random));
    this.#dialWanted(DIALS_AT_ONCE);
  }

  /** Asks the node nearest to the target whom it knows there. */
  async #look(target: HashAddress, via?: HashAddress): Promise<void> {
    try {
      const answer = await this.#options.caller.call(
        target,
        scopes.peers,
        { value: encodeTarget(target) },
        { nearest: true, via, timeoutMs: ASK_TIMEOUT_MS },
      );
      const [teller, ...others] = decodeContacts(answer.value);
      if (teller === undefined) return;
      this.#learn([teller], undefined);
      this.#learn(others, teller.address);
    } catch (error) {
      this.#options.log.write('debug', 'a look-up failed', {
        target: target.toString(),
        error: asSeaError(error).message,
      });
    }
  }

  /** Begins the most wanted dials; the promises settle when each has ended, however. */
  #dialWanted(most: number): Promise<void>[] {
    const { self, leaf, links } = this.#options;
    if (this.#state === 'left') return [];
    const ready = [...this.#contacts.ready()].filter(contact => !links().dialling(contact.address));
    const goals = leaf ? siblings<Contact>(self, ready) : wanted(self, this.#directlyLinked(), ready);
    const begun: Promise<void>[] = [];
    for (const contact of goals) {
      if (begun.length >= most || this.#dials >= DIALS_AT_ONCE * 2 || !links().negotiates) break;
      begun.push(this.#dial(contact));
    }
    return begun;
  }

  async #dial(contact: Contact): Promise<void> {
    this.#dials++;
    try {
      await this.#options.links().connect(contact.address, contact.via);
    } catch (error) {
      this.#options.log.write('debug', 'a dial failed', {
        peer: contact.address.toString(),
        error: asSeaError(error).message,
      });
      if (!this.#options.links().table.has(contact.address) || asSeaError(error).code !== 'DUPLICATE_LINK')
        this.#contacts.failed(contact.address);
    } finally {
      this.#dials--;
    }
  }

  /** A newcomer lets its websocket (or other tab) go once direct links stand. */
  #dropEntry(): void {
    const { table } = this.#options.links();
    const direct = this.#directlyLinked().length;
    const enough = Math.min(LINKS_TO_DROP_ENTRY, [...this.#contacts].filter(contact => !contact.leaf).length);
    if (direct === 0 || direct < enough) return;
    for (const link of [...table.links()]) {
      if (link.open && link.dialled && !link.direct) table.dismiss(link);
    }
  }

  #tellDigest(): void {
    const { table } = this.#options.links();
    const digest = concat(...[...table.links()].slice(0, DIGEST_ENTRIES_MAX).map(link => prefixOf(link.address)));
    const fresh = digest.length !== this.#toldDigest.length || digest.some((byte, i) => byte !== this.#toldDigest[i]);
    if (!fresh) return;
    this.#toldDigest = digest;
    for (const link of table.links()) link.send('control', { kind: 'digest' }, digest);
  }

  #learn(contacts: readonly ContactInfo[], via: HashAddress | undefined): void {
    for (const contact of contacts) {
      if (contact.url !== null) this.#options.cache.add(contact.url);
      this.#contacts.learn(contact, via);
    }
  }

  /** Itself, then the linked peers nearest to the target (the target left out). */
  #near(target: HashAddress): ContactInfo[] {
    const { self, leaf, url, links } = this.#options;
    const linked = [...links().table.links()].filter(link => link.open && !link.address.equals(target));
    const others = nearest(target, linked, CONTACTS_PER_ANSWER - 1).map(link => ({
      address: link.address,
      leaf: link.peer.leaf,
      url: link.peer.url,
    }));
    return [{ address: self, leaf, url }, ...others];
  }

  #linked(): { address: HashAddress; leaf: boolean }[] {
    return [...this.#options.links().table.links()].map(link => ({ address: link.address, leaf: link.peer.leaf }));
  }

  #directlyLinked(): { address: HashAddress; leaf: boolean }[] {
    return this.#direct().map(link => ({ address: link.address, leaf: link.peer.leaf }));
  }

  /** Links that stand on their own, without a server or another tab between. */
  #direct(): Link[] {
    return [...this.#options.links().table.links()].filter(link => link.open && link.direct);
  }
}

/** The seed API's argument: an address among application arguments. */
function decodeNearest(value: unknown): HashAddress {
  const address = Array.isArray(value) ? (value[1] as { $address?: Uint8Array } | undefined)?.$address : undefined;
  if (!(address instanceof Uint8Array) || address.length !== 32)
    throw new SeaError('BAD_ARGUMENT', 'sea:nearest takes an address');
  return decodeTarget([address]);
}
