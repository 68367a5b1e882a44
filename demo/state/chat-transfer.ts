/**
 * A file on its way between two people: offered, accepted before a byte of it is taken, carried by a stream of their con,
 * cancelled by either. The talk carries the words, this the bytes.
 */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { isSeaError, SeaError } from '../../src/base/errors.ts';
import type { ConStream } from '../../src/index.ts';
import { type Complaint, complaintOf, PageError } from '../errors.ts';
import { cleanText } from './chat-lines.ts';

/** Largest file, bytes: the receiver's browser holds it until it is saved. */
export const FILE_BYTES_MAX = 1_000_000_000;
/** Characters of a file's name. */
export const FILE_NAME_LENGTH_MAX = 120;
/** Bytes gathered before they become a Blob, which the browser may keep out of memory. */
const BATCH_BYTES = 8_388_608;

export type TransferPhase =
  /** The other side, or this one, has not answered yet. */
  | { readonly state: 'offered' }
  | { readonly state: 'moving' }
  | { readonly state: 'done' }
  | { readonly state: 'declined' }
  | { readonly state: 'cancelled'; readonly byThem: boolean }
  | { readonly state: 'failed'; readonly complaint: Complaint };

/** A file as it is offered. */
export interface Offer {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  /** Unix time, ms. */
  readonly atMs: number;
}

/** What a transfer tells the talk. */
export interface TransferTools {
  /** The person here has answered an offer. */
  answer(id: string, accepted: boolean): void;
  /** The person here has cancelled. */
  cancel(id: string): void;
  /** A stream for the bytes of an accepted file. */
  stream(id: string): ConStream;
  /** Hands a file that has come whole to the browser's downloads. */
  save(content: Blob, name: string): void;
}

export class Transfer {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly atMs: number;
  /** The file to send; undefined for one that comes. */
  readonly #file: Blob | undefined;
  readonly #tools: TransferTools;
  readonly #phase: Signal<TransferPhase> = signal<TransferPhase>({ state: 'offered' });
  readonly #shown: Signal<number> = signal(0);
  readonly #abort = new AbortController();
  #moved = 0;

  constructor(offer: Offer, file: Blob | undefined, tools: TransferTools) {
    this.id = offer.id;
    this.name = fileName(offer.name);
    this.bytes = offer.bytes;
    this.atMs = offer.atMs;
    this.#file = file;
    this.#tools = tools;
  }

  get isOwn(): boolean {
    return this.#file !== undefined;
  }

  get phase(): ReadonlySignal<TransferPhase> {
    return this.#phase;
  }

  /** Bytes that have passed, as of the last beat. */
  get moved(): ReadonlySignal<number> {
    return this.#shown;
  }

  /** Nothing more will become of it. */
  get over(): boolean {
    const { state } = this.#phase.value;
    return state !== 'offered' && state !== 'moving';
  }

