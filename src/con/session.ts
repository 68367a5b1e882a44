/**
 * What two ends of a con share over all carriers: numbered frames, acknowledged and sent again, each handed on once and
 * in order; signs of life; one end. It uses the carrier it was given last; how one is had is the business of
 * `dialler.ts` (the side that called `connect`) and `answer.ts`.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Cancel, Clock } from '../base/clock.ts';
import { asSeaError, errorCode, errorNumber, isSeaError, SeaError } from '../base/errors.ts';
import type { Scope } from '../base/scope.ts';
import type { SealingPair } from '../ports/crypto.ts';
import type { Carrier, CarrierHandler } from './carrier.ts';
import { ACK_BYTES, ACK_DELAY_MS, ATTEMPTS_MAX, LOST_MS, MESSAGE_BYTES_MAX } from './limits.ts';
import { decodeSessionFrame, encodeLoose, type LooseFrame, type ReliableFrame } from './messages.ts';
import { Outbox } from './outbox.ts';
import { Pulse } from './pulse.ts';
import { type Route, rankOf } from './route.ts';

/** What the opening agreed on. */
export interface Secret {
  /** 16 bytes. */
  readonly sessionId: Uint8Array;
  /** Undefined where one side's platform has no X25519: then only a link between the two can carry the session. */
  readonly keys: SealingPair | undefined;
}

export interface SessionHandler {
  /** The other side is there. Once, before any frame. */
  onOpen(): void;
  /** Each once, in order, with its length on the wire. Throws BAD_MESSAGE for what has no place. */
  onFrame(frame: ReliableFrame, bytes: number): void;
  onRoute(route: Route): void;
  /** The carrier in use is over; the side that dials seeks another. */
  onLost(): void;
  /** Once. Undefined: one of the two applications wanted it. */
  onEnd(reason: SeaError | undefined): void;
  /** The other side sent what is no frame. */
  onOffence(): void;
}

export interface SessionTools {
  readonly clock: Clock;
  readonly scope: Scope;
}

type State =
  /** No opening has been agreed on. */
  | { readonly state: 'opening' }
  /** This side knows the secret and has not yet heard the other one use it. */
  | { readonly state: 'agreed'; readonly secret: Secret }
  | { readonly state: 'open'; readonly secret: Secret }
  | { readonly state: 'ended' };

export class Session implements CarrierHandler {
  readonly remote: HashAddress;
  /** Numbers carriers: the last one asked for (opener) or answered (acceptor). */
  epoch = 0;
  readonly outbox: Outbox = new Outbox();
  readonly #tools: SessionTools;
  readonly #handler: SessionHandler;
  #state: State = { state: 'opening' };
  #carrier: Carrier | undefined;
  /** The one before it, let go once the other side speaks on the newer one: until then that side sees no other. */
  #before: Carrier | undefined;
  /** Carriers that were answered and on which the opener has not spoken yet, with what it has received. */
  readonly #candidates = new Map<Carrier, number>();
  #adoptedMs = 0;
  #pulse: Pulse;
  /** Number of the last frame given to the carrier in use. */
  #sentSeq = 0;
  #noneSinceMs: number;
  #suspect = false;
  /** Number of the last frame that arrived in order. */
  #received = 0;
  #owedBytes = 0;
  #cancelAck: Cancel | undefined;

  constructor(tools: SessionTools, remote: HashAddress, handler: SessionHandler) {
    this.#tools = tools;
    this.remote = remote;
    this.#handler = handler;
    this.#noneSinceMs = tools.clock.now();
    this.#pulse = new Pulse(tools.clock);
  }

  get secret(): Secret | undefined {
    return this.#state.state === 'agreed' || this.#state.state === 'open' ? this.#state.secret : undefined;
  }

  get open(): boolean {
    return this.#state.state === 'open';
  }

  get ended(): boolean {
    return this.#state.state === 'ended';
  }

  get received(): number {
    return this.#received;
  }

  /** A carrier stands and answers. */
  get healthy(): boolean {
    return this.#carrier !== undefined && !this.#suspect;
  }

  /** Of the carrier in use; -1 without one. */
  get rank(): number {
    return this.#carrier === undefined ? -1 : rankOf(this.#carrier.standing);
  }

