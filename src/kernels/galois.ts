/**
 * Arithmetic of erasure coding in plain numbers: GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1 (0x11d), the Cauchy rows that
 * make parity shards, and the inverse that finds lost ones (Blömer et al. 1995, "An XOR-based erasure-resilient coding
 * scheme", §4). Bulk work over these coefficients is the kernel's.
 */

import { assert } from '../base/assert.ts';

/** Shards of one segment at most: x and y of the Cauchy matrix share the 256 elements of the field. */
export const CODE_SHARDS_MAX = 256;

const POLYNOMIAL = 0x11d;

const exponents = new Uint8Array(510); // twice round, so that sums of logarithms need no reduction
const logarithms = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power++) {
  exponents[power] = value;
  exponents[power + 255] = value;
  logarithms[value] = power;
  value = (value << 1) ^ (value & 0x80 ? POLYNOMIAL : 0);
}

/** The product of two elements, 0 to 255. */
export function multiply(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : exponents[logarithms[a]! + logarithms[b]!]!;
}

/** The element whose product with `a` is 1; `a` is not 0. */
export function inverse(a: number): number {
  assert(a !== 0, '0 has no inverse');
  return exponents[255 - logarithms[a]!]!;
}

/** What shard `index` is made of: k coefficients of the data shards. Index < k is that data shard itself. */
export function codeRow(k: number, index: number): Uint8Array {
  assert(index < CODE_SHARDS_MAX && k <= CODE_SHARDS_MAX, 'a code has at most 256 shards');
  if (index < k) return new Uint8Array(k).map((_, column) => (column === index ? 1 : 0));
  return new Uint8Array(k).map((_, column) => inverse(index ^ column));
}

/**
 * The rows that give all k data shards from the k shards present: k × k coefficients, row by row; row r gives data shard
 * r as a sum over the shards in the order of `present`. `present` has k different indices.
 */
export function recoveryRows(k: number, present: readonly number[]): Uint8Array {
  assert(present.length === k && new Set(present).size === k, 'k different shards recover the data');
  const left = present.map(index => codeRow(k, index));
  const right = present.map((_, row) => codeRow(k, row));
  for (let column = 0; column < k; column++) {
    const pivot = left.findIndex((row, at) => at >= column && row[column] !== 0);
    assert(pivot !== -1, 'any k rows of the code are independent');
    swap(left, column, pivot);
    swap(right, column, pivot);
    const scale = inverse(left[column]![column]!);
    scaleRow(left[column]!, scale);
    scaleRow(right[column]!, scale);
    for (let row = 0; row < k; row++) {
      const factor = left[row]![column]!;
      if (row === column || factor === 0) continue;
      addRow(left[row]!, left[column]!, factor);
      addRow(right[row]!, right[column]!, factor);
    }
  }
  const rows = new Uint8Array(k * k);
  for (const [row, coefficients] of right.entries()) rows.set(coefficients, row * k);
  return rows;
}

function swap(rows: Uint8Array[], a: number, b: number): void {
  [rows[a], rows[b]] = [rows[b]!, rows[a]!];
}

function scaleRow(row: Uint8Array, factor: number): void {
  for (let i = 0; i < row.length; i++) row[i] = multiply(row[i]!, factor);
}

function addRow(row: Uint8Array, other: Uint8Array, factor: number): void {
  for (let i = 0; i < row.length; i++) row[i]! ^= multiply(other[i]!, factor);
}
