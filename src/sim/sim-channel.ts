/**
 * One end of a simulated channel: ordered and reliable; delay, loss, cut wires and silent hosts show as time. Bandwidth
 * is not modelled: `bufferedBytes` is always 0.
 */

import { assert } from '../base/assert.ts';
import { SeaError } from '../base/errors.ts';
import { type Channel, type ChannelHandler, FRAME_BYTES_MAX, type Transport } from '../ports/link-factory.ts';
import type { SimHost } from './sim-host.ts';
import type { Wires } from './wires.ts';

/** How long frames wait before a cut wire or a silent host is tried again, ms. */
const CUT_RETRY_MS = 1_000;

export class SimChannel implements Channel {
  readonly transport: Transport;
  readonly binding: Uint8Array;
  readonly bufferedBytes = 0;
  readonly #wires: Wires;
  readonly #host: SimHost;
  #peer!: SimChannel;
  #handler: ChannelHandler | undefined;
  #early: Uint8Array[] = [];
  /** What is under way to the other end, in order; the first `#due` have had their delay. */
  readonly #line: (() => void)[] = [];
  #due = 0;
  #stuck = false;
  #arrivesMs = 0;
  #state: 'open' | 'closed' = 'open';
  #ending: SeaError | undefined;

  static pair(
    wires: Wires,
    a: SimHost,
    b: SimHost,
    transport: Transport,
    binding: Uint8Array,
  ): [SimChannel, SimChannel] {
    const near = new SimChannel(wires, a, transport, binding);
    const far = new SimChannel(wires, b, transport, binding);
    near.#peer = far;
    far.#peer = near;
    return [near, far];
  }

  private constructor(wires: Wires, host: SimHost, transport: Transport, binding: Uint8Array) {
    this.#wires = wires;
    this.#host = host;
    this.transport = transport;
    this.binding = binding;
    host.channels.add(this);
  }

  open(handler: ChannelHandler): void {
    this.#handler = handler;
    for (const frame of this.#early.splice(0)) handler.onFrame(frame);
    if (this.#ending !== undefined) handler.onClose(this.#ending);
  }

  send(frame: Uint8Array): void {
    assert(frame.length > 0 && frame.length <= FRAME_BYTES_MAX, 'a frame has 1 to 65,536 bytes');
    if (this.#state === 'closed' || this.#host.state === 'dead') return;
    const copy = frame.slice();
    this.#inOrder(() => this.#peer.#deliver(copy, this.#host));
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#inOrder(() => this.#peer.#end(new SeaError('LINK_CLOSED', 'the other side closed the channel')));
    this.#end(new SeaError('LINK_CLOSED', 'closed here'));
  }

  /** The host was killed: the other side notices later. */
  die(noticedMs: number): void {
    const peer = this.#peer;
    this.#wires.clock.after(noticedMs, () => peer.#end(new SeaError('LINK_CLOSED', 'the other side is gone')));
    this.#state = 'closed';
    this.#host.channels.delete(this);
  }

  /** Runs `arrive` after the wire's delay, never before what was sent earlier. */
  #inOrder(arrive: () => void): void {
    const { clock } = this.#wires;
    const atMs = Math.max(this.#arrivesMs, clock.now() + this.#wires.delayMs(this.#host, this.#peer.#host));
    this.#arrivesMs = atMs;
    this.#line.push(arrive);
    clock.after(atMs - clock.now(), () => {
      this.#due++;
      if (!this.#stuck) this.#arrive();
    });
  }

  /** Hands over what is due; while nothing gets through everything waits, and keeps its order. */
  #arrive(): void {
    if (this.#passable()) {
      for (; this.#due > 0; this.#due--) this.#line.shift()!();
      return;
    }
    this.#stuck = true;
    this.#wires.clock.after(CUT_RETRY_MS, () => {
      this.#stuck = false;
      this.#arrive();
    });
  }

  #passable(): boolean {
    const near = this.#host;
    const far = this.#peer.#host;
    if (far.state === 'dead' || this.#peer.#state === 'closed') return true; // nobody is there to hear: let it go
    return near.state !== 'silent' && far.state !== 'silent' && this.#wires.reachable(near, far);
  }

  #deliver(frame: Uint8Array, from: SimHost): void {
    if (this.#state === 'closed') return;
    this.#wires.trace.delivered(this.#wires.clock.now(), from.index, this.#host.index, frame);
    if (this.#handler === undefined) this.#early.push(frame);
    else this.#handler.onFrame(frame);
  }

  #end(reason: SeaError): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#host.channels.delete(this);
    if (this.#host.state === 'dead') return;
    this.#ending = reason;
    this.#handler?.onClose(reason);
  }
}
