/** Shards in memory: for tests, the simulator and nodes that keep nothing. */

import { SeaError } from '../../base/errors.ts';
import type { ShardEntry, ShardStore } from '../../ports/shard-store.ts';
import { checkBlockHash } from './store-rules.ts';

interface Kept {
  readonly record: Uint8Array;
  readonly bytes: Uint8Array;
}

export class MemoryShardStore implements ShardStore {
  readonly #shards = new Map<string, Kept>(); // bounded by its holder's quota

  async list(): Promise<ShardEntry[]> {
    return [...this.#shards].map(([id, { record, bytes }]) => ({
      id,
      byteLength: bytes.length,
      record: record.slice(),
    }));
  }

  async get(id: string): Promise<Uint8Array | undefined> {
    checkBlockHash(id);
    return this.#shards.get(id)?.bytes.slice();
  }

  async put(id: string, record: Uint8Array, bytes: Uint8Array): Promise<void> {
    checkBlockHash(id);
    this.#shards.set(id, { record: record.slice(), bytes: bytes.slice() });
  }

  async update(id: string, record: Uint8Array): Promise<void> {
    checkBlockHash(id);
    const kept = this.#shards.get(id);
    if (kept === undefined) throw new SeaError('NO_STORAGE', 'the shard is not here');
    this.#shards.set(id, { ...kept, record: record.slice() });
  }

  async delete(id: string): Promise<void> {
    checkBlockHash(id);
    this.#shards.delete(id);
  }
}
