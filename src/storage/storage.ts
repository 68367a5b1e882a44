/**
 * The storage service: joins holding for others with storing, reading and deleting, which come with the first file.
 * `sea.storage` is one.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { abortable } from '../base/abort.ts';
import type { FileSource } from '../base/file-source.ts';
import { late } from '../base/late.ts';
import type { Standing } from '../records/records.ts';
import type { Deletion } from './delete.ts';
import { type FileStream, fileStream } from './file-stream.ts';
import type { Files } from './files.ts';
import type { GetOptions, StoredFile } from './get.ts';
import { Holder, type HolderStatus, type Loan } from './holder.ts';
import { writeHolderRecord } from './holder-record.ts';
import { HOLDERS_KEY } from './limits.ts';
import type { LookOptions, ShardSight } from './look.ts';
import type { FileLinks, PutOptions } from './put.ts';
import type { OffersOptions, SignalOption, StorageOptions } from './storage-options.ts';

export type { FileSource } from '../base/file-source.ts';
export type { Deletion } from './delete.ts';
export type { FileStream } from './file-stream.ts';
export type { GetOptions, GetProgress, StoredFile } from './get.ts';
export type { HolderStatus, Loan } from './holder.ts';
export type { LookOptions, ShardSight } from './look.ts';
export type { FileLinks, PutOptions, PutProgress, StoredShard } from './put.ts';
export type { OffersOptions, SignalOption, StorageOptions } from './storage-options.ts';

export class Storage {
  readonly #options: StorageOptions;
  readonly #holder: Holder;
  readonly #load: () => Promise<Files>;
  /** Says in the sea that this device lends. */
  #announced: Standing | undefined;

  constructor(options: StorageOptions) {
    this.#options = options;
    options.scope.defer(() => options.coder.close());
    options.scope.defer(() => this.#announced?.stop());
    this.#holder = new Holder(options);
    this.#load = late(async () => {
      const { Files } = await import('./files.ts');
      return new Files(options);
    });
  }

  /** Lends so many bytes of this device to the sea; 0 takes nothing new and keeps what is leased. BAD_ARGUMENT, NO_STORAGE. */
  async lend(loan: Loan): Promise<void> {
    await this.#holder.lend(loan);
    if (loan.quotaBytes === 0) {
      this.#announced?.stop();
      this.#announced = undefined;
    } else if (this.#announced === undefined) {
      this.#announced = this.#options.records.announce(HOLDERS_KEY, () => writeHolderRecord(this.#holder.room));
      this.#announced.held.catch(() => {}); // it is renewed, and neighbours are asked anyway
    }
  }

  /** Lends nothing more and gives up all that is held for others, whose files lose these shards. NO_STORAGE. */
  async giveUp(): Promise<void> {
    await this.lend({ quotaBytes: 0 });
    await this.#holder.giveUp();
  }

  /** What this device holds for others. */
  status(): HolderStatus {
    return this.#holder.status();
  }

  /**
   * Stores a file at n holders, any k of which give it back; resolves when every shard is durable at its holder. Throws
   * TOO_FEW_HOLDERS, BAD_ARGUMENT, TOO_LARGE, ABORTED, HOST_FAILURE, and what the source throws; then nothing is left behind.
   */
  async put(file: FileSource, options: PutOptions = {}): Promise<FileLinks> {
    return (await this.#files(options)).put(file, options);
  }

  /**
   * The bytes of a file or of a range of it, as a stream that is an async iterable too: fetched as it is read, stopped when it
   * is left or cancelled. For errors see `getFile`.
   */
  get(link: string, options: GetOptions = {}): FileStream {
    const load = this.#load;
    return fileStream(options.signal, async function* (signal) {
      yield* (await abortable(load(), signal)).get(link, { ...options, signal });
    });
  }

  /** Name, length and holders of a file, by its read link. Throws as `get`. */
  async inspect(link: string, options: SignalOption = {}): Promise<StoredFile> {
    return (await this.#files(options)).inspect(link, options);
  }

  /** Asks every holder of a file for the shards it should have, by the read link. Throws as `inspect`; who is away is told, not thrown. */
  async look(link: string, options: LookOptions = {}): Promise<ShardSight[]> {
    return (await this.#files(options)).look(link, options);
  }

  /** Up to `wanted` nodes that offer room for so many bytes each, now: what `n` can be at most. */
  async offers(options: OffersOptions = {}): Promise<HashAddress[]> {
    return (await this.#files(options)).offers(options);
  }

  /** Deletes a file by its delete link. Throws BAD_LINK, NO_RIGHT, NOT_FOUND, BAD_MANIFEST, TOO_FEW_HOLDERS, ABORTED. */
  async delete(link: string, options: SignalOption = {}): Promise<Deletion> {
    return (await this.#files(options)).delete(link, options);
  }

  #files({ signal }: SignalOption): Promise<Files> {
    return abortable(this.#load(), signal);
  }
}
