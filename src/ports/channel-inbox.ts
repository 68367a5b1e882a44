/**
 * The receiving half that every channel has, whatever it runs over: frames in order, early ones kept within bounds,
 * unfit ones refused, one onClose. Adapters feed it; it knows no network.
 */

import { assert } from '../base/assert.ts';
import { BoundedQueue } from '../base/bounded-queue.ts';
import { SeaError } from '../base/errors.ts';
import { type ChannelHandler, FRAME_BYTES_MAX } from './link-factory.ts';

/** Frames kept before open(); bounds what a stranger can park in memory, as the bytes below do. */
export const EARLY_FRAMES_MAX = 64;
/** Bytes kept before open(). An honest peer sends one handshake frame and waits. */
export const EARLY_BYTES_MAX: number = 4 * FRAME_BYTES_MAX;

type Delivery =
  | { readonly state: 'unopened' }
  /** open() was called; kept frames go out in the next microtask and new ones queue behind them. */
  | { readonly state: 'opening'; readonly handler: ChannelHandler }
  | { readonly state: 'open'; readonly handler: ChannelHandler }
  | { readonly state: 'told' };

export class ChannelInbox {
  readonly #early = new BoundedQueue<Uint8Array>(EARLY_FRAMES_MAX);
  #earlyBytes = 0;
  #delivery: Delivery = { state: 'unopened' };
  #reason: SeaError | undefined;

  /** True from the first close() on. */
  get closed(): boolean {
    return this.#reason !== undefined;
  }

  /** Begins delivery: kept frames follow in a microtask, never before this returns. */
  open(handler: ChannelHandler): void {
    assert(this.#delivery.state === 'unopened', 'a channel is opened once');
    this.#delivery = { state: 'opening', handler };
    void Promise.resolve().then(() => this.#deliverEarly(handler));
  }

  /** Hands over one frame or keeps it. Returns why the channel must close (TOO_LARGE, BAD_MESSAGE, OVERLOADED), if so. */
  receive(frame: Uint8Array): SeaError | undefined {
    if (this.closed) return undefined;
    if (frame.length > FRAME_BYTES_MAX) {
      return new SeaError('TOO_LARGE', `a frame of ${frame.length} bytes; the limit is ${FRAME_BYTES_MAX}`);
    }
    if (frame.length === 0) return new SeaError('BAD_MESSAGE', 'an empty frame');
    if (this.#delivery.state === 'open') {
      this.#delivery.handler.onFrame(frame);
      return undefined;
    }
    return this.#keep(frame);
  }

  /** The adapter's send queue has drained to its low-water mark. */
  writable(): void {
    if (!this.closed && this.#delivery.state === 'open') this.#delivery.handler.onWritable();
  }

  /**
   * Ends delivery; the first reason counts. Frames that came before the other side closed still reach a handler that
   * opens later; with `discard` (this side closed) they do not.
   */
  close(reason: SeaError, discard: boolean = false): void {
    if (this.closed) return;
    this.#reason = reason;
    if (discard) this.#early.drain();
    if (this.#delivery.state === 'open') this.#tell(this.#delivery.handler, reason);
  }

  #keep(frame: Uint8Array): SeaError | undefined {
    this.#earlyBytes += frame.length;
    if (this.#earlyBytes <= EARLY_BYTES_MAX && this.#early.push(frame)) return undefined;
    return new SeaError('OVERLOADED', 'too many frames before anyone listened');
  }

  #deliverEarly(handler: ChannelHandler): void {
    for (let frame = this.#early.shift(); frame !== undefined; frame = this.#early.shift()) handler.onFrame(frame);
    this.#delivery = { state: 'open', handler };
    if (this.#reason !== undefined) this.#tell(handler, this.#reason);
  }

  #tell(handler: ChannelHandler, reason: SeaError): void {
    this.#delivery = { state: 'told' };
    handler.onClose(reason);
  }
}
