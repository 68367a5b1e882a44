/** The streams of one con, by number: the side that called `connect` gives odd numbers, the other even ones. */

import { errorNumber, SeaError } from '../base/errors.ts';
import { STREAMS_MAX } from './limits.ts';
import type { ReliableFrame } from './messages.ts';
import { type HalfTools, StreamReader } from './stream-reader.ts';
import { StreamWriter } from './stream-writer.ts';

/** Bytes both ways, each half with its own end. */
export interface ConStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

export interface StreamsTools {
  transmit(frame: ReliableFrame): void;
  room(): Promise<void>;
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

  constructor(tools: StreamsTools, side: 'opener' | 'acceptor') {
    this.#tools = tools;
    this.#lastOwn = side === 'opener' ? -1 : 0;
    this.#lastTheirs = side === 'opener' ? 0 : -1;
  }

  /** Streams that have not ended in both directions. */
  get size(): number {
    return this.#entries.size;
  }

  /** A new stream. OVERLOADED when there are too many. */
  open(name: string): ConStream {
    if (this.#entries.size >= STREAMS_MAX)
      throw new SeaError('OVERLOADED', `a con has at most ${STREAMS_MAX} streams at a time`);
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
    if (this.#entries.size < STREAMS_MAX) return this.#tools.onStream(this.#add(stream), name);
    const code = errorNumber('OVERLOADED');
    this.#tools.transmit({ kind: 'reset', stream, mine: true, code });
    this.#tools.transmit({ kind: 'reset', stream, mine: false, code });
  }

  /** Word of a stream that is over here; one that never was is an offence. */
  #late({ stream }: StreamFrame): void {
    const last = stream % 2 === Math.abs(this.#lastOwn % 2) ? this.#lastOwn : this.#lastTheirs;
    if (stream > last || stream === 0) throw new SeaError('BAD_MESSAGE', 'word of a stream that was never opened');
  }

  #add(id: number): Entry & ConStream {
    const { transmit, room } = this.#tools;
    const done = (): void => {
      const entry = this.#entries.get(id);
      if (entry?.reader.over && entry.writer.over) this.#entries.delete(id);
    };
    const half: HalfTools = { id, transmit, room, done };
    const reader = new StreamReader(half);
    const writer = new StreamWriter(half);
    const entry = { reader, writer, readable: reader.readable, writable: writer.writable };
    this.#entries.set(id, entry);
    return entry;
  }
}
