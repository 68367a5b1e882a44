/** One end of a simulated channel: ordered and reliable; delay, loss and cut wires show as time. */

import { SeaError } from '../base/errors.ts';
import { assert } from '../base/assert.ts';
import { type Channel, type ChannelHandler, FRAME_BYTES_MAX, type Transport } from '../ports/link-factory.ts';
import type { SimHost, SimNetwork } from './sim-network.ts';

/** How long frames wait before a cut wire is tried again, ms. */
const CUT_RETRY_MS = 1_000;

export class SimChannel implements Channel {
  readonly transport: Transport;
  readonly binding: Uint8Array;
  readonly bufferedBytes = 0;
  readonly #network: SimNetwork;
  readonly #host: SimHost;
  #peer!: SimChannel;
  #handler: ChannelHandler | undefined;
  #early: Uint8Array[] = [];
  #arrivesMs = 0;
  #state: 'open' | 'closed' = 'open';
  #ending: SeaError | undefined;

  static pair(
    network: SimNetwork,
    a: SimHost,
    b: SimHost,
    transport: Transport,
    binding: Uint8Array,
  ): [SimChannel, SimChannel] {
    const near = new SimChannel(network, a, transport, binding);
    const far = new SimChannel(network, b, transport, binding);
    near.#peer = far;
    far.#peer = near;
    return [near, far];
  }

  private constructor(network: SimNetwork, host: SimHost, transport: Transport, binding: Uint8Array) {
    this.#network = network;
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
    if (this.#state === 'closed' || this.#host.state !== 'running') return;
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
    this.#network.clock.after(noticedMs, () => peer.#end(new SeaError('LINK_CLOSED', 'the other side is gone')));
    this.#state = 'closed';
    this.#host.channels.delete(this);
  }

  /** Runs `arrive` after the wire's delay, never before what was sent earlier; while the wire is cut it waits. */
  #inOrder(arrive: () => void): void {
    const { clock } = this.#network;
    const atMs = Math.max(this.#arrivesMs, clock.now() + this.#network.delayMs(this.#host, this.#peer.#host));
    this.#arrivesMs = atMs;
    const attempt = (): void => {
      if (this.#network.reachable(this.#host, this.#peer.#host)) return arrive();
      clock.after(CUT_RETRY_MS, attempt);
    };
    clock.after(atMs - clock.now(), attempt);
  }

  #deliver(frame: Uint8Array, from: SimHost): void {
    if (this.#state === 'closed' || this.#host.state !== 'running') return;
    this.#network.trace.delivered(this.#network.clock.now(), from.index, this.#host.index, frame);
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
