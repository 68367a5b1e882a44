/**
 * The storage service, and `sea.storage`. It is a door: holding for others (`holder.ts`), and storing, reading and deleting
 * (`files.ts`), are fetched after the first load, each when it is first needed.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { abortable } from '../base/abort.ts';
import type { FileSource } from '../base/file-source.ts';
import { checkOptions } from '../base/given.ts';
import { late } from '../base/late.ts';
import type { Standing } from '../records/records.ts';
import { handleLate } from '../rpc/late-handlers.ts';
import { Challenges } from './challenge.ts';
import type { Deletion } from './delete.ts';
import { type FileStream, fileStream } from './file-stream.ts';
import type { Files } from './files.ts';
import type { GetOptions, StoredFile } from './get.ts';
import type { Holder, HolderStatus, Loan } from './holder.ts';
import { writeHolderRecord } from './holder-record.ts';
import { HOLDERS_KEY, SWEEP_FIRST_MS, SWEEP_MS } from './limits.ts';
import type { LookOptions, ShardSight } from './look.ts';
import type { FileLinks, PutOptions } from './put.ts';
import { scopes } from './scopes.ts';
import type { OffersOptions, SignalOption, StorageOptions } from './storage-options.ts';

export type { FileSource } from '../base/file-source.ts';
export type { Deletion } from './delete.ts';
export type { FileStream } from './file-stream.ts';
export type { GetOptions, GetProgress, StoredFile } from './get.ts';
export type { HolderStatus, Loan } from './holder.ts';
export type { LookOptions, ShardSight } from './look.ts';
export type { FileLinks, PutOptions, PutProgress, StoredShard } from './put.ts';
export type { OffersOptions, SignalOption, StorageOptions } from './storage-options.ts';

const NOTHING: HolderStatus = { quotaBytes: 0, usedBytes: 0, shards: 0, endsAtMs: undefined, servedBytes: 0 };

export class Storage {
  readonly #options: StorageOptions;
  readonly #loadHolder: () => Promise<Holder>;
  readonly #loadFiles: () => Promise<Files>;
  #holder: Holder | undefined;
  /** Says in the sea that this device lends. */
  #announced: Standing | undefined;

  constructor(options: StorageOptions) {
    const { clock, random, scope } = options;
    this.#options = options;
    scope.defer(() => options.coder.close());
    scope.defer(() => this.#announced?.stop());
    const challenges = new Challenges(clock, random); // drawn now: a seeded run must not hang on when its code comes
    this.#loadHolder = late(async () => {
      const { Holder } = await import('./holder.ts');
      this.#holder = new Holder(options, challenges);
      return this.#holder;
    });
    this.#loadFiles = late(async () => {
      const { Files } = await import('./files.ts');
      return new Files(options);
    });
    handleLate(options, Object.values(scopes), this.#loadHolder);
    scope.every(SWEEP_MS, () => void this.#sweep(), SWEEP_FIRST_MS);
  }

  /**
   * Lends so many bytes of this device to the sea; 0 takes nothing new and keeps what is leased. BAD_ARGUMENT, NO_STORAGE,
   * HOST_FAILURE.
   */
  async lend(loan: Loan): Promise<void> {
    checkOptions('lend', loan, 'quotaBytes, leaseMsMax');
    const holder = await this.#loadHolder();
    await holder.lend(loan);
    if (loan.quotaBytes === 0) {
      this.#announced?.stop();
      this.#announced = undefined;
    } else if (this.#announced === undefined) {
      this.#announced = this.#options.records.announce(HOLDERS_KEY, () => writeHolderRecord(holder.room));
      this.#announced.held.catch(() => {}); // it is renewed, and neighbours are asked anyway
    }
  }

  /** Lends nothing more and gives up all that is held for others, whose files lose these shards. NO_STORAGE, HOST_FAILURE. */
  async giveUp(): Promise<void> {
    await this.lend({ quotaBytes: 0 });
    await (await this.#loadHolder()).giveUp();
  }

  /** What this device holds for others, as far as it is known: nothing in the first seconds. */
  status(): HolderStatus {
    return this.#holder?.status() ?? NOTHING;
  }

  /**
   * Stores a file at n holders, any k of which give it back; resolves when every shard is durable at its holder. Throws
   * NOT_ONLINE, TOO_FEW_HOLDERS, BAD_ARGUMENT, TOO_LARGE, ABORTED, HOST_FAILURE, and what the source throws; then nothing is
   * left behind.
   */
  async put(file: FileSource, options: PutOptions = {}): Promise<FileLinks> {
    return (await this.#files(options)).put(file, options);
  }

  /**
   * The bytes of a file or of a range of it, as a stream that is an async iterable too: fetched as it is read, stopped when it
   * is left or cancelled. Its reader meets BAD_LINK (not whole), NO_RIGHT (a link that may not read), NOT_FOUND (deleted, or its
   * lease is over), TOO_FEW_HOLDERS (too many are away), DAMAGED, BAD_MANIFEST, BAD_ARGUMENT, ABORTED, HOST_FAILURE.
   */
  get(link: string, options: GetOptions = {}): FileStream {
    const load = this.#loadFiles;
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
    return abortable(this.#loadFiles(), signal);
  }

  async #sweep(): Promise<void> {
    try {
      await (await this.#loadHolder()).sweep();
    } catch (error) {
      this.#options.log.write('warn', 'leases that ended could not be cleared away', { error });
    }
  }
}
