/** Frames that are to arrive once and in order: numbered, and kept until the other side says that it has them. */

import { type Deferred, deferred } from '../base/deferred.ts';
import { SeaError } from '../base/errors.ts';
import { CHUNK_BYTES, KEPT_COST_BYTES, MESSAGE_BYTES_MAX, UNACKED_BYTES_MAX } from './limits.ts';
import { encodeReliable, type ReliableFrame } from './messages.ts';

export class Outbox {
  #kept: Uint8Array[] = [];
  /** Number of the first kept frame. */
  #firstSeq = 1;
  #bytes = 0;
  #waiting: Deferred<void>[] = [];
  #closed: SeaError | undefined;

  /** What is kept counts for, bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Number of the last frame; 0 before the first. */
  get lastSeq(): number {
    return this.#firstSeq + this.#kept.length - 1;
  }

  /** Number of the last frame that has arrived. */
  get arrivedSeq(): number {
    return this.#firstSeq - 1;
  }

  /** Numbers, keeps and returns the encoded frame. TOO_LARGE, BAD_ARGUMENT for a value that cannot travel. */
  add(frame: ReliableFrame): Uint8Array {
    const bytes = encodeReliable(this.#firstSeq + this.#kept.length, frame);
    if (bytes.length > MESSAGE_BYTES_MAX)
      throw new SeaError(
        'TOO_LARGE',
        `a value of ${bytes.length} bytes; larger than ${MESSAGE_BYTES_MAX} use a stream`,
      );
    this.#kept.push(bytes);
    this.#bytes += costOf(bytes);
    return bytes;
  }

  /** Everything up to `seq` has arrived. BAD_MESSAGE for what was never sent. */
  acknowledged(seq: number): void {
    const count = seq - this.#firstSeq + 1;
    if (count > this.#kept.length) throw new SeaError('BAD_MESSAGE', 'word of the arrival of what was not sent');
    if (count <= 0) return;
    for (const bytes of this.#kept.splice(0, count)) this.#bytes -= costOf(bytes);
    this.#firstSeq = seq + 1;
    this.#wake();
  }

  /** Kept frames in order. */
  unacknowledged(): readonly Uint8Array[] {
    return this.#kept;
  }

  /** Resolves while less than UNACKED_BYTES_MAX is kept; first come, first served. Rejects with the reason of close(). */
  async room(): Promise<void> {
    if (this.#closed !== undefined) throw this.#closed;
    if (this.#waiting.length === 0 && this.#bytes < UNACKED_BYTES_MAX) return;
    const turn = deferred<void>();
    this.#waiting.push(turn);
    await turn.promise;
  }

  /** Nothing will arrive any more. */
  close(reason: SeaError): void {
    this.#closed ??= reason;
    this.#kept = [];
    this.#bytes = 0;
    for (const turn of this.#waiting.splice(0)) turn.reject(this.#closed);
  }

  /** Lets in as many as fit if each adds a whole chunk. */
  #wake(): void {
    for (let bytes = this.#bytes; bytes < UNACKED_BYTES_MAX && this.#waiting.length > 0; bytes += CHUNK_BYTES)
      this.#waiting.shift()!.resolve();
  }
}

function costOf(bytes: Uint8Array): number {
  return bytes.length + KEPT_COST_BYTES;
}
