/**
 * Sends frames over a channel by class, so that a transfer never delays a ping: a lower class moves only while every
 * higher one is empty, and bulk leaves room in the channel's own buffer. No timers: the channel says when it can go on.
 */

import { BoundedQueue } from '../base/bounded-queue.ts';
import type { Channel } from '../ports/link-factory.ts';
import { BULK_HIGH_WATER_BYTES, HIGH_WATER_BYTES, QUEUE_BYTES_MAX, QUEUE_FRAMES_MAX } from './limits.ts';

/** In order of precedence. */
export const trafficClasses = ['control', 'rpc', 'gossip', 'bulk'] as const;
export type TrafficClass = (typeof trafficClasses)[number];

interface Lane {
  readonly highWaterBytes: number;
  readonly queue: BoundedQueue<Uint8Array>;
  bytes: number;
}

export class Pump {
  readonly #channel: Channel;
  readonly #lanes: readonly Lane[];
  #waiting = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
    this.#lanes = trafficClasses.map(name => ({
      highWaterBytes: name === 'bulk' ? BULK_HIGH_WATER_BYTES : HIGH_WATER_BYTES,
      queue: new BoundedQueue<Uint8Array>(QUEUE_FRAMES_MAX),
      bytes: 0,
    }));
  }

  /** Bytes that wait here (the channel's own buffer not counted). */
  get waitingBytes(): number {
    return this.#waiting;
  }

  /** Sends now if nothing of this or a higher class waits, else queues. False when the class's queue is full. */
  send(trafficClass: TrafficClass, frame: Uint8Array): boolean {
    const lane = this.#lanes[trafficClasses.indexOf(trafficClass)]!;
    if (this.#waiting === 0 && this.#channel.bufferedBytes < lane.highWaterBytes) {
      this.#channel.send(frame);
      return true;
    }
    if (lane.bytes + frame.length > QUEUE_BYTES_MAX || !lane.queue.push(frame)) return false;
    lane.bytes += frame.length;
    this.#waiting += frame.length;
    this.drain();
    return true;
  }

  /** Drops what waits: the channel is gone. */
  discard(): void {
    for (const lane of this.#lanes) {
      lane.queue.drain();
      lane.bytes = 0;
    }
    this.#waiting = 0;
  }

  /** The channel can take more. */
  drain(): void {
    for (const lane of this.#lanes) {
      while (lane.queue.length > 0) {
        if (this.#channel.bufferedBytes >= lane.highWaterBytes) return;
        const frame = lane.queue.shift()!;
        lane.bytes -= frame.length;
        this.#waiting -= frame.length;
        this.#channel.send(frame);
      }
    }
  }
}
