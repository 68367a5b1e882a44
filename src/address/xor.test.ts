import { expect, test } from 'vitest';
import { below } from '../base/random.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { HashAddress } from './hash-address.ts';
import { compareDistance, nearest } from './xor.ts';

function address(hexPrefix: string): HashAddress {
  return HashAddress.from(hexPrefix.padEnd(64, '0'));
}

test('compareDistance orders by the XOR with the target, on every bit', () => {
  const sign = (target: number[], a: number[], b: number[]): number =>
    Math.sign(compareDistance(Uint8Array.from(target), Uint8Array.from(a), Uint8Array.from(b)));
  expect(sign([0b0101], [0b0100], [0b0111])).toBe(-1); // 1 against 2
  expect(sign([0b0101], [0b0111], [0b0100])).toBe(1);
  expect(sign([7, 7], [9, 1], [9, 1])).toBe(0);
  expect(sign([0, 0], [0, 1], [0, 2])).toBe(-1);
  expect(sign([0xff, 0], [0xfe, 0xff], [0xfd, 0])).toBe(-1); // 0x01ff against 0x0200
});

test('it agrees with big integers', () => {
  const random = new SeededRandom('xor');
  for (let round = 0; round < 1_000; round++) {
    const target = HashAddress.random(random);
    const a = target.flipBitRandomise(below(random, 256), random);
    const b = round % 3 === 0 ? HashAddress.random(random) : a.flipBitRandomise(below(random, 256), random);
    const far = (to: HashAddress): bigint => BigInt(`0x${target}`) ^ BigInt(`0x${to}`);
    const expected = far(a) < far(b) ? -1 : far(a) > far(b) ? 1 : 0;
    expect(Math.sign(compareDistance(target.bytes, a.bytes, b.bytes))).toBe(expected);
  }
});

test('nearest gives the first few in order of distance, and leaves its input alone', () => {
  const items = Object.freeze(['f0', '01', '03', '80', '02'].map(hex => ({ address: address(hex) })));
  const order = (count?: number): string[] =>
    nearest(address('00'), items, count).map(item => item.address.toString().slice(0, 2));
  expect(order()).toEqual(['01', '02', '03', '80', 'f0']);
  expect(order(2)).toEqual(['01', '02']);
  expect(order(0)).toEqual([]);
  expect(nearest(address('81'), items, 1)[0]!.address.toString().slice(0, 2)).toBe('80');
  expect(nearest(address('00'), new Set<{ address: HashAddress }>())).toEqual([]);
});

test('a difference that dist() does not see still decides', () => {
  const far = { address: address(`${'0'.repeat(56)}00000002`) };
  const near = { address: address(`${'0'.repeat(56)}00000001`) };
  expect(address('').dist(far.address)).toBe(address('').dist(near.address));
  expect(nearest(address(''), [far, near], 1)).toEqual([near]);
});

test('without a count none is left out', () => {
  const random = new SeededRandom('many');
  const items = Array.from({ length: 400 }, () => ({ address: HashAddress.random(random) }));
  expect(nearest(address(''), items).length).toBe(400);
});

test('any count gives the beginning of the whole order; those alike keep theirs', () => {
  const random = new SeededRandom('picked');
  const target = HashAddress.random(random);
  const addresses = Array.from({ length: 60 }, () => target.flipBitRandomise(below(random, 6), random));
  const items = Array.from({ length: 90 }, (_, i) => ({ address: addresses[i % 60]!, i }));
  const sorted = items.toSorted((a, b) => compareDistance(target.bytes, a.address.bytes, b.address.bytes));
  for (const count of [0, 1, 2, 8, 31, 32, 33, 89, 90, 91]) {
    expect(nearest(target, items, count), `${count}`).toEqual(sorted.slice(0, count));
  }
});
