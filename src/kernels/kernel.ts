/**
 * The host of kernel.c: erasure coding and Merkle trees over byte strings of any length, in stripes through the module's
 * fixed memory. Synchronous: for workers, and for tests. One instance per thread; it holds 2 MiB and no secrets.
 */

import { assert } from '../base/assert.ts';
import { fromBase64 } from '../base/bytes.ts';
import { codeRow, recoveryRows } from './galois.ts';
import { kernelBase64 } from './kernel-bytes.ts';

/** Bytes of a leaf of a Merkle tree; the last one of a string may be shorter. */
export const LEAF_BYTES = 1024;
export const DIGEST_BYTES = 32;

/** What the host may use of the arena; the rest is slack that four-lane reads run into. */
const ARENA_BYTES = 2 * 1024 * 1024;
/** The kernel works on two vectors at a time. */
const GRAIN_BYTES = 32;
/** Longest stripe of one string: small enough that all stripes of a usual code stay in the processor's caches. */
const STRIPE_BYTES_MAX = 32_768;
/** Leaves hashed at a time. */
const LEAVES_MAX = 512;

const LEAF = 0;
const NODE = 1;
const ROOT = 2;

/** What the module exports. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  arena(): number;
  tables(coefficients: number, count: number, tables: number): void;
  code(tables: number, rows: number, columns: number, input: number, output: number, length: number): void;
  hash(prefix: number, input: number, length: number, count: number, output: number): void;
}

/** The part of the WebAssembly interface used here: the core is compiled without the platform's types. */
interface Engine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

export class Kernel {
  readonly #exports: Exports;
  readonly #arena: number;
  readonly #bytes: Uint8Array;

  /** Throws the engine's own error where a policy forbids WebAssembly. */
  constructor() {
    const { WebAssembly: engine } = globalThis as unknown as { readonly WebAssembly: Engine };
    this.#exports = new engine.Instance(new engine.Module(fromBase64(kernelBase64))).exports as Exports;
    this.#arena = this.#exports.arena();
    this.#bytes = new Uint8Array(this.#exports.memory.buffer);
  }

  /** The shards `from` to `to` - 1 of a code whose k data shards, all of one length, are given; from ≥ k. */
  parity(data: readonly Uint8Array[], from: number, to: number): Uint8Array<ArrayBuffer>[] {
    const rows = Array.from({ length: to - from }, (_, i) => codeRow(data.length, from + i));
    return this.#combineAll(rows, data);
  }

