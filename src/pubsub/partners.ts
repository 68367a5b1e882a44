/**
 * Keeps enough partners: opens exchanges to members it knows of, answers those of others, settles two between one pair
 * alike on both sides, drops the silent. What is said on them is the business of the channel.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Verified } from '../address/signed.ts';
import type { Cancel, Clock } from '../base/clock.ts';
import { deferred } from '../base/deferred.ts';
import { asSeaError, isSeaError, SeaError } from '../base/errors.ts';
import { type Random, shuffle } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import type { LinkScores, Offence } from '../link/link-score.ts';
import type { Crypto } from '../ports/crypto.ts';
import type { Log } from '../ports/log.ts';
import type { Body, Caller, Incoming } from '../rpc/exchange.ts';
import { OPENING, verifyIntroduction } from './introduction.ts';
import {
  DIALS_AT_ONCE,
  HURRY_MS,
  LINK_AGE_MS,
  MEETING_MS,
  MEMBERS_MAX,
  PARTNERS,
  PARTNERS_FIRST,
  PARTNERS_LINKED,
  PARTNERS_MAX,
  PING_AFTER_MS,
  REDIAL_MS,
  RETIRE_MS,
  SILENCE_MS_MAX,
  TOLD_RATE,
} from './limits.ts';
import { openLine } from './line-opening.ts';
import type { MemberView } from './member-view.ts';
import {
  decodeMembers,
  decodePartnerFrame,
  encodeMembers,
  encodePartnerFrame,
  type Greeting,
  type MemberEntry,
  type Opening,
  type PartnerFrame,
} from './messages.ts';
import { isDirect, type Line, Partner } from './partner.ts';

export interface PartnersHandler {
  /** A partner is there. Since when it was away, for one that was here before; undefined for a new one. */
  onPartner(partner: Partner, awaySinceMs: number | undefined): void;
  onPartnerGone(partner: Partner): void;
  onFrame(partner: Partner, frame: PartnerFrame): void;
}

export interface PartnersOptions {
  readonly self: HashAddress;
  readonly clock: Clock;
  readonly random: Random;
  readonly scope: Scope;
  readonly log: Log;
  readonly caller: Caller;
  /** 32 bytes. */
  readonly channel: Uint8Array;
  readonly view: MemberView;
  readonly crypto: Crypto;
  readonly scores: PartnerScores;
  readonly handler: PartnersHandler;
  /** This node has a place in the sea. */
  online(): boolean;
  /** This node has a link to the other. */
  linked(address: HashAddress): boolean;
  /** What to say first to that member; `answers`: see signIntroduction. */
  greeting(to: HashAddress, answers: number): Promise<Greeting>;
}

/** By the address over a link to it; and by what others passed on in its name, which counts only for such lines. */
export interface PartnerScores {
  readonly direct: LinkScores;
  readonly routed: LinkScores;
}

export class Partners {
  readonly #options: PartnersOptions;
  readonly #partners = new Map<string, Partner>();
  /** Openings under way, and how each is given up. */
  readonly #dialling = new Map<string, () => void>();
  /** Members not to be tried before that time. */
  readonly #notBefore = new Map<string, number>();
  /** Partners of before: when they were last heard, and the time of their last greeting. */
  readonly #former = new Map<string, Pick<Partner, 'heardMs' | 'wallMs'>>();
  /** Members that were told of by some with no room for this node. */
  readonly #referrals: TokenBucket;
  #cancelHurry: Cancel | undefined;
  /** The first partners have told of others: time for the rest. */
  #introduced = false;

