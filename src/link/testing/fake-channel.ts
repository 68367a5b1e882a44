/** A channel whose network a test plays by hand, and links over it that need no handshake. */

import type { HashAddress } from '../../address/hash-address.ts';
import type { Clock } from '../../base/clock.ts';
import { SeaError } from '../../base/errors.ts';
import type { Channel, ChannelHandler, Transport } from '../../ports/link-factory.ts';
import { decodeLinkFrame } from '../../wire/codec.ts';
import type { Authenticated } from '../handshake.ts';
import { Link, type LinkHandler } from '../link.ts';

/** onWritable comes when no more than this is buffered, as over WebRTC. */
const LOW_WATER_BYTES = 262_144;

export class FakeChannel implements Channel {
  readonly transport: Transport;
  readonly binding: Uint8Array = new Uint8Array(0);
  /** What was handed over, oldest first. */
  readonly sent: Uint8Array[] = [];
  bufferedBytes = 0;
  closed = false;
  #handler: ChannelHandler | undefined;

  constructor(transport: Transport = 'memory') {
    this.transport = transport;
  }

  open(handler: ChannelHandler): void {
    this.#handler = handler;
  }

  send(frame: Uint8Array): void {
    if (this.closed) return;
    this.sent.push(frame);
    this.bufferedBytes += frame.length;
  }

  close(): void {
    this.end('this end closed the channel');
  }

  /** The channel breaks, or the other end closes it. */
  end(detail: string): void {
    if (this.closed) return;
    this.closed = true;
    this.#handler?.onClose(new SeaError('LINK_CLOSED', detail));
  }

  receive(frame: Uint8Array): void {
    this.#handler?.onFrame(frame);
  }

  /** The network takes bytes until so many are left. */
  drain(to: number): void {
    const before = this.bufferedBytes;
    this.bufferedBytes = Math.min(before, to);
    if (before > LOW_WATER_BYTES && this.bufferedBytes <= LOW_WATER_BYTES) this.#handler?.onWritable();
  }

  /** The kinds of the messages that were sent, oldest first. */
  kinds(): string[] {
    return this.sent.map(frame => decodeLinkFrame(frame).message.kind);
  }
}

export interface FakeLink {
  readonly link: Link;
  readonly channel: FakeChannel;
}

export interface FakeLinkOptions {
  readonly transport?: Transport;
  readonly dialled?: boolean;
  readonly id?: Uint8Array;
  readonly handler?: Partial<LinkHandler>;
}

/** A started link to this peer. */
export function fakeLink(clock: Clock, address: HashAddress, options: FakeLinkOptions = {}): FakeLink {
  const channel = new FakeChannel(options.transport);
  const authenticated: Authenticated = {
    channel,
    peer: { address, publicKey: new Uint8Array(32), leaf: false, url: null, clockOffsetMs: 0 },
    id: options.id ?? new Uint8Array(32),
    attach: sink => channel.open(sink),
  };
  const link = new Link(clock, authenticated, options.dialled ?? true, {
    onMessage() {},
    onClose() {},
    onOffence() {},
    ...options.handler,
  });
  link.start(authenticated);
  return { link, channel };
}
