/** Shards on their way to this device, piece by piece in memory until they are whole. */

import type { HashAddress } from '../address/hash-address.ts';
import type { Clock } from '../base/clock.ts';
import { SeaError } from '../base/errors.ts';
import { PIECE_BYTES_MAX, SPARE_SHARDS_MAX, UPLOAD_BYTES_MAX, UPLOAD_IDLE_MS } from './limits.ts';
import type { BeginRequest, PieceRequest } from './messages.ts';

/** Who uploads: its address, which costs nothing, and the neighbour by whom it comes. */
export interface Uploader {
  readonly owner: HashAddress;
  readonly by: HashAddress;
}

export interface Upload extends Uploader {
  readonly request: BeginRequest;
  readonly bytes: Uint8Array;
  /** Gives the room back that was reserved for it. */
  readonly release: () => void;
}

interface Pending extends Upload {
  /** Offsets of the pieces that are here. */
  readonly pieces: Set<number>;
  touchedMs: number;
}

export class Uploads {
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  /** Memory of shards that are stored, for those to come: fresh memory costs the machine more than filling it. */
  #spare: Uint8Array[] = [];
  #bytes = 0;
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Makes room for a shard; returns the upload's number. `reserve` gives the undo of what it keeps, which is called when the
   * upload is taken or given up. Throws OVERLOADED, and what `reserve` throws.
   */
  begin({ owner, by }: Uploader, request: BeginRequest, reserve: () => () => void): number {
    this.dropIdle();
    const { length } = request.terms;
    let theirs = countedBytes(length);
    for (const pending of this.#pending.values())
      if (pending.by.equals(by)) theirs += countedBytes(pending.bytes.length);
    if (theirs > UPLOAD_BYTES_MAX - this.#bytes) throw new SeaError('OVERLOADED', 'too much is being uploaded here');
    const release = reserve();
    const upload = ++this.#last;
    const bytes = this.#memory(length);
    this.#pending.set(upload, { owner, by, request, bytes, release, pieces: new Set(), touchedMs: this.#clock.now() });
    this.#bytes += countedBytes(length);
    return upload;
  }

  /** NOT_FOUND for an upload that is not this owner's or was given up; BAD_MESSAGE for a piece that is out of step. */
  add(owner: HashAddress, { upload, offset, bytes }: PieceRequest): void {
    const pending = this.#find(owner, upload);
    const expected = Math.min(PIECE_BYTES_MAX, pending.bytes.length - offset);
    if (offset % PIECE_BYTES_MAX !== 0 || bytes.length !== expected || expected <= 0)
      throw new SeaError('BAD_MESSAGE', 'a piece that does not belong to its shard');
    pending.bytes.set(bytes, offset);
    if (!pending.pieces.has(offset)) pending.touchedMs = this.#clock.now();
    pending.pieces.add(offset);
  }

  /** Takes a whole upload out. BAD_MESSAGE when pieces are missing; NOT_FOUND as `add`. The taker calls `release`. */
  take(owner: HashAddress, upload: number): Upload {
    const pending = this.#find(owner, upload);
    if (pending.pieces.size !== Math.ceil(pending.bytes.length / PIECE_BYTES_MAX))
      throw new SeaError('BAD_MESSAGE', 'pieces of the shard are missing');
    this.#remove(upload, pending);
    return pending;
  }

  /** Takes the memory of a shard back that was taken out and is stored. */
  recycle(bytes: Uint8Array): void {
    if (this.#spare.length < SPARE_SHARDS_MAX) this.#spare.push(bytes);
  }

  /** Gives that memory up. */
  forgetSpare(): void {
    this.#spare = [];
  }

  /** Gives up what had no piece for UPLOAD_IDLE_MS. */
  dropIdle(): void {
    const before = this.#clock.now() - UPLOAD_IDLE_MS;
    for (const [upload, pending] of this.#pending) {
      if (pending.touchedMs > before) continue;
      this.#remove(upload, pending);
      pending.release();
    }
  }

  /** Every byte of it is written before it is read: an upload is whole when all its pieces have come. */
  #memory(length: number): Uint8Array {
    const fit = this.#spare.findIndex(bytes => bytes.length === length);
    return fit === -1 ? new Uint8Array(length) : this.#spare.splice(fit, 1)[0]!;
  }

  #find(owner: HashAddress, upload: number): Pending {
    const pending = this.#pending.get(upload);
    if (pending === undefined || !pending.owner.equals(owner))
      throw new SeaError('NOT_FOUND', 'there is no such upload');
    return pending;
  }

  #remove(upload: number, pending: Pending): void {
    this.#pending.delete(upload);
    this.#bytes -= countedBytes(pending.bytes.length);
  }
}

function countedBytes(length: number): number {
  return Math.max(length, PIECE_BYTES_MAX);
}
