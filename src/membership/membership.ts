/**
 * Being in the sea: comes in through an entry, finds its place, keeps its links right while others come and go. Decides
 * whom to link (with `wanted.ts`); how a link is made is `link/`'s business.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { nearest } from '../address/xor.ts';
import { abortable, abortError, checkAborted, sleep, whenAborted } from '../base/abort.ts';
import type { Cancel, Clock } from '../base/clock.ts';
import { type Deferred, deferred } from '../base/deferred.ts';
import { asSeaError, isSeaError, SeaError } from '../base/errors.ts';
import { below, pick, type Random } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import type { Link } from '../link/link.ts';
import type { LinkPolicy, Links } from '../link/links.ts';
import type { Log } from '../ports/log.ts';
import type { Router } from '../routing/router.ts';
import type { Caller } from '../rpc/exchange.ts';
import { Dialler } from './dialler.ts';
import { enter } from './entries.ts';
import { Gossip } from './gossip.ts';
import {
  ASK_TIMEOUT_MS,
  BEAT_MS,
  CHANGE_DELAY_MS,
  ENTRY_RETRY_MS,
  JOIN_TIMEOUT_MS,
  LINKS_TO_DROP_ENTRY,
  PLACE_MS,
  PLACE_MS_MAX,
  REFRESH_BEATS,
} from './limits.ts';
import { directlyLinked, linkedPeers } from './linked-peers.ts';
import {
  decodeContacts,
  decodeNearest,
  decodeTarget,
  encodeContacts,
  encodeNearest,
  encodeTarget,
  scopes,
} from './messages.ts';
import { Parting } from './parting.ts';
import type { PeerCache } from './peer-cache.ts';
import { answerLink } from './signalling.ts';
import { Strangers } from './strangers.ts';
import { thinBuckets } from './wanted.ts';

/** A node near some address, and who is linked with it where this node is not. */
export interface Located {
  readonly address: HashAddress;
  readonly via: HashAddress | undefined;
}

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
  onOnline(): void;
  onOffline(): void;
}

/** An attempt to come in, shared by everybody who waits for it. */
interface Joining {
  readonly done: Promise<void>;
  readonly giveUp: AbortController;
  waiting: number;
}

export class Membership implements LinkPolicy {
  readonly #options: MembershipOptions;
  readonly #dialler: Dialler;
  readonly #gossip: Gossip;
  readonly #parting: Parting;
  readonly #strangers: Strangers;
  #entries: readonly string[] = [];
  /** left: wants no part in the sea. lost: had links and is on its way back. */
  #state: 'left' | 'joining' | 'online' | 'lost' = 'left';
  #joining: Joining | undefined;
  /** Settled by a link that others made to this node while it seeks an entry. */
  #found: Deferred<void> = deferred();
  #beats = 0;
  #cancelChange: Cancel | undefined;

