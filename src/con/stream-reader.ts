/** The receiving half of a stream: keeps what the reader has not taken yet (bounded by the window) and says when it has. */

import { errorCode, errorNumber, isSeaError, SeaError } from '../base/errors.ts';
import { CREDIT_BYTES, STREAM_WINDOW_BYTES, UNREAD_WINDOW_BYTES } from './limits.ts';
import type { ReliableFrame } from './messages.ts';

export interface HalfTools {
  readonly id: number;
  transmit(frame: ReliableFrame): void;
  /** Resolves when the con takes more. */
  room(): Promise<void>;
  /** This half is over. */
  done(): void;
}

export class StreamReader {
  readonly readable: ReadableStream<Uint8Array>;
  readonly #tools: HalfTools;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #kept: Uint8Array[] = [];
  /** Bytes that the writer may still send. */
  #window = UNREAD_WINDOW_BYTES;
  /** Somebody reads: the writer has the whole window. */
  #read = false;
  #consumed = 0;
  #wanted = false;
  #state: 'open' | 'ended' | 'over' = 'open';

  constructor(tools: HalfTools) {
    this.#tools = tools;
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: controller => {
          this.#controller = controller;
        },
        pull: () => this.#pull(),
        cancel: reason => this.#cancel(reason),
      },
      { highWaterMark: 0 },
    );
  }

  get over(): boolean {
    return this.#state === 'over';
  }

  /** BAD_MESSAGE for a chunk beyond the window or after the end. */
  chunk(payload: Uint8Array): void {
    if (this.over) return; // the reader gave up; the writer does not know yet
    if (this.#state === 'ended' || payload.length === 0 || payload.length > this.#window)
      throw new SeaError('BAD_MESSAGE', 'a chunk that the stream has no room for');
    this.#window -= payload.length;
    if (this.#wanted) this.#give(payload);
    else this.#kept.push(payload);
  }

  /** The writer has closed its half. */
  end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ended';
    if (this.#kept.length === 0) this.#close();
  }

  /** The writer, or the con, broke off. */
  fail(error: SeaError): void {
    if (this.over) return;
    this.#finish();
    this.#controller.error(error);
  }

  /** The writer broke off, for the reason of this code. */
  reset(code: number): void {
    this.fail(new SeaError(errorCode(code) ?? 'ABORTED', 'the other side broke off the stream'));
  }

  #pull(): void {
    if (!this.#read) {
      this.#read = true;
      if (this.#state === 'open') this.#grant(STREAM_WINDOW_BYTES - UNREAD_WINDOW_BYTES);
    }
    const next = this.#kept.shift();
    if (next === undefined) this.#wanted = true;
    else this.#give(next);
    if (this.#state === 'ended' && this.#kept.length === 0) this.#close();
  }

  #give(payload: Uint8Array): void {
    this.#wanted = false;
    this.#controller.enqueue(payload);
    this.#consumed += payload.length;
    if (this.#consumed < CREDIT_BYTES || this.#state !== 'open') return;
    this.#grant(this.#consumed);
    this.#consumed = 0;
  }

  #grant(bytes: number): void {
    this.#window += bytes;
    this.#tools.transmit({ kind: 'credit', stream: this.#tools.id, bytes });
  }

  #cancel(reason: unknown): void {
    if (this.over) return;
    const code = errorNumber(isSeaError(reason) ? reason.code : 'ABORTED');
    if (this.#state === 'open') this.#tools.transmit({ kind: 'reset', stream: this.#tools.id, mine: false, code });
    this.#finish();
  }

  #close(): void {
    if (this.over) return;
    this.#finish();
    this.#controller.close();
  }

  #finish(): void {
    this.#state = 'over';
    this.#kept = [];
    this.#tools.done();
  }
}
