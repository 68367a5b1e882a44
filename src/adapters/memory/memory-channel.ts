/** One end of a channel inside a process. */

import { BoundedQueue } from '../../base/bounded-queue.ts';
import { SeaError } from '../../base/errors.ts';
import { ChannelInbox } from '../../ports/channel-inbox.ts';
import { type Channel, type ChannelHandler, FRAME_BYTES_MAX } from '../../ports/link-factory.ts';

/** Frames an end may have under way; a sender that ignores `bufferedBytes` loses its channel here. */
const QUEUED_FRAMES_MAX = 4_096;
/** onWritable comes when no more than this is under way, bytes. */
const LOW_WATER_BYTES: number = 4 * FRAME_BYTES_MAX;

/** Whether frames move, for all channels of a network; those that wait resume by the functions kept here. */
export interface MemoryPace {
  held: boolean;
  readonly waiting: (() => void)[];
}

export class MemoryChannel implements Channel {
  readonly transport = 'memory' as const;
  readonly binding: Uint8Array = new Uint8Array();
  readonly #pace: MemoryPace;
  readonly #inbox = new ChannelInbox();
  readonly #outgoing = new BoundedQueue<Uint8Array>(QUEUED_FRAMES_MAX);
  #other!: MemoryChannel;
  #bufferedBytes = 0;
  #pumping = false;
  #closing: SeaError | undefined;

  constructor(pace: MemoryPace) {
    this.#pace = pace;
  }

  /** Two ends of one channel. */
  static pair(pace: MemoryPace): [MemoryChannel, MemoryChannel] {
    const ends: [MemoryChannel, MemoryChannel] = [new MemoryChannel(pace), new MemoryChannel(pace)];
    [ends[0].#other, ends[1].#other] = [ends[1], ends[0]];
    return ends;
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  open(handler: ChannelHandler): void {
    this.#inbox.open(handler);
  }

  send(frame: Uint8Array): void {
    if (this.#inbox.closed) return;
    if (!this.#outgoing.push(frame.slice())) {
      this.#end(new SeaError('LINK_CLOSED', `more than ${QUEUED_FRAMES_MAX} frames queued`));
      return;
    }
    this.#bufferedBytes += frame.length;
    this.#pumpSoon();
  }

  close(): void {
    this.#end(new SeaError('LINK_CLOSED', 'this end closed the channel'), true);
  }

  /** Ends this side at once and the other side after the frames under way to it. */
  #end(reason: SeaError, discard: boolean = false): void {
    if (this.#inbox.closed) return;
    this.#closing = new SeaError('LINK_CLOSED', 'the other end closed the channel');
    this.#inbox.close(reason, discard);
    this.#pumpSoon();
  }

  #pumpSoon(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    void Promise.resolve().then(() => this.#pump());
  }

  /** Hands over one frame a turn, then the close if there is one. */
  #pump(): void {
    if (this.#pace.held) {
      this.#pace.waiting.push(() => this.#pump());
      return;
    }
    this.#pumping = false;
    const frame = this.#outgoing.shift();
    if (frame !== undefined) {
      this.#deliver(frame);
      this.#pumpSoon();
    } else if (this.#closing !== undefined) {
      this.#other.#end(this.#closing);
    }
  }

  #deliver(frame: Uint8Array): void {
    const before = this.#bufferedBytes;
    this.#bufferedBytes -= frame.length;
    const unfit = this.#other.#inbox.receive(frame);
    if (unfit !== undefined) this.#other.#end(unfit);
    if (before > LOW_WATER_BYTES && this.#bufferedBytes <= LOW_WATER_BYTES) this.#inbox.writable();
  }
}
