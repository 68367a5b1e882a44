/**
 * A channel to another tab of this origin: a room (a BroadcastChannel that only the two know the name of) after both have
 * said hello. Received frames are acknowledged, which gives `bufferedBytes` a meaning, and silence ends the channel.
 */

import type { Clock } from '../../base/clock.ts';
import { SeaError } from '../../base/errors.ts';
import { Scope } from '../../base/scope.ts';
import { ChannelInbox } from '../../ports/channel-inbox.ts';
import type { Channel, ChannelHandler } from '../../ports/link-factory.ts';
import { BUFFERED_BYTES_MAX, LOW_WATER_BYTES, TAB_BEAT_MS, TAB_SILENT_BEATS_MAX } from './limits.ts';
import { closeCodeOf, type RoomMessage, reasonOfClose, type TabRole } from './tab-messages.ts';

/** The room as its channel uses it. */
export interface Room {
  post(message: RoomMessage): void;
  /** Ends the room. Idempotent. */
  leave(): void;
}

export class TabChannel implements Channel {
  readonly transport = 'tab';
  readonly binding: Uint8Array = new Uint8Array(0);
  readonly #room: Room;
  readonly #role: TabRole;
  readonly #scope: Scope;
  readonly #inbox = new ChannelInbox();
  #unacknowledged = 0;
  #aboveLowWater = false;
  #silentBeats = 0;

  constructor(room: Room, role: TabRole, clock: Clock) {
    this.#room = room;
    this.#role = role;
    this.#scope = new Scope(clock);
    this.#scope.defer(() => room.leave());
    this.#scope.every(TAB_BEAT_MS, () => this.#beat());
  }

  /** Bytes that the other tab has not yet taken out of the room. */
  get bufferedBytes(): number {
    return this.#scope.closed ? 0 : this.#unacknowledged;
  }

  open(handler: ChannelHandler): void {
    this.#inbox.open(handler);
  }

  /** The bytes are copied before this returns. A tab that takes nothing ends the channel with OVERLOADED. */
  send(frame: Uint8Array): void {
    if (this.#scope.closed) return;
    if (this.#unacknowledged + frame.length > BUFFERED_BYTES_MAX) {
      this.fail(new SeaError('OVERLOADED', `the other tab left ${this.#unacknowledged} bytes unread`));
      return;
    }
    // A structured clone takes the whole memory behind a view along: cut the frame out where it is part of more.
    const bytes = frame.byteLength === frame.buffer.byteLength ? frame : frame.slice();
    this.#room.post({ from: this.#role, kind: 'frame', bytes });
    this.#unacknowledged += frame.length;
    if (this.#unacknowledged > LOW_WATER_BYTES) this.#aboveLowWater = true;
  }

  close(): void {
    this.fail(new SeaError('LINK_CLOSED', 'closed here'));
  }

  /** Closes for a reason that the other tab is told the code of. */
  fail(reason: SeaError): void {
    if (this.#scope.closed) return;
    this.#room.post({ from: this.#role, kind: 'close', code: closeCodeOf(reason) });
    this.#end(reason, true);
  }

  /** Takes a message of the other tab. */
  receive(message: RoomMessage): void {
    if (this.#scope.closed) return;
    this.#silentBeats = 0;
    switch (message.kind) {
      case 'frame':
        this.#receiveFrame(message.bytes);
        break;
      case 'taken':
        this.#acknowledge(message.count);
        break;
      case 'ping':
        this.#room.post({ from: this.#role, kind: 'pong' });
        break;
      case 'close':
        this.#end(reasonOfClose(message.code), false);
        break;
      default: // pong, and repeated hellos, are signs of life and nothing more
    }
  }

  #receiveFrame(bytes: Uint8Array): void {
    this.#room.post({ from: this.#role, kind: 'taken', count: bytes.length });
    const problem = this.#inbox.receive(bytes);
    if (problem !== undefined) this.fail(problem);
  }

  #acknowledge(count: number): void {
    this.#unacknowledged = Math.max(0, this.#unacknowledged - count);
    if (!this.#aboveLowWater || this.#unacknowledged > LOW_WATER_BYTES) return;
    this.#aboveLowWater = false;
    this.#inbox.writable();
  }

  /** Counts beats, not time: a machine that slept asks once more before it gives the other tab up. */
  #beat(): void {
    if (this.#silentBeats >= TAB_SILENT_BEATS_MAX) {
      this.fail(new SeaError('LINK_CLOSED', 'the other tab is silent'));
      return;
    }
    this.#silentBeats += 1;
    this.#room.post({ from: this.#role, kind: 'ping' });
  }

  #end(reason: SeaError, discard: boolean): void {
    this.#scope.close(reason);
    this.#inbox.close(reason, discard);
  }
}
