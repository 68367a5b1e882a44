import { expect, test } from 'vitest';
import { SeededRandom } from './seeded-random.ts';

/** xoshiro128** step by step with big integers, as its authors publish it. */
function* reference(seed: readonly number[]): IterableIterator<number> {
  const mask = 0xffffffffn;
  const rotate = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & mask;
  let [a, b, c, d] = seed.map(BigInt) as [bigint, bigint, bigint, bigint];
  for (;;) {
    yield Number((rotate((b * 5n) & mask, 7n) * 9n) & mask);
    const t = (b << 9n) & mask;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11n);
  }
}

test('the published generator, seeded by the SHA-256 of the seed', () => {
  // SHA-256 of "" begins e3b0c442 98fc1c14 9afbf4c8 996fb924; words are little-endian.
  const random = new SeededRandom('');
  const expected = reference([0x42c4b0e3, 0x141cfc98, 0xc8f4fb9a, 0x24b96f99]);
  for (let i = 0; i < 1_000; i++) expect(random.uint32()).toBe(expected.next().value);
});

test('the same seed gives the same draws, another gives others', () => {
  const draws = (seed: string): number[] => {
    const random = new SeededRandom(seed);
    return Array.from({ length: 8 }, () => random.uint32());
  };
  expect(draws('a')).toEqual(draws('a'));
  expect(draws('a')).not.toEqual(draws('b'));
});

test('bytes are the draws, least significant first, and a part of one at the end', () => {
  const words = new SeededRandom('bytes');
  const [first, second] = [words.uint32(), words.uint32()];
  const bytes = new SeededRandom('bytes').bytes(6);
  expect([...bytes]).toEqual([...[0, 8, 16, 24].map(by => (first >>> by) & 255), second & 255, (second >>> 8) & 255]);
  expect(new SeededRandom('bytes').bytes(0).length).toBe(0);
});

test('fractions lie in [0, 1) and fill it evenly', () => {
  const random = new SeededRandom('fractions');
  const counts = Array.from({ length: 10 }, () => 0);
  for (let i = 0; i < 10_000; i++) {
    const fraction = random.fraction();
    expect(fraction >= 0 && fraction < 1).toBe(true);
    counts[Math.floor(fraction * 10)]!++;
  }
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});