  /** Age of the carrier in use, ms. */
  get carrierAgeMs(): number {
    return this.#carrier === undefined ? 0 : this.#tools.clock.now() - this.#adoptedMs;
  }

  get route(): Route {
    return this.healthy ? this.#carrier!.standing : { kind: 'none', since: this.#noneSinceMs };
  }

  // --- Carriers ---

  /** The opening is agreed on. The acceptor has heard the opener confirm it, so for it the session is open. */
  agreed(secret: Secret, confirmed: boolean): void {
    if (this.#state.state !== 'opening') return;
    this.#state = { state: 'agreed', secret };
    if (confirmed) this.#begin();
  }

  /** The other side does not know the session before it was open: opens anew. False when it was open. */
  forgotten(): boolean {
    if (this.#state.state !== 'agreed') return false;
    this.#state = { state: 'opening' };
    this.epoch = 0;
    return true;
  }

  /** Uses this carrier from now on; the other side has received everything up to `received`. */
  adopt(carrier: Carrier, received: number): void {
    if (this.ended) return carrier.cancel();
    try {
      this.outbox.acknowledged(received);
    } catch (error) {
      carrier.cancel();
      this.#handler.onOffence();
      return this.end(asSeaError(error, 'BAD_MESSAGE'), true);
    }
    this.#before?.cancel();
    this.#before = this.#carrier;
    this.#carrier = carrier;
    this.#adoptedMs = this.#tools.clock.now();
    this.#pulse = new Pulse(this.#tools.clock);
    this.#sentSeq = 0;
    this.#suspect = false;
    this.#ask();
    if (this.open) this.#sendAgain();
    this.#handler.onRoute(this.route);
  }

  /** Adopts the carrier once the other side speaks on it: until then it may be one that nobody uses. */
  offer(carrier: Carrier, received: number): void {
    if (this.ended) return carrier.cancel();
    this.#candidates.set(carrier, received);
    const [oldest] = this.#candidates.keys();
    if (this.#candidates.size <= ATTEMPTS_MAX || oldest === undefined) return;
    this.#candidates.delete(oldest);
    oldest.cancel();
  }

  // --- CarrierHandler ---

  onFrame(carrier: Carrier, bytes: Uint8Array): void {
    if (this.ended) return;
    try {
      const received = this.#candidates.get(carrier);
      if (received !== undefined) {
        this.#candidates.delete(carrier);
        this.adopt(carrier, received);
      }
      if (carrier === this.#carrier) this.#receive(carrier, bytes);
    } catch (error) {
      if (!isSeaError(error)) throw error;
      this.#handler.onOffence();
      this.end(asSeaError(error, 'BAD_MESSAGE'), true);
    }
  }

  onEnd(carrier: Carrier): void {
    this.#candidates.delete(carrier);
    if (carrier !== this.#carrier || this.ended) return;
    const known = this.#suspect;
    this.#carrier = undefined;
    this.#suspect = false;
    if (!known) this.#missing();
    this.#handler.onLost();
  }

  // --- Frames ---

  /** Sends a frame that arrives once and in order; kept until it has. */
  transmit(frame: ReliableFrame): void {
    if (this.ended) return;
    const bytes = this.outbox.add(frame);
    if (!this.open || this.#carrier === undefined) return;
    this.#carrier.send(bytes);
    this.#sentSeq = this.outbox.lastSeq;
  }

  /** Once a second: asks for signs of life, gives up on what was silent too long. */
  beat(): void {
    if (this.ended) return;
    if (!this.healthy && this.open && this.#tools.clock.now() - this.#noneSinceMs >= LOST_MS)
      return this.end(new SeaError('PEER_GONE', 'the other side was out of reach too long', this.#peer()));
    if (this.#carrier === undefined) return;
    if (this.#pulse.askNow(this.outbox.bytes > 0)) this.#ask();
    if (!this.#suspect && this.#pulse.suspect) {
      this.#suspect = true;
      this.#missing();
    }
  }

  /** The application has had enough: tells the other side. */
  leave(): void {
    this.end(undefined, true);
  }

  /** Ends the con; with `say` the other side hears why. */
  end(reason: SeaError | undefined, say = false): void {
    if (this.ended) return;
    const carrier = this.#carrier;
    this.#state = { state: 'ended' };
    this.#carrier = undefined;
    this.#cancelAck?.();
    this.#before?.cancel();
    for (const candidate of this.#candidates.keys()) candidate.cancel();
    this.#candidates.clear();
    if (say) carrier?.send(encodeLoose({ kind: 'bye', code: reason === undefined ? 0 : errorNumber(reason.code) }));
    carrier?.finish();
    this.outbox.close(reason ?? new SeaError('CLOSED', 'the con was disconnected', this.#peer()));
    this.#handler.onEnd(reason);
  }

  #receive(carrier: Carrier, bytes: Uint8Array): void {
    if (bytes.length > MESSAGE_BYTES_MAX) throw new SeaError('BAD_MESSAGE', `a con frame of ${bytes.length} bytes`);
    const received = decodeSessionFrame(bytes);
    this.#heard();
    if (!('seq' in received)) return this.#takeLoose(carrier, received.frame);
    if (received.seq > this.#received + 1) return this.#faulty(carrier);
    this.#owe(bytes.length);
    if (received.seq <= this.#received) return; // sent again; it was here before
    this.#received = received.seq;
    this.#handler.onFrame(received.frame, bytes.length);
  }

  /** Carriers keep order: what went before the ping and is not here by now is lost. */
  #answered(carrier: Carrier, seq: number): void {
    this.outbox.acknowledged(seq);
    if (!this.#pulse.answered(seq)) this.#faulty(carrier);
  }

  /** The carrier has lost a frame: another will bring it again. */
  #faulty(carrier: Carrier): void {
    carrier.cancel();
    this.onEnd(carrier);
  }

  #takeLoose(carrier: Carrier, frame: LooseFrame): void {
    switch (frame.kind) {
      case 'ack':
        return this.outbox.acknowledged(frame.seq);
      case 'ping':
        return carrier.send(encodeLoose({ kind: 'pong', seq: this.#received }));
      case 'pong':
        return this.#answered(carrier, frame.seq);
      case 'bye':
        return this.end(this.#farewell(frame.code));
    }
  }

  #farewell(code: number): SeaError | undefined {
    if (code === 0) return undefined;
    return new SeaError(errorCode(code) ?? 'PEER_GONE', 'the other side ended the con', this.#peer());
  }

  /** A frame came: whoever was missing is there. */
  #heard(): void {
    this.#pulse.heard();
    this.#before?.cancel();
    this.#before = undefined;
    if (this.#suspect) {
      this.#suspect = false;
      this.#handler.onRoute(this.route);
    }
    if (this.#state.state === 'agreed') this.#begin();
  }

  #begin(): void {
    if (this.#state.state !== 'agreed') return;
    this.#state = { state: 'open', secret: this.#state.secret };
    this.#handler.onOpen();
    this.#sendAgain();
  }

  #sendAgain(): void {
    if (this.#carrier === undefined) return;
    for (const bytes of [...this.outbox.unacknowledged()]) this.#carrier.send(bytes);
    this.#sentSeq = this.outbox.lastSeq;
  }

  #ask(): void {
    if (this.#pulse.ask(this.#sentSeq)) this.#carrier?.send(encodeLoose({ kind: 'ping' }));
  }

  #missing(): void {
    this.#noneSinceMs = this.#tools.clock.now();
    this.#handler.onRoute(this.route);
  }

  #owe(bytes: number): void {
    this.#owedBytes += bytes;
    if (this.#owedBytes >= ACK_BYTES) this.#acknowledge();
    else this.#cancelAck ??= this.#tools.scope.after(ACK_DELAY_MS, () => this.#acknowledge());
  }

  /** What no carrier takes now, the next one says when it is asked for. */
  #acknowledge(): void {
    this.#cancelAck?.();
    this.#cancelAck = undefined;
    this.#owedBytes = 0;
    this.#carrier?.send(encodeLoose({ kind: 'ack', seq: this.#received }));
  }

  #peer(): { readonly peer: string } {
    return { peer: this.remote.toString() };
  }
}
