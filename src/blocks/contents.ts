/**
 * The half of the service that reads and keeps contents, on this device and from others: `blocks.ts` loads it when it is
 * first needed. See `Blocks`, whose methods these are.
 */

import type { ContentId } from '../address/content-id.ts';
import { addressOf, type HashAddress } from '../address/hash-address.ts';
import { whenAborted } from '../base/abort.ts';
import { SeaError } from '../base/errors.ts';
import { type FileSource, segmentsOf } from '../base/file-source.ts';
import type { BlocksGetOptions, BlocksOptions } from './blocks-options.ts';
import { Bringer, type Order } from './bringer.ts';
import { Keeper } from './keeper.ts';
import { BLOCK_BYTES_MAX, CONTENT_BYTES_MAX } from './limits.ts';
import type { Entry } from './list.ts';
import type { PushRequest } from './messages.ts';
import { readContent } from './reading.ts';
import { Sources } from './sources.ts';
import { blockOf, listsOver, outermost } from './tree.ts';
import { walk } from './walk.ts';

/** The blocks that a content is made of. */
export interface Inventory {
  /** The content's. */
  readonly id: ContentId;
  /** Of its blocks and lists. */
  readonly ids: readonly ContentId[];
  /** Bytes of the content. */
  readonly length: number;
}

export class Contents {
  readonly #options: BlocksOptions;
  readonly #keeper: Keeper;
  readonly #bringer: Bringer;

  constructor(options: BlocksOptions) {
    this.#options = options;
    this.#keeper = new Keeper(options.store, options.log);
    this.#bringer = new Bringer(options.clock, this.#keeper);
  }

  /** A block that is kept here; undefined otherwise. */
  kept(id: ContentId): Promise<Uint8Array | undefined> {
    return this.#keeper.get(id);
  }

  /** Cuts a content and keeps its blocks. Throws TOO_LARGE, NO_STORAGE, BAD_ARGUMENT, and what the source throws. */
  async keep(source: FileSource): Promise<Inventory> {
    const entries: Entry[] = [];
    let length = 0;
    for await (const bytes of segmentsOf(source, BLOCK_BYTES_MAX)) {
      length += bytes.length;
      if (length > CONTENT_BYTES_MAX)
        throw new SeaError('TOO_LARGE', `a content has at most ${CONTENT_BYTES_MAX} bytes`);
      const { id } = blockOf(bytes);
      await this.#keeper.keep(id, bytes);
      entries.push({ id, length: bytes.length, isList: false });
    }
    const lists = listsOver(entries);
    for (const { id, bytes } of lists) await this.#keeper.keep(id, bytes);
    return { id: outermost(lists).id, ids: [...entries, ...lists].map(({ id }) => id), length };
  }

  /** What a content is made of that is kept here. Throws NOT_FOUND unless all of it is, and what walk throws. */
  async inventory(id: ContentId): Promise<Inventory> {
    const ids: ContentId[] = [];
    const list = async (it: ContentId): Promise<Uint8Array> => {
      ids.push(it);
      return (await this.#keeper.get(it)) ?? refuse();
    };
    let length = 0;
    for await (const entry of walk(id, list)) {
      if (!(await this.#keeper.has(entry.id))) refuse();
      ids.push(entry.id);
      length += entry.length;
    }
    return { id, ids, length };
  }

  async *stream(
    id: ContentId,
    options: BlocksGetOptions,
    mustKeep: boolean,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const { bytesMax = CONTENT_BYTES_MAX, onProgress } = options;
    const order = this.#order(options, mustKeep);
    try {
      yield* readContent(this.#bringer, id, order, { bytesMax: Math.min(bytesMax, CONTENT_BYTES_MAX), onProgress });
    } finally {
      order.end();
    }
  }

  async block(id: ContentId, options: BlocksGetOptions): Promise<Uint8Array> {
    const order = this.#order(options, false);
    try {
      return (await this.#bringer.bring(id, order)).bytes;
    } finally {
      order.end();
    }
  }

  /**
   * Fetches a content and keeps all of it; resolves to the bytes that came from `from`. Throws BAD_MESSAGE unless it is as
   * long as was said, NO_STORAGE, and what stream throws.
   */
  async take({ list, length }: PushRequest, from: HashAddress, signal: AbortSignal): Promise<number> {
    let fetched = 0;
    const onProgress: BlocksGetOptions['onProgress'] = ({ totalBytes, fetchedBytes }) => {
      if (totalBytes !== length) throw new SeaError('BAD_MESSAGE', `${totalBytes} bytes, not ${length} as was said`);
      fetched = fetchedBytes;
    };
    const pieces = this.stream(list, { from, signal, onProgress }, true);
    while (!(await pieces.next()).done);
    return fetched;
  }

  #order({ from = [], signal }: BlocksGetOptions, mustKeep: boolean): Order & { readonly end: () => void } {
    const addresses = (Array.isArray(from) ? from : [from]).map(addressOf);
    const life = this.#options.scope.fork();
    life.defer(whenAborted(signal, reason => life.close(reason)));
    const sources = new Sources(this.#options, addresses);
    return { sources, mustKeep, signal: life.signal, end: () => life.close() };
  }
}

function refuse(): never {
  throw new SeaError('NOT_FOUND', 'a part of the content is not kept here');
}
