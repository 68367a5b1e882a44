/** The owner's and the reader's half of storage: stores, reads and deletes files. `storage.ts` loads it with the first. */

import type { HashAddress } from '../address/hash-address.ts';
import { checkAborted } from '../base/abort.ts';
import { SeaError } from '../base/errors.ts';
import { checkSource, type FileSource } from '../base/file-source.ts';
import { checkOptions } from '../base/given.ts';
import { type Deletion, deleteFile } from './delete.ts';
import { type GetHost, type GetOptions, getFile, inspectFile, type StoredFile } from './get.ts';
import { mayHold, readHolderRecord } from './holder-record.ts';
import { HOLDERS_KEY, LEASE_MS_DEFAULT, N_DEFAULT, SEGMENT_BYTES } from './limits.ts';
import { type LookOptions, lookAtFile, type ShardSight } from './look.ts';
import { Places } from './places.ts';
import { type FileLinks, type PutHost, type PutOptions, putFile } from './put.ts';
import { RemoteHolder } from './remote-holder.ts';
import type { OffersOptions, SignalOption, StorageOptions } from './storage-options.ts';

/** Key of the owner's secret in the small store. Losing it costs shared shards, no file. */
const SECRET = 'storage-secret';
const SECRET_BYTES = 32;

/** See `Storage`, whose methods these are. */
export class Files {
  readonly #options: StorageOptions;
  #secret: Promise<Uint8Array> | undefined;

  constructor(options: StorageOptions) {
    this.#options = options;
  }

  async put(file: FileSource, options: PutOptions): Promise<FileLinks> {
    checkSource(file);
    checkOptions('put', options, 'k, n, leaseMs, name, type, signal, onProgress, onShard');
    checkAborted(this.#options.scope.signal);
    if (!this.#options.online()) throw new SeaError('NOT_ONLINE', 'call goOnline() first: shards go to other devices');
    return putFile(this.#putHost(), file, options);
  }

  get(link: string, options: GetOptions): AsyncGenerator<Uint8Array, void, undefined> {
    checkOptions('get', options, 'range, signal, onProgress');
    return getFile(this.#getHost(), link, options);
  }

  inspect(link: string, options: SignalOption): Promise<StoredFile> {
    checkOptions('inspect', options, 'signal');
    return inspectFile(this.#getHost(), link, options.signal);
  }

  look(link: string, options: LookOptions): Promise<ShardSight[]> {
    checkOptions('look', options, 'signal, onShard');
    return lookAtFile(this.#getHost(), link, options);
  }

  offers(options: OffersOptions): Promise<HashAddress[]> {
    checkOptions('offers', options, 'bytes, wanted, signal');
    const { bytes = 1, wanted = N_DEFAULT, signal } = options;
    return Places.offers(this.#putHost(), wanted, { bytes, leaseMs: LEASE_MS_DEFAULT }, signal);
  }

  delete(link: string, options: SignalOption): Promise<Deletion> {
    checkOptions('delete', options, 'signal');
    return deleteFile(this.#getHost(), link, options.signal);
  }

  #putHost(): PutHost {
    const { self, random, neighbours, records, segmentBytes = SEGMENT_BYTES } = this.#options;
    const find = async (bytes: number, signal: AbortSignal | undefined): Promise<HashAddress[]> =>
      (await records.find(HOLDERS_KEY, signal))
        .filter(({ value }) => mayHold(readHolderRecord(value), bytes))
        .map(({ announcer }) => announcer);
    return { ...this.#getHost(), self, random, neighbours, find, segmentBytes, secret: () => this.#ownerSecret() };
  }

  /** Each holder once per file: its challenge serves all shards. */
  #getHost(): GetHost {
    const { clock, crypto, coder, caller } = this.#options;
    const holders = new Map<string, RemoteHolder>(); // bounded by the holders of one file
    const holder = (address: HashAddress): RemoteHolder => {
      const known = holders.get(address.toString()) ?? new RemoteHolder(caller, crypto, address);
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
