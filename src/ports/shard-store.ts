/**
 * The shards that this device holds for others: each with a small record of its holder's own (leases and rights), written
 * together. Ids are 64 lower-case hex digits, else BAD_ARGUMENT. Unlike a block store it never gives anything up by itself:
 * what it took it keeps until it is told.
 */

export interface ShardEntry {
  readonly id: string;
  /** Bytes of the shard. */
  readonly byteLength: number;
  readonly record: Uint8Array;
}

export interface ShardStore {
  /** Every shard whose bytes and record are both there. */
  list(): Promise<ShardEntry[]>;
  /** The shard's bytes, or undefined. */
  get(id: string): Promise<Uint8Array | undefined>;
  /**
   * Keeps a shard with its record, in one step: when this resolves both outlive the process (killed, not unplugged); when it
   * rejects or never settles, neither or both are there. Throws NO_STORAGE.
   */
  put(id: string, record: Uint8Array, bytes: Uint8Array): Promise<void>;
  /** Replaces the record of a shard that is there. Throws NO_STORAGE, also for a shard that is not. */
  update(id: string, record: Uint8Array): Promise<void>;
  /** Gives up bytes and record. */
  delete(id: string): Promise<void>;
}
