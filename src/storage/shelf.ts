/**
 * The shards that this device holds, their leases and the room they take: the one table of them. Written through to the
 * store; nothing is agreed to before the store has it.
 */

import { concat, equal } from '../base/bytes.ts';
import { SeaError } from '../base/errors.ts';
import type { Log } from '../ports/log.ts';
import type { ShardStore } from '../ports/shard-store.ts';
import { decodeLeases, encodeLeases, type Lease } from './lease.ts';
import { LEASE_ROOM_BYTES, LEASES_PER_SHARD_MAX, SHARD_ROOM_BYTES } from './limits.ts';

interface Held {
  readonly byteLength: number;
  readonly leases: readonly Lease[];
}

/** What a shard of so many bytes with so many leases takes of the quota. */
export function roomOf(byteLength: number, leases: number): number {
  return byteLength + SHARD_ROOM_BYTES + leases * LEASE_ROOM_BYTES;
}

export class Shelf {
  readonly #store: ShardStore;
  readonly #log: Log;
  readonly #held = new Map<string, Held>(); // bounded by the quota
  /** The last change of each shard under way: changes of one shard wait for each other. */
  readonly #turns = new Map<string, Promise<unknown>>();
  #usedBytes = 0;
  #reservedBytes = 0;
  #endsAtMs = 0;
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

  /** When the last lease ends, Unix time, ms; one that was given up since the last sweep counts. */
  get endsAtMs(): number | undefined {
    return this.#held.size === 0 ? undefined : this.#endsAtMs;
  }

  /** What may be held in all. Lowering it gives up nothing that is leased. */
  get quotaBytes(): number {
    return this.#quotaBytes;
  }

  set quotaBytes(bytes: number) {
    this.#quotaBytes = bytes;
  }

  /** Bytes of a shard that would fit. */
  get freeBytes(): number {
    return Math.max(0, this.#freeRoom - roomOf(0, 1));
  }

  get #freeRoom(): number {
    return this.#quotaBytes - this.#usedBytes - this.#reservedBytes;
  }

  /** Reads what was held before; once. Throws NO_STORAGE, and tries again the next time. */
  load(): Promise<void> {
    this.#loaded ??= this.#load().catch((error: unknown) => {
      this.#loaded = undefined;
      throw error;
    });
    return this.#loaded;
  }

  leases(id: string): readonly Lease[] {
    return this.#held.get(id)?.leases ?? [];
  }

  /** Keeps room free for a shard that is on its way; returns the undo. Throws QUOTA. */
  reserve(byteLength: number): () => void {
    return this.#reserve(roomOf(byteLength, 1));
  }

  #reserve(room: number): () => void {
    if (room > this.#freeRoom)
      throw new SeaError('QUOTA', `${room} bytes do not fit: ${this.#freeRoom} of ${this.#quotaBytes} are free`);
    this.#reservedBytes += room;
    let isHeld = true;
    return () => {
      if (isHeld) this.#reservedBytes -= room;
      isHeld = false;
    };
  }

  /** Keeps a shard, or only its lease where the shard is here. Resolved when both are durable. Throws as `lease`. */
  async keep(id: string, bytes: Uint8Array, lease: Lease): Promise<void> {
    await this.#inTurn(id, async () => {
      const held = this.#held.get(id);
      if (held !== undefined) return this.#extend(id, held, bytes.length, lease);
      await this.#store.put(id, encodeLeases([lease]), bytes);
      this.#set(id, { byteLength: bytes.length, leases: [lease] });
    });
  }

  /**
   * Adds a lease to a shard that is here, or renews the one of the same delete key, whose end never comes nearer; false where
   * it is not here. Throws NO_RIGHT when that lease gives its rights to other keys, DAMAGED for a shard of another length,
   * QUOTA, OVERLOADED.
   */
  async lease(id: string, byteLength: number, lease: Lease): Promise<boolean> {
    return this.#inTurn(id, async () => {
      const held = this.#held.get(id);
      if (held !== undefined) await this.#extend(id, held, byteLength, lease);
      return held !== undefined;
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
    const isOver = ({ endsAtMs }: Lease): boolean => endsAtMs <= nowMs;
    let last = 0;
    const over: string[] = [];
    for (const [id, { leases }] of this.#held) {
      if (leases.some(isOver)) over.push(id);
      for (const lease of leases) if (!isOver(lease)) last = Math.max(last, lease.endsAtMs);
    }
    this.#endsAtMs = last;
    for (const id of over) await this.endLeases(id, isOver);
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
        this.#log.write('warn', 'a shard without a readable record is given up', { id, error });
        await this.#store.delete(id);
      }
    }
  }

  async #extend(id: string, held: Held, byteLength: number, lease: Lease): Promise<void> {
    if (held.byteLength !== byteLength) throw new SeaError('DAMAGED', 'the shard is of another length');
    const known = held.leases.find(({ deleteKey }) => equal(deleteKey, lease.deleteKey));
    if (known !== undefined && !equal(rightsOf(known), rightsOf(lease)))
      throw new SeaError('NO_RIGHT', 'the lease of this key gives its rights to other keys');
    if (known !== undefined && known.endsAtMs >= lease.endsAtMs) return;
    if (known === undefined && held.leases.length >= LEASES_PER_SHARD_MAX)
      throw new SeaError('OVERLOADED', 'too many leases on one shard');
    const leases = [...held.leases.filter(each => each !== known), lease];
    const release = known === undefined ? this.#reserve(LEASE_ROOM_BYTES) : undefined;
    try {
      await this.#store.update(id, encodeLeases(leases));
      this.#set(id, { ...held, leases });
    } finally {
      release?.();
    }
  }

  #set(id: string, held: Held): void {
    this.#remove(id);
    this.#usedBytes += roomOf(held.byteLength, held.leases.length);
    for (const { endsAtMs } of held.leases) this.#endsAtMs = Math.max(this.#endsAtMs, endsAtMs);
    this.#held.set(id, held);
  }

  #remove(id: string): void {
    const held = this.#held.get(id);
    if (held !== undefined) this.#usedBytes -= roomOf(held.byteLength, held.leases.length);
    this.#held.delete(id);
  }

  async #inTurn<T>(id: string, change: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(id) ?? Promise.resolve()).then(change);
    const settled = turn.catch(() => {}); // its caller hears of it
    this.#turns.set(id, settled);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(id) === settled) this.#turns.delete(id);
    }
  }
}

/** What a renewal leaves as it is. */
function rightsOf({ fetchKey, root, verifyKey }: Lease): Uint8Array {
  return concat(fetchKey, root, verifyKey ?? new Uint8Array(0));
}
