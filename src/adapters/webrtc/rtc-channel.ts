/**
 * The pump on one RTCDataChannel: frames in, frames out, backpressure by the stack's own events. It takes over every
 * handler of the data channel and is told of the connection's end; the connection itself belongs to the negotiation.
 *
 * An end is said before it is made: an empty message, after which its sender sends nothing, and whoever gets it closes the
 * connection. A connection that is closed under an end that sends can take that end's process with it: @roamhq/wrtc 0.10
 * clears its channel on another thread than the one that sends.
 */

import { SeaError } from '../../base/errors.ts';
import { ChannelInbox } from '../../ports/channel-inbox.ts';
import type { Channel, ChannelHandler } from '../../ports/link-factory.ts';
import { DRAIN_POLL_MS, LINGER_MS, LOW_WATER_BYTES, QUEUED_BYTES_MAX } from './limits.ts';

export class RtcChannel implements Channel {
  readonly transport = 'webrtc' as const;
  readonly #raw: RTCDataChannel;
  readonly #release: () => void;
  readonly #inbox = new ChannelInbox();
  readonly #hasLowEvent: boolean;
  #binding: Uint8Array = new Uint8Array();
  #poll: ReturnType<typeof setTimeout> | undefined;

  /** `release` lets go of the connection below; called once, when nothing more is to be sent. */
  constructor(raw: RTCDataChannel, release: () => void) {
    this.#raw = raw;
    this.#release = release;
    raw.binaryType = 'arraybuffer';
    this.#hasLowEvent = typeof raw.bufferedAmountLowThreshold === 'number';
    if (this.#hasLowEvent) raw.bufferedAmountLowThreshold = LOW_WATER_BYTES;
    raw.onmessage = event => this.#receive(event.data);
    raw.onbufferedamountlow = () => this.#inbox.writable();
    raw.onclose = () => this.lost(new SeaError('LINK_CLOSED', 'the other end closed the channel'));
    raw.onerror = event => this.lost(new SeaError('LINK_CLOSED', errorText(event)));
  }

  get binding(): Uint8Array {
    return this.#binding;
  }

  get bufferedBytes(): number {
    return this.#inbox.closed ? 0 : this.#raw.bufferedAmount;
  }

  /** The data channel is open between the ends that `binding` names. */
  establish(binding: Uint8Array): void {
    this.#binding = binding;
  }

  open(handler: ChannelHandler): void {
    this.#inbox.open(handler);
  }

  send(frame: Uint8Array): void {
    const raw = this.#raw;
    if (this.#inbox.closed || raw.readyState !== 'open') return;
    if (raw.bufferedAmount + frame.length > QUEUED_BYTES_MAX) {
      this.#part(new SeaError('LINK_CLOSED', `more than ${QUEUED_BYTES_MAX} bytes queued`));
      return;
    }
    try {
      raw.send(frame as Uint8Array<ArrayBuffer>);
    } catch (cause) {
      this.lost(new SeaError('LINK_CLOSED', 'the data channel took no more', { cause }));
      return;
    }
    if (!this.#hasLowEvent) this.#watchQueue();
  }

  close(): void {
    this.#part(new SeaError('LINK_CLOSED', 'this end closed the channel'), true);
  }

  /** The connection below has ended. Idempotent. */
  lost(reason: SeaError): void {
    if (this.#inbox.closed) return;
    this.#silence();
    this.#release();
    this.#inbox.close(reason);
  }

  /** The last message, behind whatever is queued. False where it can't be said. */
  sayEnd(): boolean {
    try {
      if (this.#raw.readyState !== 'open') return false;
      this.#raw.send(new Uint8Array(0));
      return true;
    } catch {
      return false;
    }
  }

  /** This end is done with the channel: says so, and lets go of the connection when the other end has, or after a while. */
  #part(reason: SeaError, discard: boolean = false): void {
    if (this.#inbox.closed) return;
    const raw = this.#raw;
    this.#silence();
    if (this.sayEnd()) {
      const letGo = (): void => {
        clearTimeout(cut);
        raw.onclose = raw.onmessage = null;
        this.#release();
      };
      const cut = setTimeout(letGo, LINGER_MS);
      raw.onclose = letGo;
      raw.onmessage = ({ data }) => {
        if (isEnd(data)) letGo();
      };
    } else {
      this.#release();
    }
    this.#inbox.close(reason, discard);
  }

  #receive(data: unknown): void {
    if (isEnd(data)) return this.lost(new SeaError('LINK_CLOSED', 'the other end closed the channel'));
    const unfit =
      typeof data === 'string'
        ? new SeaError('BAD_MESSAGE', 'text where a frame belongs')
        : this.#inbox.receive(new Uint8Array(data as ArrayBuffer));
    if (unfit !== undefined) this.#part(unfit);
  }

  /** For stacks without a bufferedamountlow event: one timer while the queue is long. */
  #watchQueue(): void {
    if (this.#poll !== undefined || this.#raw.bufferedAmount <= LOW_WATER_BYTES) return;
    this.#poll = setTimeout(() => {
      this.#poll = undefined;
      if (this.#inbox.closed) return;
      if (this.#raw.bufferedAmount <= LOW_WATER_BYTES) this.#inbox.writable();
      else this.#watchQueue();
    }, DRAIN_POLL_MS);
  }

  #silence(): void {
    const raw = this.#raw;
    raw.onopen = raw.onmessage = raw.onbufferedamountlow = raw.onclose = raw.onerror = null;
    clearTimeout(this.#poll);
  }
}

function isEnd(data: unknown): boolean {
  return data instanceof ArrayBuffer && data.byteLength === 0;
}

function errorText(event: Event): string {
  const { error } = event as Event & { readonly error?: { readonly message?: unknown } };
  return typeof error?.message === 'string' ? error.message : 'the data channel failed';
}
