/** A partner: another member that this node exchanges the channel's messages with, over an exchange that may be replaced. */

import type { HashAddress } from '../address/hash-address.ts';
import type { Clock } from '../base/clock.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import type { Body } from '../rpc/exchange.ts';
import { BYTE_RATE, FRAME_RATE, ID_RATE, MESSAGE_RATE, TOLD_RATE } from './limits.ts';
import { encodePartnerFrame, type Greeting, type PartnerFrame } from './messages.ts';

/** One exchange between two members. */
export interface Line {
  readonly address: HashAddress;
  /** This node opened it. */
  readonly openedHere: boolean;
  readonly openedMs: number;
  /** The neighbour next on the way. */
  by(): HashAddress | undefined;
  send(body: Body): void;
  /** Ends it on both sides. Idempotent. */
  end(): void;
}

/** The line is one link: nobody between could have said what came on it. */
export function isDirect(line: Line): boolean {
  return line.by()?.equals(line.address) === true;
}

export class Partner {
  readonly address: HashAddress;
  /** From the opening to its answer, or of the last sign of life, ms. */
  rttMs: number;
  heardMs: number;
  /** When it joined, ms by the clock here: what is older is not for it. */
  readonly joinedMs: number;
  line!: Line;
  serving!: ReadonlySet<string>;
  load!: number;
  /** Its newest greeting. */
  #greeting!: Greeting;
  #pingedMs: number | undefined;
  readonly #clock: Clock;
  readonly #messages: TokenBucket;
  readonly #bytesIn: TokenBucket;
  readonly #bytesOut: TokenBucket;
  readonly #ids: TokenBucket;
  readonly #frames: TokenBucket;
  readonly #told: TokenBucket;

  constructor(clock: Clock, line: Line, greeting: Greeting, rttMs: number) {
    this.#clock = clock;
    this.address = line.address;
    this.rttMs = rttMs;
    this.heardMs = clock.now();
    this.joinedMs = this.heardMs - Math.max(0, greeting.wallMs - greeting.joinedMs);
    this.greeted(line, greeting);
    this.#messages = new TokenBucket(clock, MESSAGE_RATE);
    this.#bytesIn = new TokenBucket(clock, BYTE_RATE);
    this.#bytesOut = new TokenBucket(clock, BYTE_RATE);
    this.#ids = new TokenBucket(clock, ID_RATE);
    this.#frames = new TokenBucket(clock, FRAME_RATE);
    this.#told = new TokenBucket(clock, TOLD_RATE);
  }

  /** It has greeted, over a line that is now the one. */
  greeted(line: Line, greeting: Greeting): void {
    this.line = line;
    this.#greeting = greeting;
    this.serving = new Set(greeting.serving);
    this.load = greeting.load;
  }

  /** The greeting is of the same stay in the channel. */
  isOneWith(greeting: Greeting): boolean {
    return greeting.joinedMs === this.#greeting.joinedMs;
  }

  /** When it greeted last, by its own clock. */
  get wallMs(): number {
    return this.#greeting.wallMs;
  }

  send(frame: PartnerFrame): void {
    this.line.send(encodePartnerFrame(frame));
  }

  /** It is there; a pong tells how far. */
  heard(frame: PartnerFrame): void {
    this.heardMs = this.#clock.now();
    if (frame.kind !== 'pong' || this.#pingedMs === undefined) return;
    this.rttMs = this.heardMs - this.#pingedMs;
    this.#pingedMs = undefined;
  }

  ping(): void {
    this.#pingedMs = this.#clock.now();
    this.send({ kind: 'ping' });
  }

  /** False when the partner says more than one may. */
  mayReceive(frame: PartnerFrame): boolean {
    if (!this.#frames.take()) return false;
    if (frame.kind === 'publication') return this.#messages.take() && this.#bytesIn.take(frame.publication.body.length);
    if (frame.kind === 'have' || frame.kind === 'graft') return this.#ids.take(frame.ids.length);
    return true;
  }

  /** False when the partner has told of more new members than one may. */
  mayTell(): boolean {
    return this.#told.take();
  }

  /** False when the partner has asked for more bytes than one may: sixteen bytes of a graft ask for a whole message. */
  mayGive(bytes: number): boolean {
    return this.#bytesOut.take(bytes);
  }
}
