/** The storage service: joins holding for others, storing, reading and deleting. `sea.storage` is one. */

import type { HashAddress } from '../address/hash-address.ts';
import type { SmallStore } from '../ports/small-store.ts';
import type { Records, Standing } from '../records/records.ts';
import { type Deletion, deleteFile } from './delete.ts';
import type { FileSource } from './file-source.ts';
import { type GetHost, type GetOptions, getFile, inspectFile, type StoredFile } from './get.ts';
import { Holder, type HolderOptions, type HolderStatus } from './holder.ts';
import { SEGMENT_BYTES } from './limits.ts';
import { type FileLinks, type PutHost, type PutOptions, putFile } from './put.ts';
import { RemoteHolder } from './remote-holder.ts';

export type { Deletion } from './delete.ts';
export type { FileSource } from './file-source.ts';
export type { GetOptions, GetProgress, StoredFile } from './get.ts';
export type { HolderStatus } from './holder.ts';
export type { FileLinks, PutOptions, PutProgress } from './put.ts';

/** Key of the owner's secret in the small store. Losing it costs shared shards, no file. */
const SECRET = 'storage-secret';
const SECRET_BYTES = 32;
/** What nodes that lend are announced under. */
const HOLDERS_KEY = 'storage:holders';

export interface StorageOptions extends HolderOptions {
  readonly smallStore: SmallStore;
  /** Where those who lend say so, and are found. */
  readonly records: Pick<Records, 'announce' | 'find'>;
  /** Plain bytes of a segment of what is stored; default and maximum SEGMENT_BYTES. */
  readonly segmentBytes?: number;
}

export interface SignalOption {
  readonly signal?: AbortSignal | undefined;
}

export class Storage {
  readonly #options: StorageOptions;
  readonly #holder: Holder;
  #secret: Promise<Uint8Array> | undefined;
  /** Says in the sea that this device lends. */
  #announced: Standing | undefined;

  constructor(options: StorageOptions) {
    this.#options = options;
    options.scope.defer(() => options.coder.close());
    options.scope.defer(() => this.#announced?.stop());
    this.#holder = new Holder(options);
  }

  /** Lends so many bytes of this device to the sea; 0 takes nothing new and keeps what is leased. BAD_ARGUMENT, NO_STORAGE. */
  async lend({ quotaBytes }: { readonly quotaBytes: number }): Promise<void> {
    await this.#holder.lend(quotaBytes);
    if (quotaBytes === 0) {
      this.#announced?.stop();
      this.#announced = undefined;
    } else if (this.#announced === undefined) {
      this.#announced = this.#options.records.announce(HOLDERS_KEY, new Uint8Array(0));
      this.#announced.held.catch(() => {}); // it is renewed, and neighbours are asked anyway
    }
  }

  /** What this device holds for others. */
  status(): HolderStatus {
    return this.#holder.status();
  }

  /**
   * Stores a file at n holders, any k of which give it back; resolves when every shard is durable at its holder. Throws
   * TOO_FEW_HOLDERS, BAD_ARGUMENT, TOO_LARGE, ABORTED, and what the source throws; then nothing is left behind.
   */
  put(file: FileSource, options: PutOptions = {}): Promise<FileLinks> {
    return putFile(this.#putHost(), file, options);
  }

  /** The bytes of a file or of a range of it, as an async iterable that stops when it is left. For errors see `getFile`. */
  get(link: string, options: GetOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    return getFile(this.#getHost(), link, options);
  }

  /** Name, length and holders of a file, by its read link. Throws as `get`. */
  inspect(link: string, { signal }: SignalOption = {}): Promise<StoredFile> {
    return inspectFile(this.#getHost(), link, signal);
  }

  /** Deletes a file by its delete link. Throws BAD_LINK, NO_RIGHT, NOT_FOUND, BAD_MANIFEST, TOO_FEW_HOLDERS, ABORTED. */
  delete(link: string, { signal }: SignalOption = {}): Promise<Deletion> {
    return deleteFile(this.#getHost(), link, signal);
  }

  #putHost(): PutHost {
    const { self, random, neighbours, records, segmentBytes = SEGMENT_BYTES } = this.#options;
    const find = async (signal: AbortSignal | undefined): Promise<HashAddress[]> =>
      (await records.find(HOLDERS_KEY, signal)).map(({ announcer }) => announcer);
    return { ...this.#getHost(), self, random, neighbours, find, segmentBytes, secret: () => this.#ownerSecret() };
  }

  /** Each holder once per file: its challenge serves all shards. */
  #getHost(): GetHost {
    const { clock, crypto, coder, caller } = this.#options;
    const holders = new Map<string, RemoteHolder>(); // bounded by the holders of one file
    const holder = (address: HashAddress): RemoteHolder => {
      const known = holders.get(address.toString()) ?? new RemoteHolder(caller, address);
      holders.set(address.toString(), known);
      return known;
    };
    return { clock, crypto, coder, holder };
  }

  #ownerSecret(): Promise<Uint8Array> {
    this.#secret ??= this.#keptSecret().catch((error: unknown) => {
      this.#options.log.write('warn', 'equal parts of files are stored anew: the secret cannot be kept', {
        error: String(error),
      });
      return this.#options.random.bytes(SECRET_BYTES);
    });
    return this.#secret;
  }

  async #keptSecret(): Promise<Uint8Array> {
    const { smallStore, random } = this.#options;
    const kept = await smallStore.get(SECRET);
    if (kept?.length === SECRET_BYTES) return kept;
    const secret = random.bytes(SECRET_BYTES);
    await smallStore.set(SECRET, secret);
    return secret;
  }
}