  /** The person here takes the file, or does not. */
  answer(accepted: boolean): void {
    if (this.isOwn || this.#phase.value.state !== 'offered') return;
    this.#phase.value = { state: accepted ? 'moving' : 'declined' };
    this.#tools.answer(this.id, accepted);
  }

  /** The other person has answered: the bytes go, or the offer is over. */
  answered(accepted: boolean): void {
    if (this.#file === undefined || this.#phase.value.state !== 'offered') return;
    this.#phase.value = { state: accepted ? 'moving' : 'declined' };
    if (accepted) void this.#run(this.#send(this.#file));
  }

  /** The bytes of an accepted file begin to come. False when nobody here has asked for them. */
  take(stream: ConStream): boolean {
    if (this.isOwn || this.#phase.value.state !== 'moving' || this.#moved > 0) return false;
    void this.#run(this.#receive(stream));
    return true;
  }

  /** The person here wants no more of it. */
  cancel(): void {
    if (this.over) return;
    this.#phase.value = { state: 'cancelled', byThem: false };
    this.#abort.abort(new SeaError('ABORTED', 'cancelled'));
    this.#tools.cancel(this.id);
  }

  /** The other person wants no more of it. */
  cancelled(): void {
    if (this.over) return;
    this.#phase.value = { state: 'cancelled', byThem: true };
    this.#abort.abort(new SeaError('ABORTED', 'cancelled'));
  }

  /** The con is over. */
  lost(error: unknown): void {
    if (!this.over) this.#phase.value = { state: 'failed', complaint: complaintOf(error) };
  }

  /** Once a beat. */
  refresh(): void {
    this.#shown.value = this.#moved;
  }

  async #run(work: Promise<void>): Promise<void> {
    try {
      await work;
      if (!this.over) this.#phase.value = { state: 'done' };
    } catch (error) {
      if (isSeaError(error, 'ABORTED')) this.cancelled();
      else this.lost(error);
    } finally {
      this.refresh();
    }
  }

  /** Over when the other side has said that it has everything. */
  async #send(file: Blob): Promise<void> {
    const { readable, writable } = this.#tools.stream(this.id);
    await readFrom(file).pipeThrough(this.#counter()).pipeTo(writable, { signal: this.#abort.signal });
    await readable.pipeTo(new WritableStream(), { signal: this.#abort.signal });
    this.#moved = this.bytes;
  }

  async #receive({ readable, writable }: ConStream): Promise<void> {
    const parts = new BlobParts();
    try {
      const sink = new WritableStream<Uint8Array>({ write: chunk => parts.add(chunk) });
      await readable.pipeThrough(this.#counter()).pipeTo(sink, { signal: this.#abort.signal });
      if (this.#moved < this.bytes) throw new PageError('FILE_UNREADABLE', 'The file ended before its end.');
    } catch (error) {
      await writable.abort(error).catch(() => {}); // it may be over already
      throw error;
    }
    if (this.over) return;
    this.#tools.save(parts.blob(), this.name);
    this.#phase.value = { state: 'done' };
    await writable.close().catch(() => {}); // the file is here whether or not the sender hears of it
  }

  /** Counts what passes; more than was promised is refused. */
  #counter(): TransformStream<Uint8Array, Uint8Array> {
    return new TransformStream({
      transform: (chunk, controller) => {
        this.#moved += chunk.length;
        if (this.#moved > this.bytes) throw new PageError('FILE_TOO_LARGE', 'The file is larger than was said.');
        controller.enqueue(chunk);
      },
    });
  }
}

/** A file's name without folders and without what is not seen; never empty. */
export function fileName(name: string): string {
  const last = cleanText(name).replaceAll('\n', ' ').split(/[/\\]/).at(-1)!.trim();
  if (last.length <= FILE_NAME_LENGTH_MAX) return last === '' ? 'unnamed' : last;
  const ending = /\.[a-z0-9]{1,8}$/i.exec(last)?.[0] ?? '';
  return `${last.slice(0, FILE_NAME_LENGTH_MAX - ending.length - 1)}…${ending}`;
}

/** Bytes in order, handed to the browser a few megabytes at a time. */
class BlobParts {
  #parts: Blob[] = [];
  #batch: Uint8Array<ArrayBuffer>[] = [];
  #batchBytes = 0;

  add(chunk: Uint8Array): void {
    this.#batch.push(chunk.slice());
    this.#batchBytes += chunk.length;
    if (this.#batchBytes >= BATCH_BYTES) this.#flush();
  }

  blob(): Blob {
    this.#flush();
    return new Blob(this.#parts);
  }

  #flush(): void {
    this.#parts.push(new Blob(this.#batch));
    this.#batch = [];
    this.#batchBytes = 0;
  }
}

/** The bytes of a file; FILE_UNREADABLE where the device does not give them any more. */
function readFrom(file: Blob): ReadableStream<Uint8Array> {
  const reader = file.stream().getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          throw new PageError('FILE_UNREADABLE', `The file could not be read: ${String(error)}`);
        }
      },
      cancel: reason => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
