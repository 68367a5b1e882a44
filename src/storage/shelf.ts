/**
 * The shards that this device holds, their leases and the room they take: the one table of them. Written through to the
 * store; nothing is agreed to before the store has it.
 */

import { toHex } from '../base/bytes.ts';
import { SeaError } from '../base/errors.ts';
import type { Log } from '../ports/log.ts';
import type { ShardStore } from '../ports/shard-store.ts';
import { decodeLeases, encodeLeases, type Lease } from './lease.ts';
import { LEASES_PER_SHARD_MAX } from './limits.ts';

interface Held {
  readonly byteLength: number;
  readonly leases: readonly Lease[];
}

export class Shelf {
  readonly #store: ShardStore;
  readonly #log: Log;
  readonly #held = new Map<string, Held>(); // bounded by the quota
  /** The last change of each shard under way: changes of one shard wait for each other. */
  readonly #turns = new Map<string, Promise<unknown>>();
  #usedBytes = 0;
  #reservedBytes = 0;
  #quotaBytes = 0;
  #loaded: Promise<void> | undefined;

  constructor(store: ShardStore, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  get count(): number {
    return this.#held.size;
  }

  /** When the last lease ends, Unix time, ms. */
  get endsAtMs(): number | undefined {
    let last: number | undefined;
    for (const { leases } of this.#held.values())
      for (const { endsAtMs } of leases) if (last === undefined || endsAtMs > last) last = endsAtMs;
    return last;
  }

  /** What may be held in all. Lowering it gives up nothing that is leased. */
  get quotaBytes(): number {
    return this.#quotaBytes;
  }

  set quotaBytes(bytes: number) {
    this.#quotaBytes = bytes;
  }

  get freeBytes(): number {
    return Math.max(0, this.#quotaBytes - this.#usedBytes - this.#reservedBytes);
  }

  /** Reads what was held before; once. Throws NO_STORAGE, and tries again the next time. */
  load(): Promise<void> {
    this.#loaded ??= this.#load().catch((error: unknown) => {
      this.#loaded = undefined;
      throw error;
    });
    return this.#loaded;
  }

  has(id: string): boolean {
    return this.#held.has(id);
  }

  leases(id: string): readonly Lease[] {
    return this.#held.get(id)?.leases ?? [];
  }

  /** Keeps room free for bytes that are on their way; returns the undo. Throws QUOTA. */
  reserve(bytes: number): () => void {
    if (bytes > this.freeBytes)
      throw new SeaError('QUOTA', `${bytes} bytes do not fit: ${this.freeBytes} of ${this.#quotaBytes} are free`);
    this.#reservedBytes += bytes;
    let isHeld = true;
    return () => {
      if (isHeld) this.#reservedBytes -= bytes;
      isHeld = false;
    };
  }

  /** Keeps a shard, or only its lease where the shard is here. Resolved when both are durable. */
  async keep(id: string, bytes: Uint8Array, lease: Lease): Promise<void> {
    await this.#inTurn(id, async () => {
      const held = this.#held.get(id);
      if (held !== undefined) return this.#extend(id, held, lease);
      await this.#store.put(id, encodeLeases([lease]), bytes);
      this.#set(id, { byteLength: bytes.length, leases: [lease] });
    });
  }

  /** Adds a lease to a shard that is here, or renews the one of the same delete key. NOT_FOUND, OVERLOADED. */
  async lease(id: string, lease: Lease): Promise<void> {
    await this.#inTurn(id, async () => {
      const held = this.#held.get(id);
      if (held === undefined) throw new SeaError('NOT_FOUND', 'the shard is not held here');
      await this.#extend(id, held, lease);
    });
  }

  /** Ends the leases for which `isOver` holds; a shard without leases is given up. */
  async endLeases(id: string, isOver: (lease: Lease) => boolean): Promise<void> {
    await this.#inTurn(id, async () => {
      const held = this.#held.get(id);
      if (held === undefined) return;
      const leases = held.leases.filter(lease => !isOver(lease));
      if (leases.length === held.leases.length) return;
      if (leases.length > 0) {
        await this.#store.update(id, encodeLeases(leases));
        this.#set(id, { ...held, leases });
      } else {
        await this.#store.delete(id);
        this.#remove(id);
      }
    });
  }

  /** Ends every lease whose time is over. */
  async sweep(nowMs: number): Promise<void> {
    const over = [...this.#held].filter(([, { leases }]) => leases.some(({ endsAtMs }) => endsAtMs <= nowMs));
    for (const [id] of over) await this.endLeases(id, ({ endsAtMs }) => endsAtMs <= nowMs);
  }

  /** The bytes of a shard; NOT_FOUND. */
  async read(id: string): Promise<Uint8Array> {
    const bytes = this.#held.has(id) ? await this.#store.get(id) : undefined;
    if (bytes === undefined) throw new SeaError('NOT_FOUND', 'the shard is not held here');
    return bytes;
  }

  async #load(): Promise<void> {
    for (const { id, byteLength, record } of await this.#store.list()) {
      try {
        this.#set(id, { byteLength, leases: decodeLeases(record) });
      } catch (error) {
        this.#log.write('warn', 'a shard without a readable record is given up', { id, error: String(error) });
        await this.#store.delete(id);
      }
    }
  }

  async #extend(id: string, held: Held, lease: Lease): Promise<void> {
    const name = toHex(lease.deleteKey);
    const others = held.leases.filter(({ deleteKey }) => toHex(deleteKey) !== name);
    if (others.length >= LEASES_PER_SHARD_MAX) throw new SeaError('OVERLOADED', 'too many leases on one shard');
    const leases = [...others, lease];
    await this.#store.update(id, encodeLeases(leases));
    this.#set(id, { ...held, leases });
  }

  #set(id: string, held: Held): void {
    this.#usedBytes += held.byteLength - (this.#held.get(id)?.byteLength ?? 0);
    this.#held.set(id, held);
  }

  #remove(id: string): void {
    this.#usedBytes -= this.#held.get(id)?.byteLength ?? 0;
    this.#held.delete(id);
  }

  async #inTurn(id: string, change: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(id) ?? Promise.resolve()).then(change);
    const settled = turn.catch(() => {}); // its caller hears of it
    this.#turns.set(id, settled);
    try {
      await turn;
    } finally {
      if (this.#turns.get(id) === settled) this.#turns.delete(id);
    }
  }
}
