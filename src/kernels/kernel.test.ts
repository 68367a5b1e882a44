import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromBase64, toHex } from '../base/bytes.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { Kernel } from './kernel.ts';
import { kernelBase64 } from './kernel-bytes.ts';
import { referenceRoot, referenceShard } from './testing/reference.ts';

const kernel = new Kernel();
const random = new SeededRandom('kernels');
const shards = (k: number, length: number): Uint8Array[] => Array.from({ length: k }, () => random.bytes(length));

describe('the module', () => {
  it('is small enough to be compiled on a main thread at once, imports nothing, and was built from this source', () => {
    const bytes = fromBase64(kernelBase64);
    const text = readFileSync(new URL('./kernel-bytes.ts', import.meta.url), 'utf8');
    const source = readFileSync(new URL('./kernel.c', import.meta.url));
    expect(bytes.length).toBeLessThan(4096);
    expect(WebAssembly.Module.imports(new WebAssembly.Module(bytes))).toEqual([]);
    expect(text).toContain(`source SHA-256 ${createHash('sha256').update(source).digest('hex')}`);
    expect(text).toContain(`module SHA-256 ${createHash('sha256').update(bytes).digest('hex')}, ${bytes.length} bytes`);
  });
});

describe('parity', () => {
  it('of one byte in two shards, by hand: 5/(2^0) + 7/(2^1) over 0x11d', () => {
    // 1/2 = 0x8e and 1/3 = 0xf4 (2 * 0x8e = 0x11c ^ 0x11d = 1; 3 * 0xf4 = 0x1e8 ^ 0xf4 ^ 0x11d = 1).
    const [first] = kernel.parity([Uint8Array.of(1), Uint8Array.of(0)], 2, 3);
    const [second] = kernel.parity([Uint8Array.of(0), Uint8Array.of(1)], 2, 3);
    expect([first, second]).toEqual([Uint8Array.of(0x8e), Uint8Array.of(0xf4)]);
  });

  it.each([
    [1, 3, 100],
    [2, 3, 1],
    [4, 10, 32_768],
    [4, 10, 40_001],
    [8, 12, 1_000],
    [20, 60, 70_000],
    [5, 12, 33],
    [100, 128, 2_000],
  ])('k=%i n=%i over %i bytes is the reference, and any k shards give the data', (k, n, length) => {
    const data = shards(k, length);
    const parity = kernel.parity(data, k, n);
    for (const index of [k, n - 1]) expect(parity[index - k]).toEqual(referenceShard(data, index));
    const all = [...data, ...parity].map((bytes, index) => ({ index, bytes }));
    for (const chosen of [all.slice(n - k), pickEvery(all, k), [...all.slice(1, k), all[n - 1]!]]) {
      const wanted = data.map((_, i) => i);
      expect(kernel.recover(k, chosen, wanted).map(toHash)).toEqual(data.map(toHash));
    }
    expect(kernel.recover(k, all.slice(n - k), [k - 1])[0]).toEqual(data[k - 1]);
  });

  it('of nothing is nothing', () => {
    expect(kernel.parity([new Uint8Array(0)], 1, 2)).toEqual([new Uint8Array(0)]);
  });
});

describe('merkleRoot', () => {
  it.each([0, 1, 54, 55, 62, 63, 64, 1023, 1024, 1025, 2047, 2048, 3000, 4096, 5 * 1024, 7 * 1024 + 1, 600 * 1024 + 9])(
    'of %i bytes is the reference',
    length => {
      const bytes = random.bytes(length);
      expect(toHex(kernel.merkleRoot(bytes))).toBe(toHex(referenceRoot(bytes)));
    },
  );

  it('has this value for 2500 bytes of 0, 1, 2 …', () => {
    const bytes = new Uint8Array(2500).map((_, i) => i);
    expect(toHex(kernel.merkleRoot(bytes))).toBe(toHex(referenceRoot(bytes)));
    expect(toHex(kernel.merkleRoot(bytes))).toBe(GOLDEN);
  });

  it('tells a promoted node and a last block of zeros apart', () => {
    const bytes = new Uint8Array(3 * 1024);
    const roots = [bytes, bytes.subarray(1), new Uint8Array(4 * 1024)].map(each => toHex(kernel.merkleRoot(each)));
    expect(new Set(roots).size).toBe(3);
  });
});

const GOLDEN = 'b8bb8a28386e835fe8c060dd765aa918b33b93bcfcfbbe554a8108a706dd270b';

function pickEvery<T>(all: readonly T[], count: number): T[] {
  const step = all.length / count;
  return Array.from({ length: count }, (_, i) => all[Math.floor(i * step)]!);
}

function toHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
