/**
 * A channel over a message port. Frames are acknowledged, which gives `bufferedBytes` a meaning: what the other process
 * has not taken yet. The end of that process closes the port, and with it the channel.
 */

import { SeaError } from '../../src/base/errors.ts';
import { ChannelInbox } from '../../src/ports/channel-inbox.ts';
import type { Channel, ChannelHandler, Transport } from '../../src/ports/link-factory.ts';
import { type ChannelMessage, endMessage, readChannelMessage, reasonOfEnd } from './channel-messages.ts';
import { LOW_WATER_BYTES, UNREAD_BYTES_MAX } from './limits.ts';
import type { Port } from './port.ts';

export interface PortChannelOptions {
  /** What the channel runs over beyond the port. */
  readonly transport: Transport;
  /** The binding of what it runs over; empty for a port alone. */
  readonly binding: Uint8Array;
  /** True: frames count as taken when acknowledge() says so. Default: when they have been delivered. */
  readonly acknowledgesLater?: boolean;
}

export class PortChannel implements Channel {
  readonly transport: Transport;
  readonly binding: Uint8Array;
  readonly #port: Port;
  readonly #acknowledgesLater: boolean;
  readonly #inbox = new ChannelInbox();
  #unread = 0;
  #aboveLowWater = false;

  constructor(port: Port, options: PortChannelOptions) {
    this.transport = options.transport;
    this.binding = options.binding;
    this.#port = port;
    this.#acknowledgesLater = options.acknowledgesLater ?? false;
    port.listen({
      onMessage: data => this.#receive(readChannelMessage(data)),
      onClose: () => this.#end(new SeaError('LINK_CLOSED', 'the other process let the channel go'), false),
    });
  }

  /** Bytes that the other process has not taken yet. */
  get bufferedBytes(): number {
    return this.#inbox.closed ? 0 : this.#unread;
  }

  open(handler: ChannelHandler): void {
    this.#inbox.open(handler);
  }

  /** The bytes are copied before this returns. A process that takes nothing ends the channel with OVERLOADED. */
  send(frame: Uint8Array): void {
    if (this.#inbox.closed) return;
    if (this.#unread + frame.length > UNREAD_BYTES_MAX) {
      this.fail(new SeaError('OVERLOADED', `the other process left ${this.#unread} bytes unread`));
      return;
    }
    // A copy takes the whole memory behind a view along: cut the frame out where it is part of more.
    const bytes = frame.byteLength === frame.buffer.byteLength ? frame : new Uint8Array(frame);
    this.#post({ kind: 'frame', bytes });
    this.#unread += frame.length;
    if (this.#unread > LOW_WATER_BYTES) this.#aboveLowWater = true;
  }

  /** Tells the other side that frames of so many bytes have left this process. */
  acknowledge(bytes: number): void {
    if (!this.#inbox.closed && bytes > 0) this.#post({ kind: 'taken', count: bytes });
  }

  close(): void {
    this.fail(new SeaError('LINK_CLOSED', 'closed here'));
  }

  /** Closes for a reason that the other side is told the code of. */
  fail(reason: SeaError): void {
    this.#tellAndEnd('close', reason);
  }

  /** Closes because what lies behind this end has; the other side's handler gets the same code. */
  fault(reason: SeaError): void {
    this.#tellAndEnd('fault', reason);
  }

  #tellAndEnd(kind: 'close' | 'fault', reason: SeaError): void {
    if (this.#inbox.closed) return;
    this.#post(endMessage(kind, reason));
    this.#port.close();
    this.#end(reason, true);
  }

  #receive(message: ChannelMessage | undefined): void {
    if (this.#inbox.closed) return;
    switch (message?.kind) {
      case 'frame':
        this.#receiveFrame(message.bytes);
        break;
      case 'taken':
        this.#acknowledged(message.count);
        break;
      case 'close':
      case 'fault':
        this.#port.close();
        this.#end(reasonOfEnd(message.kind, message.code), false);
        break;
      case undefined:
        this.fail(new SeaError('BAD_MESSAGE', 'no message of a channel'));
    }
  }

  #receiveFrame(bytes: Uint8Array): void {
    const problem = this.#inbox.receive(bytes);
    if (problem !== undefined) this.fail(problem);
    else if (!this.#acknowledgesLater) this.acknowledge(bytes.length);
  }

  #acknowledged(count: number): void {
    this.#unread = Math.max(0, this.#unread - count);
    if (!this.#aboveLowWater || this.#unread > LOW_WATER_BYTES) return;
    this.#aboveLowWater = false;
    this.#inbox.writable();
  }

  #post(message: ChannelMessage): void {
    this.#port.post(message);
  }

  #end(reason: SeaError, discard: boolean): void {
    this.#inbox.close(reason, discard);
  }
}
