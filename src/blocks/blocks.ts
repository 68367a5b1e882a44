/**
 * The transfer of contents by their hash. A content is cut into blocks that lists name; whoever knows its id fetches the
 * outermost list first, then what of it is not here yet, from any nodes that offer it. `sea.blocks` is one.
 */

import { ContentId, contentIdOf } from '../address/content-id.ts';
import { addressOf, type HashAddress } from '../address/hash-address.ts';
import { abortable } from '../base/abort.ts';
import { concat } from '../base/bytes.ts';
import type { FileSource } from '../base/file-source.ts';
import { checkGiven, checkObject } from '../base/given.ts';
import { late } from '../base/late.ts';
import type { BlocksGetOptions, BlocksOptions, BlocksPushOptions } from './blocks-options.ts';
import type { Contents } from './contents.ts';
import { PUSH_TIMEOUT_MS } from './limits.ts';
import { readPushed, scopes, writePush } from './messages.ts';
import { Offers } from './offers.ts';
import { Pushes, type PushTaker } from './pushes.ts';
import type { Block } from './tree.ts';

export type { BlocksGetOptions, BlocksOptions, BlocksProgress, BlocksPushOptions } from './blocks-options.ts';
export type { Push, PushTaker } from './pushes.ts';

export class Blocks {
  readonly #options: BlocksOptions;
  readonly #load: () => Promise<Contents>;
  readonly #offers = new Offers();
  readonly #pushes: Pushes;
  /** Ends what `put` offers, by hex digest. */
  readonly #standing = new Map<string, () => void>();

  constructor(options: BlocksOptions) {
    const { scope, caller } = options;
    this.#options = options;
    this.#load = late(async () => {
      const { Contents } = await import('./contents.ts');
      return new Contents(options);
    });
    this.#pushes = new Pushes(async (request, from, signal) =>
      (await this.#contents(signal)).take(request, from, signal),
    );
    scope.defer(caller.handle(scopes.get, incoming => this.#offers.answer(incoming)));
    scope.defer(caller.handle(scopes.push, incoming => this.#pushes.answer(incoming)));
  }

  /**
   * Keeps a content on this device and offers it until `withdraw` or the end; resolves to the text form of its id. The
   * store gives up what was used longest ago. Throws TOO_LARGE, NO_STORAGE, OVERLOADED, BAD_ARGUMENT, HOST_FAILURE, what the
   * source throws.
   */
  async put(source: FileSource): Promise<string> {
    const contents = await this.#contents();
    const { id, ids } = await contents.keep(source);
    if (!this.#standing.has(id.hex)) this.#standing.set(id.hex, this.#offerKept(contents, ids));
    return id.toString();
  }

  /** Ends the offer of what was `put`; it stays on this device. BAD_ARGUMENT. */
  withdraw(id: string): void {
    const { hex } = ContentId.parse(id);
    this.#standing.get(hex)?.();
    this.#standing.delete(hex);
  }

  /**
   * Offers a content that is kept on this device, from an earlier session or fetched from others, until the returned
   * function is called. Throws NOT_FOUND unless all of it is here; OVERLOADED, BAD_ARGUMENT, HOST_FAILURE.
   */
  async offer(id: string): Promise<() => void> {
    const list = ContentId.parse(id);
    const contents = await this.#contents();
    return this.#offerKept(contents, (await contents.inventory(list)).ids);
  }

  /**
   * Offers blocks that need not be kept here, until the returned function is called. `onSent` hears the bytes of every block
   * that is asked for. Throws OVERLOADED.
   */
  offerBlocks(blocks: readonly Block[], onSent?: (bytes: number) => void): () => void {
    checkGiven(Array.isArray(blocks), 'it takes a list of blocks', blocks);
    const read = async (bytes: Uint8Array): Promise<Uint8Array> => {
      onSent?.(bytes.length);
      return bytes;
    };
    return this.#offers.add(blocks.map(({ id, bytes }) => ({ id, read: () => read(bytes) })));
  }

  /**
   * A content's bytes, piece by piece: lists first, then what is not here, some blocks ahead of the reader. What has come
   * is kept: fetching again goes on where it ended. Throws NOT_FOUND, DAMAGED (naming who gave other bytes), TOO_LARGE,
   * BAD_MESSAGE, UNSUPPORTED (the id is not that of a content), BAD_ARGUMENT, HOST_FAILURE, the signal's reason, what calls
   * throw.
   */
  async *stream(id: string | ContentId, options: BlocksGetOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    const list = contentIdOf(id);
    yield* (await this.#contents(options.signal)).stream(list, options, false);
  }

  /** The same in one piece. */
  async get(id: string | ContentId, options: BlocksGetOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.stream(id, options)) pieces.push(piece);
    return concat(...pieces);
  }

  /** A block that stands for itself, not for a content. Throws as `stream`. */
  async getBlock(id: string | ContentId, options: BlocksGetOptions = {}): Promise<Uint8Array> {
    const block = contentIdOf(id);
    return (await this.#contents(options.signal)).block(block, options);
  }

  /**
   * Leaves a content with a node: it is told the id and fetches what it lacks. Resolves to the bytes it had to fetch, once
   * it keeps all. Throws NOT_FOUND (not all of it is here), DECLINED, OVERLOADED, NO_STORAGE, BAD_ARGUMENT, HOST_FAILURE,
   * what calls throw.
   */
  async push(to: HashAddress | string, id: string, { signal, onSent }: BlocksPushOptions = {}): Promise<number> {
    const peer = addressOf(to);
    const list = ContentId.parse(id);
    const contents = await this.#contents(signal);
    const { ids, length } = await contents.inventory(list);
    const end = this.#offerKept(contents, ids, onSent);
    try {
      const options = { signal, timeoutMs: PUSH_TIMEOUT_MS, about: 'a content' };
      return readPushed(await this.#options.caller.call(peer, scopes.push, writePush({ list, length }), options));
    } finally {
      end();
    }
  }

  /** Lets `taker` decide which pushed contents are kept here. Returns the undo. BAD_ARGUMENT when another decides already. */
  accept(taker: PushTaker): () => void {
    checkObject('{ wants }', taker);
    return this.#pushes.accept(taker);
  }

  #contents(signal?: AbortSignal): Promise<Contents> {
    return abortable(this.#load(), signal);
  }

  #offerKept(contents: Contents, ids: readonly ContentId[], onSent?: (bytes: number) => void): () => void {
    const read = async (id: ContentId): Promise<Uint8Array | undefined> => {
      const bytes = await contents.kept(id);
      if (bytes !== undefined) onSent?.(bytes.length);
      return bytes;
    };
    return this.#offers.add(ids.map(id => ({ id, read: () => read(id) })));
  }
}
