/**
 * A SHA-256 proof search as parts of consecutive nonces: find the nonce for which SHA-256(prefix || nonce) begins with
 * a number of zero bits. The nonce is 8 bytes, big-endian.
 *
 * Input, little-endian: u32 difficulty (zero bits, 0 to 256), u32 count (1 to 2^30), u64 first nonce (the range must
 * end below 2^64), then the prefix (0 to 4096 bytes). Output: the byte 0 when no nonce of the range fits; else the byte
 * 1, u64 the lowest nonce that fits, and its digest in 32 bytes. Any other input traps.
 */

import { checkInteger, type TaskMeta, viewOutput } from '../task.ts';

export const hashSearch: TaskMeta = {
  name: 'hash-search',
  title: 'SHA-256 proof search',
  description: 'Searches for a nonce that gives a text a SHA-256 hash with many leading zero bits, four at a time.',
  memoryBytesMax: 1024 * 1024,
  inputBytesMax: 16 + 4096,
  outputBytesMax: 41,
};

const HEADER_BYTES = 16;
const NONCE_END = 1n << 64n;

export interface HashSearch {
  /** What is hashed before the nonce, at most 4096 bytes. */
  readonly prefix: Uint8Array;
  /** Zero bits asked for, 0 to 256: about 2^difficulty nonces must be tried. */
  readonly difficulty: number;
  /** The first nonce. */
  readonly start: bigint;
  /** How many nonces at most; the search may go on to 2^64. */
  readonly count: bigint;
  /** How many nonces in a part, at most 2^30. */
  readonly perPart: number;
}

/** A search of some 2^26 nonces in parts of about 50 ms. */
export const defaultSearch: Omit<HashSearch, 'prefix'> = {
  difficulty: 26,
  start: 0n,
  count: 1n << 32n,
  perPart: 1 << 19,
};

export interface HashFind {
  readonly nonce: bigint;
  /** SHA-256(prefix || nonce), 32 bytes. */
  readonly digest: Uint8Array;
}

/** Throws RangeError for a search that the task would refuse. Returns the search. */
export function checkSearch(search: HashSearch): HashSearch {
  checkInteger(search.prefix.length, 0, 4096, 'bytes of the prefix');
  checkInteger(search.difficulty, 0, 256, 'difficulty');
  checkInteger(search.perPart, 1, 2 ** 30, 'nonces per part');
  if (search.start < 0n || search.count < 1n || search.start + search.count > NONCE_END) {
    throw new RangeError('the nonces must lie within 0 to 2^64 - 1');
  }
  return search;
}

/** How many parts the search has at most; with 2^53 of them and more the number is rounded. */
export function hashSearchPartCount(search: HashSearch): number {
  const perPart = BigInt(search.perPart);
  return Number((search.count + perPart - 1n) / perPart);
}

/** The input of one part. Throws RangeError beyond the last. */
export function hashSearchPart(search: HashSearch, index: number): Uint8Array<ArrayBuffer> {
  checkInteger(index, 0, Math.min(hashSearchPartCount(search) - 1, Number.MAX_SAFE_INTEGER), 'part');
  const before = BigInt(index) * BigInt(search.perPart);
  const rest = search.count - before;
  const input = new Uint8Array(HEADER_BYTES + search.prefix.length);
  const data = new DataView(input.buffer);
  data.setUint32(0, search.difficulty, true);
  data.setUint32(4, rest < BigInt(search.perPart) ? Number(rest) : search.perPart, true);
  data.setBigUint64(8, search.start + before, true);
  input.set(search.prefix, HEADER_BYTES);
  return input;
}

/**
 * The inputs of all parts, made as they are asked for: stop at the first find (in order, it is the lowest nonce).
 * Throws RangeError (see checkSearch) at the first.
 */
export function* hashSearchParts(search: HashSearch): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  checkSearch(search);
  for (let index = 0; index < hashSearchPartCount(search); index++) yield hashSearchPart(search, index);
}

/** What an output says: a find, or undefined when the part has none. Throws RangeError for anything else. */
export function readHashSearch(output: Uint8Array): HashFind | undefined {
  if (output.length === 1 && output[0] === 0) return undefined;
  const data = viewOutput(output, 41);
  if (output[0] !== 1) throw new RangeError(`expected a find to begin with 1, got ${output[0]}`);
  return { nonce: data.getBigUint64(1, true), digest: output.slice(9) };
}
