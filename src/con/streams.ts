/** The streams of one con, by number: the side that called `connect` gives odd numbers, the other even ones. */

import { errorNumber, SeaError } from '../base/errors.ts';
import { REFUSALS_MAX, STREAMS_MAX, UNREAD_WINDOW_BYTES } from './limits.ts';
import type { ReliableFrame } from './messages.ts';
import type { Outbox } from './outbox.ts';
import { type HalfTools, StreamReader } from './stream-reader.ts';
import { StreamWriter } from './stream-writer.ts';
import type { Share } from './unread-shares.ts';

/** Bytes both ways, each half with its own end. */
export interface ConStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

export interface StreamsTools {
  readonly outbox: Outbox;
  readonly share: Share;
  transmit(frame: ReliableFrame): void;
  /** False when too many streams wait for an application that asks for none. */
  welcome(): boolean;
  /** The remote has opened a stream. */
  onStream(stream: ConStream, name: string): void;
}

export type StreamFrame = Exclude<ReliableFrame, { readonly kind: 'message' }>;

interface Entry {
  readonly reader: StreamReader;
  readonly writer: StreamWriter;
}

export class Streams {
  readonly #tools: StreamsTools;
  readonly #entries = new Map<number, Entry>();
  #lastOwn: number;
  #lastTheirs: number;
  /** Numbers of the last frames of refusals that may not have arrived. */
  #refusals: number[] = [];

  constructor(tools: StreamsTools, side: 'opener' | 'acceptor') {
    this.#tools = tools;
    this.#lastOwn = side === 'opener' ? -1 : 0;
    this.#lastTheirs = side === 'opener' ? 0 : -1;
  }

  /** Streams that have not ended in both directions. */
  get size(): number {
    return this.#entries.size;
  }

  /** A new stream. OVERLOADED when there are too many, or too much of what the remote has sent is unread. */
  open(name: string): ConStream {
    if (!this.#hasRoom())
      throw new SeaError(
        'OVERLOADED',
        `a con has at most ${STREAMS_MAX} streams at a time, fewer where memory is scarce`,
      );
    this.#lastOwn += 2;
    this.#tools.transmit({ kind: 'open', stream: this.#lastOwn, name });
    return this.#add(this.#lastOwn);
  }

  /** BAD_MESSAGE for what has no place. */
  receive(frame: StreamFrame): void {
    if (frame.kind === 'open') return this.#opened(frame.stream, frame.name);
    const entry = this.#entries.get(frame.stream);
    if (entry === undefined) return this.#late(frame);
    switch (frame.kind) {
      case 'chunk':
        return entry.reader.chunk(frame.payload);
      case 'credit':
        return entry.writer.credited(frame.bytes);
      case 'end':
        return entry.reader.end();
      case 'reset':
        return frame.mine ? entry.reader.reset(frame.code) : entry.writer.reset(frame.code);
    }
  }

  /** The con is over. */
  close(reason: SeaError): void {
    for (const { reader, writer } of [...this.#entries.values()]) {
      reader.fail(reason);
      writer.fail(reason);
    }
  }

  #opened(stream: number, name: string): void {
    if (stream !== this.#lastTheirs + 2) throw new SeaError('BAD_MESSAGE', 'a stream out of turn');
    this.#lastTheirs = stream;
    if (this.#tools.welcome() && this.#hasRoom()) this.#tools.onStream(this.#add(stream), name);
    else this.#refuse(stream);
  }

  #refuse(stream: number): void {
    const { transmit, outbox } = this.#tools;
    const code = errorNumber('OVERLOADED');
    for (const mine of [true, false]) transmit({ kind: 'reset', stream, mine, code });
    this.#refusals = this.#refusals.filter(seq => seq > outbox.arrivedSeq);
    if (this.#refusals.push(outbox.lastSeq) > REFUSALS_MAX)
      throw new SeaError('OVERLOADED', 'opens streams and does not hear that they are refused');
  }

  /** True when there is room for one more, which is then taken. */
  #hasRoom(): boolean {
    return this.#entries.size < STREAMS_MAX && this.#tools.share.take(UNREAD_WINDOW_BYTES);
  }

  /** Word of a stream that is over here; one that never was is an offence. */
  #late({ stream }: StreamFrame): void {
    const last = stream % 2 === Math.abs(this.#lastOwn % 2) ? this.#lastOwn : this.#lastTheirs;
    if (stream > last || stream === 0) throw new SeaError('BAD_MESSAGE', 'word of a stream that was never opened');
  }

  #add(id: number): Entry & ConStream {
    const { transmit, outbox, share } = this.#tools;
    const done = (): void => {
      const entry = this.#entries.get(id);
      if (entry?.reader.over && entry.writer.over) this.#entries.delete(id);
    };
    const half: HalfTools = { id, share, transmit, room: () => outbox.room(), done };
    const reader = new StreamReader(half);
    const writer = new StreamWriter(half);
    const entry = { reader, writer, readable: reader.readable, writable: writer.writable };
    this.#entries.set(id, entry);
    return entry;
  }
}
