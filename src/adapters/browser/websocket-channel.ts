/**
 * A channel over an open standard WebSocket: a page's own or one of the `ws` package. One binary message is one frame.
 * The error that ends a channel reaches the other end as close code 4000 + its number (RFC 6455 §7.4.2, private use).
 */

import type { Clock } from '../../base/clock.ts';
import { errorCode, errorNumber, SeaError } from '../../base/errors.ts';
import { ChannelInbox } from '../../ports/channel-inbox.ts';
import type { Channel, ChannelHandler } from '../../ports/link-factory.ts';
import { BUFFERED_BYTES_MAX, DRAIN_POLL_MS, LOW_WATER_BYTES } from './limits.ts';

/** What is used of a WebSocket. `binaryType` must be 'arraybuffer'. */
export interface SocketLike {
  binaryType: string;
  readonly bufferedAmount: number;
  /** Sockets that take a second argument call it when the bytes have left; a page's socket ignores it. */
  send(data: Uint8Array<ArrayBuffer>, onSent?: () => void): void;
  close(code?: number): void;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'error', listener: (event: { readonly error?: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number }) => void): void;
}

export interface WebSocketChannelOptions {
  readonly binding: Uint8Array;
  /** Needed for sockets whose send() ignores `onSent`: they are asked while above low water. */
  readonly drainClock?: Clock | undefined;
  /** Asked before each received frame is delivered; the error returned ends the channel. */
  readonly admit?: ((frameBytes: number) => SeaError | undefined) | undefined;
  /** Why the socket failed, from the error of its error event. */
  readonly explain?: ((error: unknown) => SeaError | undefined) | undefined;
}

const NORMAL_CLOSE = 1000;
const CLOSE_TOO_BIG = 1009;
const PRIVATE_CLOSE = 4000;

export class WebSocketChannel implements Channel {
  readonly transport = 'websocket';
  readonly binding: Uint8Array;
  readonly #socket: SocketLike;
  readonly #options: WebSocketChannelOptions;
  readonly #inbox = new ChannelInbox();
  #aboveLowWater = false;

  constructor(socket: SocketLike, options: WebSocketChannelOptions) {
    this.binding = options.binding;
    this.#socket = socket;
    this.#options = options;
    socket.addEventListener('message', ({ data }) => this.#receive(data));
    socket.addEventListener('error', ({ error }) => this.#fail(error));
    socket.addEventListener('close', ({ code }) => this.#end(closeReason(code), false));
  }

  get bufferedBytes(): number {
    return this.#inbox.closed ? 0 : this.#socket.bufferedAmount;
  }

  open(handler: ChannelHandler): void {
    this.#inbox.open(handler);
  }

  /** The frame's bytes must not change any more. A peer that never reads ends the channel with OVERLOADED. */
  send(frame: Uint8Array): void {
    if (this.#inbox.closed) return;
    if (this.bufferedBytes + frame.length > BUFFERED_BYTES_MAX) {
      this.fail(new SeaError('OVERLOADED', `the other end left ${this.bufferedBytes} bytes unread`));
      return;
    }
    this.#socket.send(frame as Uint8Array<ArrayBuffer>, this.#onSent);
    if (this.#aboveLowWater || this.bufferedBytes <= LOW_WATER_BYTES) return;
    this.#aboveLowWater = true;
    this.#pollDrain();
  }

  close(): void {
    this.#end(new SeaError('LINK_CLOSED', 'closed here'), true, NORMAL_CLOSE);
  }

  /** Closes for a reason that the other end is told the code of. */
  fail(reason: SeaError): void {
    this.#end(reason, true, PRIVATE_CLOSE + errorNumber(reason.code));
  }

  #receive(data: unknown): void {
    if (this.#inbox.closed) return;
    const problem = this.#refusal(data) ?? this.#inbox.receive(new Uint8Array(data as ArrayBuffer));
    if (problem !== undefined) this.fail(problem);
  }

  #refusal(data: unknown): SeaError | undefined {
    if (!(data instanceof ArrayBuffer)) return new SeaError('BAD_MESSAGE', 'a text message where frames are binary');
    return this.#options.admit?.(data.byteLength);
  }

  #fail(error: unknown): void {
    const detail = error instanceof Error ? error.message : 'the websocket failed';
    this.#end(this.#options.explain?.(error) ?? new SeaError('LINK_CLOSED', detail, { cause: error }), false);
  }

  #end(reason: SeaError, discard: boolean, closeCode?: number): void {
    if (this.#inbox.closed) return;
    if (closeCode !== undefined) this.#socket.close(closeCode);
    this.#inbox.close(reason, discard);
  }

  readonly #onSent = (): void => {
    if (this.#inbox.closed || !this.#aboveLowWater || this.bufferedBytes > LOW_WATER_BYTES) return;
    this.#aboveLowWater = false;
    this.#inbox.writable();
  };

  #pollDrain(): void {
    this.#options.drainClock?.after(DRAIN_POLL_MS, () => {
      if (this.#inbox.closed) return;
      if (this.bufferedBytes > LOW_WATER_BYTES) this.#pollDrain();
      else this.#onSent();
    });
  }
}

/** What this side knows is that the link is closed; the other end's word on why is text for people. */
function closeReason(closeCode: number): SeaError {
  const why = closeCode === CLOSE_TOO_BIG ? 'TOO_LARGE' : errorCode(closeCode - PRIVATE_CLOSE);
  const detail = why === undefined ? `the websocket closed with code ${closeCode}` : `the other end closed it: ${why}`;
  return new SeaError('LINK_CLOSED', detail);
}
