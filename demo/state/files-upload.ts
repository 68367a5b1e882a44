/** One file on its way into the sea: who is asked, how far it is, where its shards went. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { FileLinks, PutProgress, Sea } from '../../src/index.ts';
import { SEGMENT_BYTES } from '../../src/storage/limits.ts';
import { type Complaint, complaintOf, PageError } from '../errors.ts';
import { ShardPicture } from './files-picture.ts';
import type { Code, Safety } from './files-safety.ts';

export type UploadPhase =
  | { readonly state: 'waiting' }
  | { readonly state: 'asking' }
  | { readonly state: 'sending'; readonly code: Code; readonly picture: ShardPicture }
  | { readonly state: 'done' }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly complaint: Complaint };

export interface UploadFigures {
  readonly sealedBytes: number;
  readonly storedBytes: number;
  readonly shards: number;
}

const begun: UploadFigures = { sealedBytes: 0, storedBytes: 0, shards: 0 };

/** What is done for an upload by those who know the sea. */
export interface UploadHost {
  readonly sea: Sea;
  /** How to cut it for the devices that have room; undefined when none has. */
  fit(bytes: number, signal: AbortSignal): Promise<Safety | undefined>;
}

export class Upload {
  readonly file: File;
  readonly #phase: Signal<UploadPhase> = signal<UploadPhase>({ state: 'waiting' });
  readonly #figures: Signal<UploadFigures> = signal(begun);
  readonly #abort: AbortController = new AbortController();
  #latest: UploadFigures = begun;

  constructor(file: File) {
    this.file = file;
  }

  get phase(): ReadonlySignal<UploadPhase> {
    return this.#phase;
  }

  get figures(): ReadonlySignal<UploadFigures> {
    return this.#figures;
  }

  get isOver(): boolean {
    return ['done', 'cancelled', 'failed'].includes(this.#phase.value.state);
  }

  /** Brings the figures up to now; called by the page's beat. */
  refresh(): void {
    this.#figures.value = this.#latest;
  }

  cancel(): void {
    if (this.isOver) return;
    this.#phase.value = { state: 'cancelled' };
    this.#abort.abort();
  }

  /** Runs it; the links and the code when it is stored, undefined when it was cancelled or failed. */
  async run(host: UploadHost): Promise<{ readonly links: FileLinks; readonly code: Code } | undefined> {
    if (this.isOver) return undefined;
    this.#phase.value = { state: 'asking' };
    try {
      const { size } = this.file;
      const code = await host.fit(size, this.#abort.signal);
      if (code === undefined) throw new PageError('NO_DEVICES', 'No device in the sea offers room for this file now.');
      this.#abort.signal.throwIfAborted();
      const links = await this.#send(host.sea, code);
      this.#abort.signal.throwIfAborted();
      this.#phase.value = { state: 'done' };
      return { links, code };
    } catch (error) {
      if (!this.isOver) this.#phase.value = { state: 'failed', complaint: complaintOf(readable(error)) };
      return undefined;
    } finally {
      this.refresh();
    }
  }

  #send(sea: Sea, code: Code): Promise<FileLinks> {
    const picture = new ShardPicture(Math.ceil(this.file.size / SEGMENT_BYTES), code.n);
    this.#phase.value = { state: 'sending', code, picture };
    return sea.storage.put(this.file, {
      k: code.k,
      n: code.n,
      signal: this.#abort.signal,
      onProgress: ({ sealedBytes, storedBytes, shards }: PutProgress) => {
        this.#latest = { sealedBytes, storedBytes, shards };
      },
      onShard: ({ segment, shard, holder }) => picture.set(segment, shard, holder.toString(), 'placed'),
    });
  }
}

/** A folder, or a file that was moved or locked since, is known by how the browser fails to read it. */
function readable(error: unknown): unknown {
  const isUnread = error instanceof DOMException && ['NotReadableError', 'NotFoundError'].includes(error.name);
  return isUnread ? new PageError('FILE_UNREADABLE', 'The browser cannot read this file.') : error;
}