  constructor(options: MembershipOptions) {
    const { self, leaf, url, clock, log, cache, random, caller, links, router } = options;
    this.#options = options;
    this.#dialler = new Dialler({ self, leaf, clock, log, cache, links, active: () => this.#state !== 'left' });
    this.#gossip = new Gossip({
      self: { address: self, leaf, url },
      clock,
      caller,
      table: () => links().table,
      onContacts: (contacts, teller) => this.#dialler.learn(contacts, teller),
    });
    this.#parting = new Parting({ self, random, caller, links, paths: link => router().pathsOn(link) });
    this.#strangers = new Strangers({
      clock,
      random,
      links,
      urls: () => [...new Set([...this.#entries, ...cache.urls])],
      contact: () => pick(random, [...this.#dialler.contacts])?.address,
      look: via => this.#look(self, via),
    });
  }

  get online(): boolean {
    return this.#state === 'online';
  }

  /** Answers the calls of others and starts the heartbeat. */
  start(): void {
    const { caller, scope, random, links, self } = this.#options;
    this.#gossip.start();
    this.#parting.start();
    caller.handle(scopes.peers, async incoming => ({
      value: encodeContacts(this.#gossip.near(decodeTarget(incoming.body.value))),
    }));
    caller.handle(scopes.link, incoming => answerLink(links(), incoming));
    caller.handle(scopes.nearest, async incoming => {
      const target = decodeNearest(incoming.body.value);
      const [best] = nearest(target, [{ address: self }, ...links().table.links()], 1);
      return { value: encodeNearest(best!.address) };
    });
    scope.every(BEAT_MS, () => this.#beat(), below(random, BEAT_MS));
  }

  // --- In and out ---

  /**
   * Joins the sea; who asks while an attempt is under way shares it and its time. Resolves once this node has its place.
   * NO_BOOTSTRAP, ABORTED (the attempt ends when nobody waits for it any more), CLOSED (left meanwhile).
   */
  async join(entries: readonly string[], signal: AbortSignal, timeoutMs: number = JOIN_TIMEOUT_MS): Promise<void> {
    checkAborted(signal);
    this.#entries = entries;
    if (this.#state === 'online') return void this.#strangers.meet();
    this.#joining ??= this.#begin(timeoutMs);
    const joining = this.#joining;
    joining.waiting++;
    try {
      await abortable(joining.done, signal);
    } finally {
      if (--joining.waiting === 0) joining.giveUp.abort(signal.aborted ? abortError(signal) : undefined);
    }
  }

  /** Leaves the sea: every link and every attempt at one ends, and there is no way back until `join`. */
  leave(): void {
    const wasOnline = this.#state === 'online';
    this.#state = 'left';
    this.#joining?.giveUp.abort(new SeaError('CLOSED', 'this node went offline'));
    this.#options.links().hangUp();
    if (wasOnline) this.#options.onOffline();
  }

  #begin(timeoutMs: number): Joining {
    const giveUp = new AbortController();
    const before = this.#state === 'lost' ? 'lost' : 'left';
    this.#state = 'joining';
    const undo = this.#options.scope.defer(() => giveUp.abort(new SeaError('CLOSED', 'this node went offline')));
    const done = this.#enter(giveUp.signal, timeoutMs).then(
      () => {
        checkAborted(giveUp.signal); // left at the last moment
        this.#state = 'online';
      },
      error => {
        if (this.#state === 'joining') this.#state = before;
        throw error;
      },
    );
    const settle = (): void => {
      undo();
      this.#joining = undefined;
      if (this.#state === 'online') this.#options.onOnline();
    };
    done.then(settle, settle);
    return { done, giveUp, waiting: 0 };
  }

  async #enter(signal: AbortSignal, timeoutMs: number): Promise<void> {
    if (!this.#alone()) return;
    const { clock, random, links, scope, cache, standingEntries, log } = this.#options;
    const patience = new AbortController();
    const cancel = scope.after(timeoutMs, () => patience.abort(new SeaError('TIMEOUT', 'no entry answered in time')));
    const forget = whenAborted(signal, error => patience.abort(error));
    const urls = (): string[] => [...new Set([...this.#entries, ...standingEntries, ...cache.urls])];
    const dial = (url: string, dialSignal: AbortSignal): Promise<Link> => links().dialUrl(url, dialSignal);
    const onUnanswered = (error: SeaError): void =>
      log.write('info', 'no entry answers yet; trying on', { triesForMs: timeoutMs, error });
    try {
      for (let waitMs = 0; links().table.size === 0; waitMs = ENTRY_RETRY_MS) {
        await sleep(clock, waitMs, { signal: patience.signal }); // an entry that shut its door again is not worn out
        this.#found = deferred();
        await Promise.race([enter({ clock, random, dial, onUnanswered }, urls, patience.signal), this.#found.promise]);
        await abortable(this.#findPlace(), patience.signal);
      }
    } catch (error) {
      throw patience.signal.aborted && isSeaError(error, 'TIMEOUT') ? shutOut(error) : error;
    } finally {
      cancel();
      forget();
      patience.abort();
    }
  }

  /** No link leads into the sea. A node that listens and was given no entry is a sea of its own. */
  #alone(): boolean {
    const { url, links } = this.#options;
    return links().table.size === 0 && !(url !== null && this.#entries.length === 0);
  }

  /** Learns who is near, links with them, fills the buckets. Ends with the first dials, or when enough of them have. */
  async #findPlace(): Promise<void> {
    const { self, leaf, scope } = this.#options;
    await this.#look(self);
    this.#dialler.dialWanted();
    const dials = Promise.all(this.#dialler.underWay);
    const enough = deferred<void>();
    const wait = scope.fork();
    wait.after(PLACE_MS, () => {
      if (directlyLinked(this.#options.links().table).length >= LINKS_TO_DROP_ENTRY) enough.resolve();
    });
    wait.after(PLACE_MS_MAX, () => enough.resolve());
    await Promise.race([dials, enough.promise]);
    wait.close();
    if (!leaf)
      for (const bucket of thinBuckets(self, linkedPeers(this.#options.links().table))) void this.#refresh(bucket);
    this.#changed();
  }

  #rejoinIfAlone(): void {
    if (this.#state !== 'online' || !this.#alone()) return;
    this.#state = 'lost';
    this.#options.onOffline();
    this.#options.log.write('info', 'lost the last link; joining again');
    this.#rejoin();
  }

  #rejoin(): void {
    const { scope, log } = this.#options;
    if (scope.closed || this.#state === 'left' || this.#state === 'online') return;
    this.join(this.#entries, scope.signal).catch(error => {
      if (scope.closed || this.#state === 'left') return; // it leaves: nothing is amiss
      log.write('warn', 'could not join again', { error });
      scope.after(BEAT_MS, () => this.#rejoin());
    });
  }

  // --- Links come and go ---

  neighbourOpened(link: Link): void {
    const { address, leaf, url } = link.peer;
    if (this.#state === 'left') {
      void Promise.resolve().then(() => link.close('CLOSED', 'this node is offline')); // once all have heard of it
    }
    if (this.#state === 'joining' && (link.direct || !link.dialled)) this.#found.resolve();
    if (url !== null) this.#options.cache.met(url);
    this.#dialler.contacts.learn({ address, leaf }, undefined);
    this.#dialler.contacts.reached(address);
    this.#gossip.opened(address);
    this.#strangers.opened(address, url);
    this.#changed();
  }

  neighbourGone(address: HashAddress, { code }: SeaError): void {
    this.#gossip.gone(address);
    if (this.#state === 'left') return;
    const { contacts } = this.#dialler;
    if (code === 'CLOSED') contacts.forget(address);
    else contacts.failed(address); // it may be there still; who said that it leaves is not looked for
    this.#strangers.gone(address, code);
    this.#changed();
    this.#rejoinIfAlone();
  }

  // --- LinkPolicy ---

  wants(peer: HashAddress): boolean {
    if (this.#state === 'left') return false;
    const links = this.#options.links();
    return links.taken < links.linksMax || this.victim(peer) !== undefined;
  }

  victim(newcomer: HashAddress): Link | undefined {
    return this.#parting.victim(newcomer);
  }

  // --- Maintenance ---

  #beat(): void {
    const { self, leaf, links, router, cache, random } = this.#options;
    this.#beats++;
    links().beat();
    router().beat();
    void cache.save();
    if (this.#state === 'left') return;
    this.#rejoinIfAlone();
    this.#dropEntry();
    this.#gossip.tellDigest();
    void this.#gossip.exchangeBeat(this.#beats % REFRESH_BEATS === 0);
    this.#dialler.dialWanted();
    void this.#parting.beat();
    if (this.#beats % REFRESH_BEATS === 0 && !leaf) {
      const bucket = pick(random, thinBuckets(self, linkedPeers(this.#options.links().table)));
      if (bucket !== undefined) void this.#refresh(bucket);
    }
    this.#strangers.beat();
  }

  /** The set of neighbours changed: tells the others once things have settled for a moment. */
  #changed(): void {
    this.#cancelChange ??= this.#options.scope.after(CHANGE_DELAY_MS, () => {
      this.#cancelChange = undefined;
      if (this.#state === 'left') return;
      this.#dropEntry();
      this.#gossip.tellDigest();
      void this.#gossip.exchangeChange();
      this.#dialler.dialWanted();
    });
  }

  async #refresh(bucket: number): Promise<void> {
    const { self, random } = this.#options;
    await this.#look(self.flipBitRandomise(bucket, random));
  }

  /**
   * The core nodes nearest to the target, nearest first, this one among them where it is: as the node nearest to the
   * target tells, and as this one knows. Throws NO_ROUTE and what else a call may meet, when nobody tells and nobody is linked.
   */
  async locate(target: HashAddress): Promise<Located[]> {
    const { self, leaf, caller } = this.#options;
    const found = new Map<string, Located>();
    const add = (located: Located): void =>
      void (found.has(located.address.toString()) || found.set(located.address.toString(), located));
    if (!leaf) add({ address: self, via: undefined });
    for (const peer of linkedPeers(this.#options.links().table))
      if (!peer.leaf) add({ address: peer.address, via: undefined });
    try {
      const options = { nearest: true, timeoutMs: ASK_TIMEOUT_MS };
      const answer = await caller.call(target, scopes.peers, { value: encodeTarget(target) }, options);
      const [teller, ...others] = decodeContacts(answer.value).filter(contact => !contact.leaf);
      if (teller !== undefined) add({ address: teller.address, via: undefined });
      for (const { address } of others) add({ address, via: teller?.address });
    } catch (error) {
      if (found.size === 0) throw error;
    }
    return nearest(target, found.values());
  }

  /** Asks the node nearest to the target (for the own address: nearest beside this one) whom it knows there. */
  async #look(target: HashAddress, via?: HashAddress): Promise<void> {
    const { caller, log } = this.#options;
    const options = { nearest: true, via, timeoutMs: ASK_TIMEOUT_MS };
    try {
      const answer = await caller.call(target, scopes.peers, { value: encodeTarget(target) }, options);
      const [teller, ...others] = decodeContacts(answer.value);
      if (teller === undefined) return;
      this.#dialler.hear([teller], undefined);
      this.#dialler.learn(others, teller.leaf ? undefined : teller.address);
    } catch (error) {
      log.write('debug', 'a look-up failed', { target: target.toString(), error: asSeaError(error).message });
    }
  }

  /** A newcomer lets its websocket (or other tab) go once direct links stand. */
  #dropEntry(): void {
    const { table } = this.#options.links();
    const direct = directlyLinked(table).length;
    const enough = Math.min(LINKS_TO_DROP_ENTRY, [...this.#dialler.contacts].filter(contact => !contact.leaf).length);
    if (direct === 0 || direct < enough) return;
    for (const link of [...table.links()]) {
      if (link.open && link.dialled && !link.direct) table.dismiss(link);
    }
  }
}

function shutOut(cause: SeaError): SeaError {
  return new SeaError('NO_BOOTSTRAP', 'an entry answered, but this node got no place', { cause });
}
