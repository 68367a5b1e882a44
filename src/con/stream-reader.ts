/** The receiving half of a stream: keeps what the reader has not taken yet (bounded by the window) and says when it has. */

import { concat } from '../base/bytes.ts';
import { errorCode, errorNumber, isSeaError, SeaError } from '../base/errors.ts';
import { CHUNK_BYTES, CREDIT_PARTS, STREAM_WINDOW_BYTES, UNREAD_WINDOW_BYTES } from './limits.ts';
import type { ReliableFrame } from './messages.ts';
import type { Share } from './unread-shares.ts';

export interface HalfTools {
  readonly id: number;
  /** Of the con; it has UNREAD_WINDOW_BYTES for this stream already. */
  readonly share: Share;
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
  /** Bytes that the writer may have under way or unread here: UNREAD_WINDOW_BYTES, and what there was room for. */
  #granted = UNREAD_WINDOW_BYTES;
  /** Those of them that it may still send, and … */
  #window = UNREAD_WINDOW_BYTES;
  /** … that were read and not given back to it yet; the rest is kept. */
  #consumed = 0;
  /** Somebody reads. */
  #read = false;
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
    else this.#keep(payload);
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
      this.#grant();
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
    if (this.#consumed * CREDIT_PARTS >= this.#granted) this.#grant();
  }

  /** Gives the writer back what was read, and more where there is room for a larger window, less where memory is scarce. */
  #grant(): void {
    if (this.#state !== 'open') return;
    const spare = Math.min(this.#consumed, this.#granted - UNREAD_WINDOW_BYTES);
    const more = this.#tools.share.adjust(spare, STREAM_WINDOW_BYTES - this.#granted);
    const bytes = this.#consumed + more;
    this.#granted += more;
    this.#window += bytes;
    this.#consumed = 0;
    if (bytes > 0) this.#tools.transmit({ kind: 'credit', stream: this.#tools.id, bytes });
  }

  /** Joins small chunks: each by itself would cost far more to hold than its length. */
  #keep(payload: Uint8Array): void {
    let last = payload;
    for (let before = this.#kept.at(-1); before !== undefined; before = this.#kept.at(-1)) {
      if (before.length > last.length || before.length + last.length > CHUNK_BYTES) break;
      this.#kept.pop();
      last = concat(before, last);
    }
    this.#kept.push(last);
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
    this.#tools.share.give(this.#granted);
    this.#tools.done();
  }
}
