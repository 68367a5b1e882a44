/** One authenticated connection to a neighbour: typed messages in and out, signs of life, one end. */

import type { HashAddress } from '../address/hash-address.ts';
import type { Clock } from '../base/clock.ts';
import { type ErrorCode, errorCode, errorNumber, isSeaError, SeaError } from '../base/errors.ts';
import type { Transport } from '../ports/link-factory.ts';
import { FRAME_BYTES_MAX } from '../ports/link-factory.ts';
import { decodeLinkFrame, encodeMessage } from '../wire/codec.ts';
import type { LinkMessage, RoutingMessage } from '../wire/messages.ts';
import type { Authenticated, Peer } from './handshake.ts';
import { PING_AFTER_MS, SILENCE_MS_MAX } from './limits.ts';
import { Pump, type TrafficClass } from './pump.ts';

export interface LinkHandler {
  /** A digest of neighbours, or a message of the routing layer. */
  onMessage(link: Link, message: LinkMessage | RoutingMessage, payload: Uint8Array): void;
  /** Once. */
  onClose(link: Link, reason: SeaError): void;
  /** The peer sent bytes that are no message. */
  onOffence(link: Link, error: SeaError): void;
}

export type LinkState =
  | { readonly state: 'open' }
  /** Replaced by a better link to the same peer: carries the paths it has, takes no new ones. */
  | { readonly state: 'retired' }
  | { readonly state: 'closed'; readonly reason: SeaError };

export class Link {
  readonly peer: Peer;
  readonly transport: Transport;
  /** True when this side dialled. */
  readonly dialled: boolean;
  readonly openedMs: number;
  /** 32 bytes, the same at both ends: tells two links between the same peers apart. */
  readonly id: Uint8Array;
  bytesIn = 0;
  bytesOut = 0;
  /** Round trip of the last ping, ms; undefined before the first. */
  rttMs: number | undefined;
  readonly #channel: Authenticated['channel'];
  readonly #pump: Pump;
  readonly #clock: Clock;
  readonly #handler: LinkHandler;
  #state: LinkState = { state: 'open' };
  #heardMs: number;
  #ping: { readonly count: number; readonly sentMs: number } | undefined;
  #pingCount = 0;

  constructor(clock: Clock, authenticated: Authenticated, dialled: boolean, handler: LinkHandler) {
    this.peer = authenticated.peer;
    this.id = authenticated.id;
    this.transport = authenticated.channel.transport;
    this.dialled = dialled;
    this.openedMs = clock.now();
    this.#heardMs = this.openedMs;
    this.#clock = clock;
    this.#channel = authenticated.channel;
    this.#pump = new Pump(authenticated.channel);
    this.#handler = handler;
  }

  get address(): HashAddress {
    return this.peer.address;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Stands on its own: neither a server nor another tab is needed for it to go on. Only such links count as budget. */
  get direct(): boolean {
    return this.transport === 'webrtc' || this.transport === 'memory';
  }

  get open(): boolean {
    return this.#state.state === 'open';
  }

  /** Bytes accepted and not yet with the network. */
  get backlogBytes(): number {
    return this.#pump.waitingBytes + this.#channel.bufferedBytes;
  }

  /** Begins to receive. Call once, when the owner is ready for events. */
  start(authenticated: Authenticated): void {
    authenticated.attach({
      onFrame: frame => this.#receive(frame),
      onWritable: () => this.#pump.drain(),
      onClose: reason => this.#end(reason),
    });
    this.ping();
  }

  /** Sends one message. False when the queue of its class is full or the link is closed. */
  send(trafficClass: TrafficClass, message: LinkMessage | RoutingMessage, payload?: Uint8Array): boolean {
    if (this.#state.state === 'closed') return false;
    const frame = encodeMessage(message, payload);
    if (frame.length > FRAME_BYTES_MAX)
      throw new SeaError('TOO_LARGE', `a ${message.kind} message of ${frame.length} bytes does not fit a frame`);
    if (!this.#pump.send(trafficClass, frame)) return false;
    this.bytesOut += frame.length;
    return true;
  }

  /** Asks for a sign of life and measures the round trip. */
  ping(): void {
    this.#ping = { count: this.#pingCount++, sentMs: this.#clock.now() };
    this.send('control', { kind: 'ping', count: this.#ping.count });
  }

  /** Once a beat: pings a silent peer, closes the link of a dead one. */
  beat(): void {
    const silentMs = this.#clock.now() - this.#heardMs;
    if (silentMs > SILENCE_MS_MAX) this.close('TIMEOUT', 'the peer was silent too long');
    else if (silentMs > PING_AFTER_MS) this.ping();
  }

  retire(): void {
    if (this.#state.state === 'open') this.#state = { state: 'retired' };
  }

  /** Tells the peer why and closes. Idempotent. */
  close(code: ErrorCode, detail: string): void {
    if (this.#state.state === 'closed') return;
    this.send('control', { kind: 'bye', code: errorNumber(code) });
    this.#end(new SeaError(code, detail, { peer: this.address.toString() }));
  }

  #end(reason: SeaError): void {
    if (this.#state.state === 'closed') return;
    this.#state = { state: 'closed', reason };
    this.#pump.discard();
    this.#channel.close();
    this.#handler.onClose(this, reason);
  }

  #receive(frame: Uint8Array): void {
    if (this.#state.state === 'closed') return;
    this.bytesIn += frame.length;
    this.#heardMs = this.#clock.now();
    try {
      const { message, payload } = decodeLinkFrame(frame);
      this.#dispatch(message, payload);
    } catch (error) {
      if (!isSeaError(error)) throw error;
      this.#handler.onOffence(this, error);
    }
  }

  #dispatch(message: LinkMessage | RoutingMessage, payload: Uint8Array): void {
    switch (message.kind) {
      case 'ping':
        this.send('control', { kind: 'pong', count: message.count });
        return;
      case 'pong':
        if (this.#ping?.count === message.count) this.rttMs = this.#clock.now() - this.#ping.sentMs;
        return;
      case 'bye':
        this.#end(
          new SeaError(errorCode(message.code) ?? 'LINK_CLOSED', 'the peer closed the link', {
            peer: this.address.toString(),
          }),
        );
        return;
      case 'hello':
      case 'proof':
        throw new SeaError('BAD_MESSAGE', `a ${message.kind} after the handshake`);
      default:
        this.#handler.onMessage(this, message, payload);
    }
  }
}
