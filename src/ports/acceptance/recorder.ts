/** What the link factory tests listen with, and the frames they send. */

import { deferred } from '../../base/deferred.ts';
import type { ErrorCode, SeaError } from '../../base/errors.ts';
import type { Channel, ChannelHandler } from '../link-factory.ts';

/** Remembers what a channel tells, and lets a test wait for it. */
export class Recorder implements ChannelHandler {
  readonly frames: Uint8Array[] = [];
  readonly closes: SeaError[] = [];
  writables = 0;
  #waiting: { readonly ready: (recorder: Recorder) => boolean; readonly done: () => void }[] = [];

  onFrame(frame: Uint8Array): void {
    this.frames.push(frame);
    this.#wake();
  }

  onWritable(): void {
    this.writables++;
    this.#wake();
  }

  onClose(reason: SeaError): void {
    this.closes.push(reason);
    this.#wake();
  }

  /** Resolves once `ready` holds; it is asked after every event. */
  async until(ready: (recorder: Recorder) => boolean): Promise<void> {
    if (ready(this)) return;
    const happened = deferred<void>();
    this.#waiting.push({ ready, done: () => happened.resolve() });
    await happened.promise;
  }

  #wake(): void {
    this.#waiting = this.#waiting.filter(({ ready, done }) => {
      const holds = ready(this);
      if (holds) done();
      return !holds;
    });
  }
}

/** Opens a channel with a new recorder. */
export function record(channel: Channel): Recorder {
  const recorder = new Recorder();
  channel.open(recorder);
  return recorder;
}

/** The codes of the closes a recorder was told of. */
export function codes(recorder: Recorder): ErrorCode[] {
  return recorder.closes.map(reason => reason.code);
}

/** Bytes that tell their place and their frame. */
export function pattern(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + seed * 17 + (i >> 8)) & 0xff;
  return bytes;
}

/** True when both lists hold the same frames in the same order. */
export function same(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((frame, i) => Buffer.compare(frame, b[i] ?? new Uint8Array()) === 0);
}

/** Long enough for what is under way on one machine; no assertion depends on its length. */
export function pause(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 60));
}
