/**
 * The longest Collatz chain in a range of big numbers, as parts of consecutive numbers: the first workload of the Pando
 * paper (Lavoie et al. 2019).
 *
 * Input, 68 bytes, little-endian: u32 count (1 to 2^24), then the first number in 64 bytes (1 to 2^512 - 1, as the last
 * of the range must be too). Output, 76 bytes: u32 steps of the longest chain, its number in 64 bytes (the lowest of
 * several), u64 sum of the steps of all chains. A chain is n -> n/2 or 3n+1 until 1. Any other input traps, and so does
 * a chain that climbs above 2^1024.
 */

import { checkInteger, type TaskMeta, viewOutput } from '../task.ts';

export const collatz: TaskMeta = {
  name: 'collatz',
  title: 'Longest Collatz chain',
  description: 'Finds, in a range of big numbers, the one that takes most steps of n/2 or 3n+1 to come down to 1.',
  memoryBytesMax: 1024 * 1024,
  inputBytesMax: 68,
  outputBytesMax: 76,
};

const NUMBER_BYTES = 64;
export const NUMBER_MAX: bigint = (1n << 512n) - 1n;

export interface CollatzRange {
  /** The first number, at least 1. */
  readonly start: bigint;
  /** How many numbers in all. */
  readonly count: number;
  /** How many numbers in a part, at most 2^24. */
  readonly perPart: number;
}

/** Ten million numbers above 2^127 in 77 parts of about 40 ms. */
export const defaultRange: CollatzRange = { start: 1n << 127n, count: 10_000_000, perPart: 131_072 };

export interface CollatzResult {
  /** The number with the longest chain. */
  readonly best: bigint;
  /** The length of that chain. */
  readonly steps: number;
  /** All steps that were taken. */
  readonly totalSteps: bigint;
}

/** A number in decimal digits, which spaces, underscores and apostrophes may group. Throws RangeError. */
export function parseNumber(text: string): bigint {
  const digits = text.replaceAll(/[\s_']/g, '');
  if (!/^\d{1,155}$/.test(digits)) throw new RangeError('expected a whole number of at most 155 decimal digits');
  const number = BigInt(digits);
  if (number < 1n || number > NUMBER_MAX) throw new RangeError('expected a number from 1 to 2^512 - 1');
  return number;
}

/** Throws RangeError for a range that the task would refuse. Returns the range. */
export function checkRange(range: CollatzRange): CollatzRange {
  checkInteger(range.count, 1, Number.MAX_SAFE_INTEGER, 'count');
  checkInteger(range.perPart, 1, 2 ** 24, 'numbers per part');
  if (range.start < 1n || range.start + BigInt(range.count) - 1n > NUMBER_MAX) {
    throw new RangeError('expected a range within 1 to 2^512 - 1');
  }
  return range;
}

/** How many parts the range has. */
export function collatzPartCount(range: CollatzRange): number {
  return Math.ceil(range.count / range.perPart);
}

/** The input of one part. Throws RangeError beyond the last. */
export function collatzPart(range: CollatzRange, index: number): Uint8Array<ArrayBuffer> {
  checkInteger(index, 0, collatzPartCount(range) - 1, 'part');
  const before = index * range.perPart;
  const data = new DataView(new ArrayBuffer(4 + NUMBER_BYTES));
  data.setUint32(0, Math.min(range.perPart, range.count - before), true);
  writeNumber(data, 4, range.start + BigInt(before));
  return new Uint8Array(data.buffer);
}

/** The inputs of all parts, made as they are asked for. Throws RangeError (see checkRange) at the first. */
export function* collatzParts(range: CollatzRange): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  checkRange(range);
  for (let index = 0; index < collatzPartCount(range); index++) yield collatzPart(range, index);
}

/** What an output says. Throws RangeError when it is not 76 bytes. */
export function readCollatz(output: Uint8Array): CollatzResult {
  const data = viewOutput(output, 4 + NUMBER_BYTES + 8);
  return {
    best: readNumber(data, 4),
    steps: data.getUint32(0, true),
    totalSteps: data.getBigUint64(4 + NUMBER_BYTES, true),
  };
}

/** The result of two ranges together: the longer chain, of equal ones the lower number. */
export function mergeCollatz(a: CollatzResult, b: CollatzResult): CollatzResult {
  const aWins = a.steps > b.steps || (a.steps === b.steps && a.best <= b.best);
  const { best, steps } = aWins ? a : b;
  return { best, steps, totalSteps: a.totalSteps + b.totalSteps };
}

/** Writes 64 bytes, lowest first. */
export function writeNumber(data: DataView, at: number, number: bigint): void {
  for (let i = 0; i < NUMBER_BYTES; i += 8) {
    data.setBigUint64(at + i, BigInt.asUintN(64, number >> BigInt(8 * i)), true);
  }
}

/** Reads 64 bytes, lowest first. */
export function readNumber(data: DataView, at: number): bigint {
  let number = 0n;
  for (let i = NUMBER_BYTES - 8; i >= 0; i -= 8) number = (number << 64n) | data.getBigUint64(at + i, true);
  return number;
}