  constructor(options: PartnersOptions) {
    this.#options = options;
    this.#referrals = new TokenBucket(options.clock, TOLD_RATE);
    options.scope.defer(() => {
      for (const { line } of this.#partners.values()) line.end();
      for (const giveUp of [...this.#dialling.values()]) giveUp();
    });
  }

  get size(): number {
    return this.#partners.size;
  }

  all(): IterableIterator<Partner> {
    return this.#partners.values();
  }

  get(address: HashAddress): Partner | undefined {
    return this.#partners.get(address.toString());
  }

  /** Holds it against the partner; drops it when it has gone too far. */
  offend(partner: Partner, offence: Offence): void {
    this.#offend(partner, partner.line, offence);
  }

  #offend(partner: Partner, line: Line, offence: Offence): void {
    if (!this.#blame(line, offence)) return;
    this.#options.log.write('info', 'a partner of a channel misbehaved', { peer: partner.address.toString() });
    this.#later(partner.address, 6 * REDIAL_MS);
    this.#drop(partner);
  }

  dropAll(): void {
    for (const partner of [...this.#partners.values()]) this.#drop(partner);
  }

  /** A partner tells of members. */
  learn(partner: Partner, members: readonly MemberEntry[]): void {
    this.#hearsay(members, () => partner.mayTell());
  }

  /** Opens what is wanted a moment from now. */
  hurry(delayMs: number = HURRY_MS): void {
    this.#cancelHurry ??= this.#options.scope.after(delayMs, () => {
      this.#cancelHurry = undefined;
      this.#seek();
    });
  }

  beat(): void {
    const { clock, linked } = this.#options;
    const nowMs = clock.now();
    for (const [key, untilMs] of this.#notBefore) if (untilMs <= nowMs) this.#notBefore.delete(key);
    for (const partner of [...this.#partners.values()]) {
      const { line, address, heardMs } = partner;
      const detour = linked(address) && !line.by()?.equals(address) && nowMs - line.openedMs > MEETING_MS;
      if (nowMs - heardMs >= SILENCE_MS_MAX) this.#drop(partner);
      else if (line.openedHere && (detour || nowMs - line.openedMs >= LINK_AGE_MS)) this.#dial(address);
      else if (nowMs - heardMs >= PING_AFTER_MS) partner.ping();
    }
    this.#seek();
  }

  /** Answers the opening of another member; settles when the exchange is over. */
  async accept(incoming: Incoming, opening: Opening): Promise<Body> {
    const { view, clock, scope, greeting } = this.#options;
    const { caller: address, signal } = incoming;
    const over = deferred<Body>();
    const line: Line = {
      address,
      openedHere: false,
      openedMs: clock.now(),
      by: () => incoming.by,
      send: body => incoming.send(body),
      end: () => over.resolve({ value: null }),
    };
    if (this.#isBanned(address, isDirect(line))) throw new SeaError('DECLINED', 'this member misbehaved');
    const { value: met } = await this.#verify(address, opening, OPENING);
    const welcome = await greeting(address, opening.wallMs);
    if (this.get(address) === undefined && this.#partners.size >= PARTNERS_MAX)
      return { value: encodeMembers(view.sample(address)) };
    if (scope.closed || signal.aborted || !this.#replaces(line, met))
      throw new SeaError('DUPLICATE_LINK', 'the other exchange is kept');
    line.send(encodePartnerFrame({ kind: 'welcome', ...welcome }));
    this.#establish(line, met, undefined);
    incoming.onItem(body => this.#receive(line, body));
    signal.addEventListener('abort', line.end);
    void over.promise.then(() => this.#ended(line)); // broken off, or the other has taken its leave
    return over.promise;
  }

  // --- Openings of this node's own ---

  #seek(): void {
    const { view, online } = this.#options;
    if (!online()) return;
    const wanted = Math.min(this.#introduced ? PARTNERS : PARTNERS_FIRST, view.size);
    const count = Math.min(wanted - this.#partners.size, DIALS_AT_ONCE) - this.#dialling.size;
    if (count > 0) for (const address of this.#candidates(count)) this.#dial(address);
  }

  /** Linked ones up to their share, then any. */
  #candidates(count: number): HashAddress[] {
    const { view, random, linked } = this.#options;
    const free = shuffle(random, view.addresses()).filter(address => {
      const key = address.toString();
      const isTaken = this.#partners.has(key) || this.#dialling.has(key) || this.#notBefore.has(key);
      return !isTaken && !this.#isBanned(address, linked(address));
    });
    const near = free.filter(linked);
    const far = free.filter(address => !linked(address));
    const nearHeld = [...this.#partners.values()].filter(({ address }) => linked(address)).length;
    const nearFirst = Math.max(0, PARTNERS_LINKED - nearHeld);
    return [...near.slice(0, nearFirst), ...far, ...near.slice(nearFirst)].slice(0, count);
  }

  #dial(address: HashAddress): void {
    const key = address.toString();
    if (this.#dialling.has(key)) return;
    this.#dialling.set(key, () => {});
    this.#options.greeting(address, OPENING).then(
      greeting => this.#open(address, greeting),
      () => this.#dialling.delete(key),
    );
  }

  #open(address: HashAddress, greeting: Greeting): void {
    const { channel, scope } = this.#options;
    const key = address.toString();
    if (scope.closed) return;
    const line = openLine(
      this.#options,
      address,
      { channel, ...greeting },
      {
        onAnswered: () => this.#dialling.delete(key),
        onGreeting: (line, body, rttMs) => this.#welcomed(line, body, greeting.wallMs, rttMs),
        onFrame: (line, body) => this.#receive(line, body),
        onReferred: (line, value) => this.#referred(line, value),
        onFailed: (_, error) => this.#unreachable(address, error),
        onOver: line => this.#ended(line),
      },
    );
    this.#dialling.set(key, line.end);
  }

  /** True when the line is kept. */
  async #welcomed(line: Line, body: Body, answers: number, rttMs: number): Promise<boolean> {
    try {
      const frame = decodePartnerFrame(body);
      if (frame.kind !== 'welcome') throw new SeaError('BAD_MESSAGE', 'a partner that does not greet');
      const { value: met } = await this.#verify(line.address, frame, answers);
      const isKept = !this.#options.scope.closed && this.#replaces(line, met);
      if (isKept) this.#establish(line, met, rttMs);
      else line.end();
      return isKept;
    } catch (error) {
      if (!isSeaError(error, 'CLOCK_SKEW')) this.#blame(line, 'badMessage');
      this.#unreachable(line.address, asSeaError(error));
      line.end();
      return false;
    }
  }

  /** It has no room, and says who may. */
  #referred(line: Line, value: Body['value']): void {
    this.#later(line.address, REDIAL_MS);
    try {
      this.#hearsay(decodeMembers(value), () => this.#referrals.take());
    } catch {
      this.#blame(line, 'badMessage');
    }
    this.hurry();
  }

  #unreachable(address: HashAddress, error: SeaError): void {
    const { log, view, scope } = this.#options;
    if (scope.closed || error.code === 'DUPLICATE_LINK') return;
    log.write('debug', 'a member of a channel is out of reach', { peer: address.toString(), error: error.message });
    this.#later(address, REDIAL_MS);
    if (!this.#partners.has(address.toString())) view.gone(address);
    this.hurry();
  }

  #later(address: HashAddress, delayMs: number): void {
    this.#notBefore.set(address.toString(), this.#options.clock.now() + delayMs);
  }

  // --- Who is who ---

  #verify<Met extends Greeting>(from: HashAddress, greeting: Met, answers: number): Promise<Verified<Met>> {
    const { crypto, channel, self: to, clock } = this.#options;
    return verifyIntroduction(crypto, channel, { from, to, answers, wallMs: clock.wallMs() }, greeting);
  }

  /** Whom to try; `mayTell` takes of what the teller may tell. */
  #hearsay(members: readonly MemberEntry[], mayTell: () => boolean): void {
    const { view } = this.#options;
    for (const { address, ageMs } of members) if (view.has(address) || mayTell()) view.told(address, ageMs);
    this.hurry();
  }

  #isBanned(address: HashAddress, isOverLink: boolean): boolean {
    const { direct, routed } = this.#options.scores;
    return (isOverLink ? direct : routed).banned(address);
  }

  #blame(line: Line, offence: Offence): boolean {
    const { direct, routed } = this.#options.scores;
    return (isDirect(line) ? direct : routed).add(line.address, offence);
  }

  // --- Lines come and go ---

  /**
   * Which of two exchanges between one pair both sides keep. What comes from afar must be newer than all that its opener
   * has said: it may be said again by who carried it. Then: one that came well after the other, since its opener has lost
   * the older; the later of two by the same side; else the one that the smaller address opened.
   */
  #replaces(line: Line, greeting: Greeting): boolean {
    const known = this.get(line.address);
    const saidMs = (known ?? this.#former.get(line.address.toString()))?.wallMs ?? -1;
    if (!line.openedHere && !isDirect(line) && greeting.wallMs <= saidMs) return false;
    const before = known?.line;
    if (before === undefined || before.openedHere === line.openedHere) return true;
    if (this.#options.clock.now() - before.openedMs > MEETING_MS) return true;
    const isSmaller = this.#options.self.toString() < line.address.toString();
    return line.openedHere === isSmaller;
  }

  #establish(line: Line, greeting: Greeting, rttMs: number | undefined): void {
    const { clock, scope, handler, view } = this.#options;
    const key = line.address.toString();
    const known = this.#partners.get(key);
    view.met(line.address, greeting.wallMs);
    if (known?.isOneWith(greeting)) {
      const { line: before } = known;
      known.greeted(line, greeting);
      scope.after(RETIRE_MS, () => before.end());
      return this.learn(known, greeting.members);
    }
    if (known !== undefined) this.#drop(known); // it left without a word, and is back
    const partner = new Partner(clock, line, greeting, rttMs ?? Number.POSITIVE_INFINITY);
    this.#partners.set(key, partner);
    if (rttMs === undefined) partner.ping();
    const awaySinceMs = this.#former.get(key)?.heardMs;
    this.#former.delete(key);
    if (!this.#introduced) scope.after(HURRY_MS, () => this.#introduce());
    this.learn(partner, greeting.members);
    handler.onPartner(partner, awaySinceMs);
  }

  #introduce(): void {
    this.#introduced = true;
    this.#seek();
  }

  #receive(line: Line, body: Body): void {
    const partner = this.get(line.address);
    if (partner === undefined) return;
    try {
      const frame = decodePartnerFrame(body);
      partner.heard(frame);
      this.#options.view.heard(partner.address, 0);
      if (partner.mayReceive(frame)) this.#options.handler.onFrame(partner, frame);
      else this.#options.log.write('debug', 'a partner of a channel says too much', { kind: frame.kind });
    } catch (error) {
      if (!isSeaError(error)) throw error;
      this.#offend(partner, line, 'badMessage');
    }
  }

  #ended(line: Line): void {
    const partner = this.get(line.address);
    if (partner?.line !== line) return;
    this.#remove(partner);
    this.hurry();
  }

  #drop(partner: Partner): void {
    this.#remove(partner);
    partner.line.end();
    this.hurry();
  }

  #remove(partner: Partner): void {
    const key = partner.address.toString();
    if (this.#partners.get(key) !== partner) return;
    this.#partners.delete(key);
    this.#former.set(key, { heardMs: partner.heardMs, wallMs: partner.wallMs });
    if (this.#former.size > MEMBERS_MAX) this.#former.delete(this.#former.keys().next().value as string);
    this.#options.handler.onPartnerGone(partner);
  }
}
