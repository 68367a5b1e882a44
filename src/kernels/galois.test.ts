import { describe, expect, it } from 'vitest';
import { codeRow, inverse, multiply, recoveryRows } from './galois.ts';

describe('GF(2^8) modulo 0x11d', () => {
  it('multiplies', () => {
    expect([multiply(2, 0x80), multiply(0x80, 2), multiply(3, 7), multiply(0, 5), multiply(1, 0xff)]).toEqual([
      0x1d, 0x1d, 9, 0, 0xff,
    ]);
  });

  it('gives every element but 0 an inverse', () => {
    for (let a = 1; a < 256; a++) expect(multiply(a, inverse(a))).toBe(1);
    expect(() => inverse(0)).toThrow();
  });
});

describe('rows of the code', () => {
  it('are the data shards first, then 1 / (index ^ column)', () => {
    expect(codeRow(3, 1)).toEqual(Uint8Array.of(0, 1, 0));
    expect(codeRow(2, 3)).toEqual(Uint8Array.of(inverse(3), inverse(2)));
  });

  it('that are all there recover themselves', () => {
    expect(recoveryRows(2, [0, 1])).toEqual(Uint8Array.of(1, 0, 0, 1));
    expect(recoveryRows(2, [1, 0])).toEqual(Uint8Array.of(0, 1, 1, 0));
  });

  it('recover from any k of a code with 256 shards', () => {
    const k = 16;
    const present = Array.from({ length: k }, (_, i) => 255 - 15 * i);
    const rows = recoveryRows(k, present);
    for (let row = 0; row < k; row++) {
      for (let column = 0; column < k; column++) {
        let sum = 0;
        for (let i = 0; i < k; i++) sum ^= multiply(rows[row * k + i]!, codeRow(k, present[i]!)[column]!);
        expect(sum).toBe(row === column ? 1 : 0);
      }
    }
  });

  it('refuse too few shards and one given twice', () => {
    expect(() => recoveryRows(2, [0])).toThrow();
    expect(() => recoveryRows(2, [1, 1])).toThrow();
  });
});
