/**
 * Keeps enough partners: opens exchanges to members it knows of, answers those of others, settles two between one pair
 * alike on both sides, drops the silent. What is said on them is the business of the channel.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Cancel, Clock } from '../base/clock.ts';
import { deferred } from '../base/deferred.ts';
import { asSeaError, isSeaError, SeaError } from '../base/errors.ts';
import { type Random, shuffle } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import type { LinkScores, Offence } from '../link/link-score.ts';
import type { Log } from '../ports/log.ts';
import type { Body, Caller, Incoming } from '../rpc/exchange.ts';
import {
  DIAL_TIMEOUT_MS,
  DIALS_AT_ONCE,
  HURRY_MS,
  LINK_AGE_MS,
  LINK_TIMEOUT_MS,
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
} from './limits.ts';
import type { MemberView } from './member-view.ts';
import type { PartnerFrame } from './messages.ts';
import {
  decodeMembers,
  decodePartnerFrame,
  encodeMembers,
  encodeOpening,
  encodePartnerFrame,
  type Greeting,
  type Opening,
  scopes,
} from './messages.ts';
import { type Line, Partner } from './partner.ts';

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
  readonly scores: LinkScores;
  readonly handler: PartnersHandler;
  /** This node has a place in the sea. */
  online(): boolean;
  /** This node has a link to the other. */
  linked(address: HashAddress): boolean;
  /** What to say first to that member. */
  greeting(to: HashAddress): Greeting;
}

export class Partners {
  readonly #options: PartnersOptions;
  readonly #partners = new Map<string, Partner>();
  /** Openings under way, and how each is given up. */
  readonly #dialling = new Map<string, () => void>();
  /** Members not to be tried before that time. */
  readonly #notBefore = new Map<string, number>();
  /** Partners of before, and when they were last heard. */
  readonly #former = new Map<string, number>();
  #cancelHurry: Cancel | undefined;
  /** The first partners have told of others: time for the rest. */
  #introduced = false;

