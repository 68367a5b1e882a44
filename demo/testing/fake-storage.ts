/** The storage of a sea for tests of the page's state: it does what the test says, and remembers what was asked of it. */

import type { HashAddress } from '../../src/address/hash-address.ts';
import type {
  Deletion,
  FileLinks,
  GetOptions,
  HolderStatus,
  LookOptions,
  PutOptions,
  ShardSight,
  StoredFile,
} from '../../src/index.ts';

export class FakeStorage {
  /** Every quota that was lent, in order. */
  readonly lent: number[] = [];
  readonly puts: { readonly k: number | undefined; readonly n: number | undefined }[] = [];
  readonly deleted: string[] = [];
  gaveUp = 0;
  held: HolderStatus = { quotaBytes: 0, usedBytes: 0, shards: 0, endsAtMs: undefined, servedBytes: 0 };
  /** What lend does, beside being remembered. */
  lending: () => Promise<void> = async () => {};
  /** Who offers room for so many bytes. */
  offering: (bytes: number) => HashAddress[] = () => [];
  putting: (file: unknown, options: PutOptions) => Promise<FileLinks> = async () => ({ read: 'r', delete: 'd' });
  inspecting: (link: string) => Promise<StoredFile> = () => new Promise(() => {});
  looking: (options: LookOptions) => Promise<ShardSight[]> = async () => [];
  getting: (options: GetOptions) => AsyncIterable<Uint8Array> = nothing;
  deleting: () => Promise<Deletion> = async () => ({ deleted: 1, missed: 0 });

  async lend({ quotaBytes }: { readonly quotaBytes: number }): Promise<void> {
    this.lent.push(quotaBytes);
    await this.lending();
  }

  async giveUp(): Promise<void> {
    this.gaveUp += 1;
  }

  status(): HolderStatus {
    return this.held;
  }

  async offers({
    bytes = 1,
    wanted = 10,
  }: {
    readonly bytes?: number;
    readonly wanted?: number;
  } = {}): Promise<HashAddress[]> {
    return this.offering(bytes).slice(0, wanted);
  }

  put(file: unknown, options: PutOptions): Promise<FileLinks> {
    this.puts.push({ k: options.k, n: options.n });
    return this.putting(file, options);
  }

  inspect(link: string): Promise<StoredFile> {
    return this.inspecting(link);
  }

  look(_link: string, options: LookOptions): Promise<ShardSight[]> {
    return this.looking(options);
  }

  get(_link: string, options: GetOptions): AsyncIterable<Uint8Array> {
    return this.getting(options);
  }

  delete(link: string): Promise<Deletion> {
    this.deleted.push(link);
    return this.deleting();
  }
}

async function* nothing(): AsyncIterable<Uint8Array> {}
