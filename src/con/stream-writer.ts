/** The sending half of a stream: cuts what is written into chunks and sends them as the reader takes them. */

import { type Deferred, deferred } from '../base/deferred.ts';
import { errorCode, errorNumber, isSeaError, SeaError } from '../base/errors.ts';
import { CHUNK_BYTES, STREAM_WINDOW_BYTES, UNREAD_WINDOW_BYTES } from './limits.ts';
import type { HalfTools } from './stream-reader.ts';

export class StreamWriter {
  readonly writable: WritableStream<Uint8Array>;
  readonly #tools: HalfTools;
  #controller!: WritableStreamDefaultController;
  /** Bytes that the reader has room for. */
  #credit = UNREAD_WINDOW_BYTES;
  #waiting: Deferred<void> | undefined;
  #failure: SeaError | undefined;
  #over = false;

  constructor(tools: HalfTools) {
    this.#tools = tools;
    this.writable = new WritableStream<Uint8Array>({
      start: controller => {
        this.#controller = controller;
      },
      write: chunk => this.#write(chunk),
      close: () => this.#close(),
      abort: reason => this.#abort(reason),
    });
  }

  get over(): boolean {
    return this.#over;
  }

  /** The reader has taken that many bytes. BAD_MESSAGE for more than it was sent. */
  credited(bytes: number): void {
    if (this.#over) return;
    if (this.#credit + bytes > STREAM_WINDOW_BYTES) throw new SeaError('BAD_MESSAGE', 'more read than was written');
    this.#credit += bytes;
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }

  /** The con is over. */
  fail(error: SeaError): void {
    if (this.#over) return;
    this.#failure = error;
    this.#finish();
    this.#waiting?.reject(error);
    this.#controller.error(error);
  }

  /** The reader wants no more, for the reason of this code. */
  reset(code: number): void {
    this.fail(new SeaError(errorCode(code) ?? 'ABORTED', 'the other side reads no further'));
  }

  /** Copies what it sends: the writer may use its memory again as soon as this resolves. */
  async #write(chunk: Uint8Array): Promise<void> {
    if (!(chunk instanceof Uint8Array)) throw this.#refuse();
    for (let at = 0; at < chunk.length; ) {
      await this.#turn();
      const length = Math.min(CHUNK_BYTES, this.#credit, chunk.length - at);
      this.#credit -= length;
      this.#tools.transmit({ kind: 'chunk', stream: this.#tools.id, payload: chunk.subarray(at, at + length) });
      at += length;
    }
  }

  /** Waits for the reader, then for the con. */
  async #turn(): Promise<void> {
    while (this.#credit === 0 && this.#failure === undefined) {
      this.#waiting ??= deferred();
      await this.#waiting.promise;
    }
    if (this.#failure !== undefined) throw this.#failure;
    await this.#tools.room();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** A stream carries bytes: what else is written breaks it off. */
  #refuse(): SeaError {
    const error = new SeaError('BAD_ARGUMENT', 'a stream takes Uint8Array chunks');
    this.#abort(error);
    return error;
  }

  #close(): void {
    if (this.#over) return;
    this.#tools.transmit({ kind: 'end', stream: this.#tools.id });
    this.#finish();
  }

  #abort(reason: unknown): void {
    if (this.#over) return;
    const code = errorNumber(isSeaError(reason) ? reason.code : 'ABORTED');
    this.#tools.transmit({ kind: 'reset', stream: this.#tools.id, mine: true, code });
    this.#failure = new SeaError('ABORTED', 'the stream was broken off here', { cause: reason });
    this.#waiting?.reject(this.#failure);
    this.#finish();
  }

  #finish(): void {
    this.#over = true;
    this.#tools.done();
  }
}
