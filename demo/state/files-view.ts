/** A stored file as its read link shows it: what it is, where its shards are, reading it. One for each file that is looked at. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Sea, StoredFile } from '../../src/index.ts';
import { type Complaint, complaintOf } from '../errors.ts';
import { type FileSink, openFileSink } from '../file-sink.ts';
import { ShardPicture } from './files-picture.ts';

export type ViewPhase =
  | { readonly state: 'closed' }
  | { readonly state: 'opening' }
  | { readonly state: 'open'; readonly file: StoredFile; readonly picture: ShardPicture }
  | { readonly state: 'failed'; readonly complaint: Complaint };

/** What is under way with an open file, or how it ended. */
export type ViewWork =
  | { readonly state: 'none' }
  | { readonly state: 'looking'; readonly seen: number }
  | { readonly state: 'looked' }
  | { readonly state: 'reading'; readonly receivedBytes: number }
  | { readonly state: 'read' }
  | { readonly state: 'failed'; readonly complaint: Complaint };

export class FileView {
  readonly link: string;
  readonly #openSink: typeof openFileSink;
  readonly #phase: Signal<ViewPhase> = signal<ViewPhase>({ state: 'closed' });
  readonly #work: Signal<ViewWork> = signal<ViewWork>({ state: 'none' });
  #abort: AbortController | undefined;
  /** What the beat shows next. */
  #latest: ViewWork | undefined;

  /** `openSink`: where a file that is read goes. */
  constructor(link: string, openSink: typeof openFileSink = openFileSink) {
    this.link = link;
    this.#openSink = openSink;
  }

  get phase(): ReadonlySignal<ViewPhase> {
    return this.#phase;
  }

  get work(): ReadonlySignal<ViewWork> {
    return this.#work;
  }

  /** Brings figures up to now; called by the page's beat. */
  refresh(): void {
    if (this.#latest !== undefined) this.#work.value = this.#latest;
    this.#latest = undefined;
  }

  /** Fetches what the link names; does nothing while that is under way or done. */
  async open(sea: Sea): Promise<void> {
    if (this.#phase.value.state === 'opening' || this.#phase.value.state === 'open') return;
    this.#phase.value = { state: 'opening' };
    try {
      const file = await sea.storage.inspect(this.link);
      this.#phase.value = { state: 'open', file, picture: pictureOf(file) };
    } catch (error) {
      this.#phase.value = { state: 'failed', complaint: complaintOf(error) };
    }
  }

  /** Asks every holder whether it has its shards now. */
  async look(sea: Sea): Promise<void> {
    const phase = this.#phase.value;
    if (phase.state !== 'open') return;
    let seen = 0;
    await this.#run({ state: 'looking', seen }, { state: 'looked' }, signal =>
      sea.storage.look(this.link, {
        signal,
        onShard: ({ segment, shard, holder, state }) => {
          phase.picture.set(segment, shard, holder.toString(), state);
          this.#latest = { state: 'looking', seen: ++seen };
        },
      }),
    );
  }

  /** Reads it into the browser's downloads, or to the place that the visitor names. Must be called from a click. */
  async download(sea: Sea): Promise<void> {
    const phase = this.#phase.value;
    if (phase.state !== 'open') return;
    const { name, type, length } = phase.file;
    const sink = await this.#openSink(name ?? 'unnamed', type ?? '', length);
    if (sink === undefined) return;
    await this.#run({ state: 'reading', receivedBytes: 0 }, { state: 'read' }, signal => this.#read(sea, sink, signal));
  }

  /** Breaks off what is under way. */
  cancel(): void {
    this.#abort?.abort();
    this.#abort = undefined;
    this.#latest = undefined;
    this.#work.value = { state: 'none' };
  }

  async #read(sea: Sea, sink: FileSink, signal: AbortSignal): Promise<void> {
    let receivedBytes = 0;
    try {
      for await (const piece of sea.storage.get(this.link, { signal })) {
        await sink.write(piece);
        receivedBytes += piece.length;
        this.#latest = { state: 'reading', receivedBytes };
      }
      signal.throwIfAborted();
      await sink.finish();
    } catch (error) {
      await sink.abandon().catch(() => {}); // the first failure is the one to tell
      throw error;
    }
  }

  async #run(first: ViewWork, last: ViewWork, work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    this.cancel();
    const abort = new AbortController();
    this.#abort = abort;
    this.#work.value = first;
    let end = last;
    try {
      await work(abort.signal);
    } catch (error) {
      end = { state: 'failed', complaint: complaintOf(error) };
    }
    if (this.#abort !== abort) return; // cancelled, or another work has begun
    this.#abort = undefined;
    this.#latest = undefined;
    this.#work.value = end;
  }
}

function pictureOf({ n, segments }: StoredFile): ShardPicture {
  const picture = new ShardPicture(segments.length, n);
  for (const [segment, holders] of segments.entries())
    for (const [shard, holder] of holders.entries()) picture.set(segment, shard, holder.toString(), 'placed');
  return picture;
}
