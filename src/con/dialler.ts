/**
 * The side that called `connect`: gets the session its first carrier and every later one. It goes through the sea at
 * once and asks for a direct link at the same time; what works first is used, what is better replaces it, and nothing
 * that failed ever harms the carrier that works.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { asSeaError, type ErrorCode, SeaError } from '../base/errors.ts';
import { below } from '../base/random.ts';
import { askToOpen, askToResume, type Offer, outranks } from './attach.ts';
import {
  ATTEMPTS_MAX,
  CARRIER_AGE_MS,
  EPOCH_MAX,
  OPENING_MS,
  RETRY_MS_MAX,
  RETRY_MS_MIN,
  UPGRADE_MS_MAX,
  UPGRADE_MS_MIN,
} from './limits.ts';
import { type ConTools, privateLink } from './opening.ts';
import type { Session } from './session.ts';

/** With these an opening is over: asking again would not help. What somebody in between can spoil is not among them. */
const final: readonly ErrorCode[] = ['NO_HANDLER', 'DECLINED', 'BAD_VERSION'];

const DIRECT_RANK = 2;

export interface DiallerTools extends ConTools {
  /** Asks for a link of its own to the peer; resolves when one stands. */
  direct(peer: HashAddress): Promise<void>;
}

export class Dialler {
  readonly #tools: DiallerTools;
  readonly #session: Session;
  readonly #beganMs: number;
  readonly #giveUp = new AbortController();
  #attempts = 0;
  #nextMs = 0;
  /** When a better carrier than the working one is asked for again. */
  #betterMs = 0;
  #seeking = false;
  #seekAtMs = 0;
  #seekWaitMs = UPGRADE_MS_MIN;
  #lastError: SeaError | undefined;

  constructor(tools: DiallerTools, session: Session) {
    this.#tools = tools;
    this.#session = session;
    this.#beganMs = tools.clock.now();
  }

  /** Begins, or begins again: the carrier was lost, or a link to the remote came. */
  now(): void {
    this.#nextMs = 0;
    this.#betterMs = 0;
    this.#consider();
  }

  /** As now(), after the loss of a carrier: the direct link is worth another try at once. */
  lost(): void {
    this.#seekWaitMs = UPGRADE_MS_MIN;
    this.#seekAtMs = 0;
    this.now();
  }

  /** Once a second. */
  beat(): void {
    const nowMs = this.#tools.clock.now();
    if (!this.#session.open && nowMs - this.#beganMs >= OPENING_MS) {
      const reason = this.#lastError ?? new SeaError('TIMEOUT', 'nobody agreed to the con in time');
      return this.#session.end(reason, true);
    }
    this.#consider();
  }

  /** Ends every attempt. */
  stop(): void {
    this.#giveUp.abort(new SeaError('CLOSED', 'the con is over'));
  }

  #consider(): void {
    const session = this.#session;
    if (session.ended) return;
    this.#seekDirect();
    const nowMs = this.#tools.clock.now();
    const atOnce = session.open && !session.healthy ? ATTEMPTS_MAX : 1;
    if (nowMs < this.#nextMs || this.#attempts >= atOnce || !this.#wanting()) return;
    this.#nextMs = nowMs + RETRY_MS_MIN + below(this.#tools.random, RETRY_MS_MAX - RETRY_MS_MIN);
    void this.#attempt();
  }

  /** A carrier is missing, suspect or old, or a link stands that would be a better one. */
  #wanting(): boolean {
    const session = this.#session;
    if (!session.healthy) return true;
    if (this.#tools.clock.now() < this.#betterMs) return false;
    if (session.carrierAgeMs >= CARRIER_AGE_MS) return true;
    return session.rank < DIRECT_RANK && privateLink(this.#tools, session.remote) !== undefined;
  }

  async #attempt(): Promise<void> {
    this.#attempts++;
    try {
      this.#take(await this.#ask());
    } catch (error) {
      this.#failed(asSeaError(error));
    } finally {
      this.#attempts--;
    }
  }

  #ask(): Promise<Offer> {
    const session = this.#session;
    const { secret, received, remote } = session;
    const { signal } = this.#giveUp;
    if (secret === undefined) return askToOpen(this.#tools, remote, signal);
    if (session.epoch >= EPOCH_MAX) throw new SeaError('OVERLOADED', 'the session has used up its carriers');
    session.epoch++;
    return askToResume(this.#tools, remote, { secret, epoch: session.epoch, received }, signal);
  }

  #take(offer: Offer): void {
    const session = this.#session;
    const better = outranks(offer, session.rank) || session.carrierAgeMs >= CARRIER_AGE_MS;
    const stale = session.secret !== undefined && session.secret !== offer.secret;
    if (session.ended || stale || (session.healthy && !better)) {
      this.#waitLonger();
      return offer.decline();
    }
    session.agreed(offer.secret, false);
    session.adopt(offer.accept(session), offer.received);
  }

  #failed(error: SeaError): void {
    const session = this.#session;
    if (session.ended) return;
    this.#lastError = error;
    this.#waitLonger();
    if (error.code === 'CLOSED' && session.secret !== undefined && !this.#tools.scope.closed) {
      if (session.forgotten()) return this.now();
      if (!session.healthy)
        session.end(new SeaError('PEER_GONE', 'the other side has ended the session', { cause: error }));
      return;
    }
    if (session.secret === undefined && final.includes(error.code)) session.end(error);
  }

  /** While a carrier works, a better one that will not come is asked for ever more seldom. */
  #waitLonger(): void {
    if (!this.#session.healthy) return;
    this.#betterMs = this.#tools.clock.now() + this.#seekWaitMs;
    this.#seekWaitMs = Math.min(2 * this.#seekWaitMs, UPGRADE_MS_MAX);
  }

  #seekDirect(): void {
    const { clock, direct } = this.#tools;
    const { remote, rank, ended } = this.#session;
    if (ended || this.#seeking || rank >= DIRECT_RANK || clock.now() < this.#seekAtMs) return;
    if (privateLink(this.#tools, remote) !== undefined) return;
    this.#seeking = true;
    direct(remote).then(
      () => {
        this.#seeking = false;
        this.#seekWaitMs = UPGRADE_MS_MIN;
        this.now();
      },
      () => {
        // Another way works, or another attempt will: what one direct dial died of is of no use to anybody.
        this.#seeking = false;
        this.#seekAtMs = clock.now() + this.#seekWaitMs;
        this.#seekWaitMs = Math.min(2 * this.#seekWaitMs, UPGRADE_MS_MAX);
      },
    );
  }
}