  constructor(options: PartnersOptions) {
    this.#options = options;
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
    if (!this.#options.scores.add(partner.address, offence)) return;
    this.#options.log.write('info', 'a partner of a channel misbehaved', { peer: partner.address.toString() });
    this.#later(partner.address, 6 * REDIAL_MS);
    this.#drop(partner);
  }

  dropAll(): void {
    for (const partner of [...this.#partners.values()]) this.#drop(partner);
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
  async accept(incoming: Incoming, { members, serving, load }: Opening): Promise<Body> {
    const { view, clock, scores, scope, greeting } = this.#options;
    const { caller: address } = incoming;
    if (scores.banned(address)) throw new SeaError('DECLINED', 'this member misbehaved');
    view.heard(address, 0);
    for (const member of members) view.heard(member.address, member.ageMs);
    if (this.get(address) === undefined && this.#partners.size >= PARTNERS_MAX)
      return { value: encodeMembers(view.sample(address)) };
    const over = deferred<Body>();
    const line: Line = {
      address,
      openedHere: false,
      openedMs: clock.now(),
      by: () => incoming.by,
      send: body => incoming.send(body),
      end: () => over.resolve({ value: null }),
    };
    if (scope.closed || !this.#replaces(line)) throw new SeaError('DUPLICATE_LINK', 'the other exchange is kept');
    line.send(encodePartnerFrame({ kind: 'welcome', ...greeting(address) }));
    this.#establish(line, { members, serving, load }, undefined);
    incoming.onItem(body => this.#receive(line, body));
    incoming.signal.addEventListener('abort', line.end);
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
    const { view, random, linked, scores } = this.#options;
    const free = shuffle(random, view.addresses()).filter(address => {
      const key = address.toString();
      const isTaken = this.#partners.has(key) || this.#dialling.has(key) || this.#notBefore.has(key);
      return !isTaken && !scores.banned(address);
    });
    const near = free.filter(linked);
    const far = free.filter(address => !linked(address));
    const nearHeld = [...this.#partners.values()].filter(({ address }) => linked(address)).length;
    const nearFirst = Math.max(0, PARTNERS_LINKED - nearHeld);
    return [...near.slice(0, nearFirst), ...far, ...near.slice(nearFirst)].slice(0, count);
  }

  #dial(address: HashAddress): void {
    const { caller, channel, clock, scope, greeting } = this.#options;
    const key = address.toString();
    if (this.#dialling.has(key)) return;
    const beganMs = clock.now();
    let isUp = false;
    const answered = (): void => {
      this.#dialling.delete(key);
      cancelTimeout();
    };
    const opening = { channel, ...greeting(address) };
    const exchange = caller.open(
      address,
      scopes.link,
      { value: encodeOpening(opening) },
      {
        timeoutMs: LINK_TIMEOUT_MS,
        onItem: body => {
          if (isUp) return this.#receive(line, body);
          isUp = true;
          answered();
          this.#welcomed(line, body, clock.now() - beganMs);
        },
      },
    );
    const line: Line = {
      address,
      openedHere: true,
      openedMs: beganMs,
      by: () => exchange.by,
      send: body => exchange.send(body),
      end: () => exchange.cancel(),
    };
    this.#dialling.set(key, line.end);
    const cancelTimeout = scope.after(DIAL_TIMEOUT_MS, () => exchange.cancel());
    exchange.result
      .then(
        ({ value }) => (isUp ? undefined : this.#referred(address, value)),
        error => (isUp ? undefined : this.#unreachable(address, asSeaError(error))),
      )
      .finally(() => {
        answered();
        this.#ended(line);
      });
  }

  #welcomed(line: Line, body: Body, rttMs: number): void {
    const { view } = this.#options;
    try {
      const frame = decodePartnerFrame(body);
      if (frame.kind !== 'welcome') throw new SeaError('BAD_MESSAGE', 'a partner that does not greet');
      view.heard(line.address, 0);
      for (const member of frame.members) view.heard(member.address, member.ageMs);
      if (this.#replaces(line)) this.#establish(line, frame, rttMs);
      else line.end();
    } catch (error) {
      this.#options.scores.add(line.address, 'badMessage');
      this.#unreachable(line.address, asSeaError(error));
      line.end();
    }
  }

  /** It has no room, and says who may. */
  #referred(address: HashAddress, value: Body['value']): void {
    const { view, scores } = this.#options;
    this.#later(address, REDIAL_MS);
    try {
      for (const member of decodeMembers(value)) view.heard(member.address, member.ageMs);
    } catch {
      scores.add(address, 'badMessage');
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

  // --- Lines come and go ---

  /**
   * Which of two exchanges between one pair both sides keep: one that came well after the other, since its opener has lost
   * the older; the later of two by the same side; else the one that the smaller address opened.
   */
  #replaces(line: Line): boolean {
    const before = this.get(line.address)?.line;
    if (before === undefined || before.openedHere === line.openedHere) return true;
    if (this.#options.clock.now() - before.openedMs > MEETING_MS) return true;
    const isSmaller = this.#options.self.toString() < line.address.toString();
    return line.openedHere === isSmaller;
  }

  #establish(line: Line, greeting: Greeting, rttMs: number | undefined): void {
    const { clock, scope, handler } = this.#options;
    const key = line.address.toString();
    const known = this.#partners.get(key);
    if (known !== undefined) {
      const { line: before } = known;
      known.line = line;
      known.serving = new Set(greeting.serving);
      known.load = greeting.load;
      scope.after(RETIRE_MS, () => before.end());
      return;
    }
    const partner = new Partner(clock, line, greeting, rttMs ?? Number.POSITIVE_INFINITY);
    this.#partners.set(key, partner);
    if (rttMs === undefined) partner.ping();
    const awaySinceMs = this.#former.get(key);
    this.#former.delete(key);
    if (!this.#introduced) scope.after(HURRY_MS, () => this.#introduce());
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
      this.offend(partner, 'badMessage');
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
    this.#former.set(key, partner.heardMs);
    if (this.#former.size > MEMBERS_MAX) this.#former.delete(this.#former.keys().next().value as string);
    this.#options.handler.onPartnerGone(partner);
  }
}