  /** The data shards `wanted` from k shards present, given with their indices. Throws nothing for k different indices. */
  recover(
    k: number,
    present: readonly { readonly index: number; readonly bytes: Uint8Array }[],
    wanted: readonly number[],
  ): Uint8Array<ArrayBuffer>[] {
    const rows = recoveryRows(
      k,
      present.map(({ index }) => index),
    );
    return this.#combineAll(
      wanted.map(row => rows.subarray(row * k, (row + 1) * k)),
      present.map(({ bytes }) => bytes),
    );
  }

  /**
   * The Merkle root of a byte string: leaf H(0x00‖block of 1 KiB), node H(0x01‖left‖right), an odd node promoted, root
   * H(0x02‖count of leaves as u64 big-endian‖top). An empty string has one empty leaf.
   */
  merkleRoot(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    let digests = this.#leaves(bytes);
    const count = digests.length / DIGEST_BYTES;
    while (digests.length > DIGEST_BYTES) digests = this.#fold(digests);
    const message = new Uint8Array(8 + DIGEST_BYTES);
    new DataView(message.buffer).setBigUint64(0, BigInt(count));
    message.set(digests, 8);
    return this.#hash(ROOT, message, message.length);
  }

  #leaves(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const whole = Math.floor(bytes.length / LEAF_BYTES);
    const rest = bytes.subarray(whole * LEAF_BYTES);
    const hasRest = rest.length > 0 || whole === 0;
    const digests = new Uint8Array((whole + (hasRest ? 1 : 0)) * DIGEST_BYTES);
    for (let leaf = 0; leaf < whole; leaf += LEAVES_MAX) {
      const block = bytes.subarray(leaf * LEAF_BYTES, Math.min(leaf + LEAVES_MAX, whole) * LEAF_BYTES);
      digests.set(this.#hash(LEAF, block, LEAF_BYTES), leaf * DIGEST_BYTES);
    }
    if (hasRest) digests.set(this.#hash(LEAF, rest, rest.length), whole * DIGEST_BYTES);
    return digests;
  }

  /** The next level of the tree. */
  #fold(digests: Uint8Array): Uint8Array<ArrayBuffer> {
    const pairBytes = 2 * DIGEST_BYTES;
    const pairs = Math.floor(digests.length / pairBytes);
    const odd = digests.subarray(pairs * pairBytes);
    const next = new Uint8Array(pairs * DIGEST_BYTES + odd.length);
    const stepBytes = LEAVES_MAX * pairBytes;
    for (let at = 0; at < pairs * pairBytes; at += stepBytes) {
      const block = digests.subarray(at, Math.min(at + stepBytes, pairs * pairBytes));
      next.set(this.#hash(NODE, block, pairBytes), at / 2);
    }
    next.set(odd, pairs * DIGEST_BYTES);
    return next;
  }

  /** The digests of prefix‖message for messages of `length` bytes that lie one after another. */
  #hash(prefix: number, messages: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
    const count = length === 0 ? 1 : messages.length / length;
    const input = this.#arena + LEAF_BYTES; // the kernel looks a byte back, and means none of it
    const output = input + LEAVES_MAX * LEAF_BYTES + GRAIN_BYTES;
    this.#bytes.set(messages, input);
    this.#exports.hash(prefix, input, length, count, output);
    return this.#bytes.slice(output, output + count * DIGEST_BYTES);
  }

  /** Each row of coefficients applied to the columns. */
  #combineAll(rows: readonly Uint8Array[], columns: readonly Uint8Array[]): Uint8Array<ArrayBuffer>[] {
    const length = columns[0]?.length ?? 0;
    assert(
      columns.every(column => column.length === length),
      'shards of one segment are of one length',
    );
    const outputs = rows.map(() => new Uint8Array(length));
    const rowsAtOnce = Math.max(1, Math.floor(ARENA_BYTES / 2 / (GRAIN_BYTES * columns.length + GRAIN_BYTES)) - 1);
    for (let row = 0; row < rows.length; row += rowsAtOnce) {
      this.#combine(rows.slice(row, row + rowsAtOnce), columns, outputs.slice(row, row + rowsAtOnce));
    }
    return outputs;
  }

  #combine(rows: readonly Uint8Array[], columns: readonly Uint8Array[], outputs: readonly Uint8Array[]): void {
    const coefficientBytes = rows.length * columns.length;
    const tables = this.#arena;
    const coefficients = tables + coefficientBytes * GRAIN_BYTES;
    for (const [i, row] of rows.entries()) this.#bytes.set(row, coefficients + i * columns.length);
    this.#exports.tables(coefficients, coefficientBytes, tables);
    const input = roundUp(coefficients + coefficientBytes);
    const room = this.#arena + ARENA_BYTES - input;
    const stripe = Math.min(STRIPE_BYTES_MAX, roundDown(room / (rows.length + columns.length)));
    const length = outputs[0]!.length;
    for (let at = 0; at < length; at += stripe) {
      const bytes = Math.min(stripe, length - at);
      const padded = roundUp(bytes);
      const output = input + columns.length * padded;
      for (const [i, column] of columns.entries()) this.#bytes.set(column.subarray(at, at + bytes), input + i * padded);
      this.#exports.code(tables, rows.length, columns.length, input, output, padded);
      for (const [i, target] of outputs.entries()) {
        const from = output + i * padded;
        target.set(this.#bytes.subarray(from, from + bytes), at);
      }
    }
  }
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / GRAIN_BYTES) * GRAIN_BYTES;
}

function roundDown(bytes: number): number {
  return Math.floor(bytes / GRAIN_BYTES) * GRAIN_BYTES;
}
