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
  BUSY_FRAMES,
  CARRIER_AGE_MS,
  EPOCH_MAX,
  OPENING_MS,
  RETRY_MS_MAX,
  RETRY_MS_MIN,
  UPGRADE_BUSY_MS_MAX,
  UPGRADE_MS_MAX,
} from './limits.ts';
import { type ConTools, privateLink } from './opening.ts';
import { Patience } from './patience.ts';
import type { Route } from './route.ts';
import type { Session } from './session.ts';

/** With these an opening is over: asking again would not help. What somebody in between can spoil is not among them. */
const final: readonly ErrorCode[] = ['NO_HANDLER', 'DECLINED', 'BAD_VERSION'];

const DIRECT_RANK = 2;

export interface DiallerTools extends ConTools {
  /** Asks for a link of its own to the peer; resolves when one stands. Gives up with the signal. */
  direct(peer: HashAddress, signal: AbortSignal): Promise<void>;
}

export class Dialler {
  readonly #tools: DiallerTools;
  readonly #session: Session;
  readonly #beganMs: number;
  /** Ends what is under way. */
  #giveUp = new AbortController();
  #attempts = 0;
  #nextMs = 0;
  /** For a better carrier than the working one, and … */
  readonly #better: Patience;
  /** … for a direct link to have it over. */
  readonly #link: Patience;
  /** For a carrier that does without the direct link. */
  readonly #around: Patience;
  #seeking = false;
  /** The con has lost its way since it had one. */
  #astray = false;
  /** Frames carried, both ways, when a direct link was sought last. */
  #carriedThen = 0;
  #lastError: SeaError | undefined;

  constructor(tools: DiallerTools, session: Session) {
    this.#tools = tools;
    this.#session = session;
    this.#beganMs = tools.clock.now();
    this.#better = new Patience(tools.clock);
    this.#link = new Patience(tools.clock);
    this.#around = new Patience(tools.clock);
  }

  /** Begins, or begins again: the carrier was lost, or a link came that may lead to the remote. */
  now(): void {
    this.#nextMs = 0;
    this.#better.reset();
    this.#consider();
  }

  /** As now(), after the loss of a carrier: the direct link is worth another try at once. */
  lost(): void {
    this.#link.reset();
    this.now();
  }

  /** The way has changed. What was begun while there was none is given up: what begins now has a better chance. */
  routed({ kind }: Route): void {
    const found = this.#astray && kind !== 'none';
    this.#astray = kind === 'none';
    if (!found) return;
    this.#giveUp.abort();
    this.#giveUp = new AbortController();
    this.#attempts = 0;
    this.#seeking = false;
    this.lost();
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
    if (!this.#better.due(this.#waitMsMax)) return false;
    if (session.carrierAgeMs >= CARRIER_AGE_MS) return true;
    return session.rank < DIRECT_RANK && privateLink(this.#tools, session.remote) !== undefined;
  }

  async #attempt(): Promise<void> {
    const { signal } = this.#giveUp;
    this.#attempts++;
    try {
      this.#take(await this.#ask(signal));
    } catch (error) {
      if (!signal.aborted) this.#failed(asSeaError(error));
    } finally {
      if (!signal.aborted) this.#attempts--;
    }
  }

  #ask(signal: AbortSignal): Promise<Offer> {
    const session = this.#session;
    const { secret, received, remote, healthy, rank } = session;
    if (secret === undefined) return askToOpen(this.#tools, remote, signal);
    if (session.epoch >= EPOCH_MAX) throw new SeaError('OVERLOADED', 'the session has used up its carriers');
    const epoch = ++session.epoch;
    const around = !healthy && rank > 0 && this.#around.due(UPGRADE_MS_MAX); // the link is silent, and may be for long
    if (around) this.#around.tried();
    return askToResume(this.#tools, remote, { secret, epoch, received, around }, signal);
  }

  #take(offer: Offer): void {
    const session = this.#session;
    const better = outranks(offer, session.rank) || session.carrierAgeMs >= CARRIER_AGE_MS;
    const stale = session.secret !== undefined && session.secret !== offer.secret;
    if (session.ended || stale || (session.healthy && !better)) {
      if (session.healthy) this.#better.tried();
      return offer.decline();
    }
    this.#around.reset();
    session.agreed(offer.secret, false);
    session.adopt(offer.accept(session), offer.received);
  }

  #failed(error: SeaError): void {
    const session = this.#session;
    if (session.ended) return;
    this.#lastError = error;
    if (session.healthy) this.#better.tried();
    if (error.code === 'CLOSED' && session.secret !== undefined && !this.#tools.scope.closed) {
      if (session.forgotten()) return this.now();
      if (!session.healthy)
        session.end(new SeaError('PEER_GONE', 'the other side has ended the session', { cause: error }));
      return;
    }
    if (session.secret === undefined && final.includes(error.code)) session.end(error);
  }

  /** A better way that will not come is asked for ever more seldom; less so by a con that others have to carry much of. */
  get #waitMsMax(): number {
    const busy = this.#session.rank < 1 && this.#carried - this.#carriedThen >= BUSY_FRAMES;
    return busy ? UPGRADE_BUSY_MS_MAX : UPGRADE_MS_MAX;
  }

  /** Frames of the session so far, both ways. */
  get #carried(): number {
    return this.#session.received + this.#session.outbox.lastSeq;
  }

  #seekDirect(): void {
    const { remote, rank, ended } = this.#session;
    if (ended || this.#seeking || rank >= DIRECT_RANK || !this.#link.due(this.#waitMsMax)) return;
    if (privateLink(this.#tools, remote) !== undefined) return;
    const { signal } = this.#giveUp;
    this.#seeking = true;
    this.#carriedThen = this.#carried;
    const over = (): void => {
      if (signal.aborted) return;
      this.#seeking = false;
      this.#link.tried();
    };
    this.#tools.direct(remote, signal).then(
      () => {
        over();
        this.now();
      },
      over, // another way works, or another attempt will: what one dial died of is of no use to anybody
    );
  }
}
