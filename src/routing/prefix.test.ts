import { expect, test } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { compareDistance } from '../address/xor.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { comparePrefixes, hasPrefix, prefixOf, sharedBits, withPrefixes } from './prefix.ts';
import { addressOf } from './testing/test-net.ts';

const one = Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1);
const two = Uint8Array.of(2, 2, 2, 2, 2, 2, 2, 2);
const three = Uint8Array.of(3, 3, 3, 3, 3, 3, 3, 3);
const list = (...prefixes: Uint8Array[]): Uint8Array => Uint8Array.from(prefixes.flatMap(prefix => [...prefix]));

test('a prefix is the leading 8 bytes', () => {
  expect([...prefixOf(addressOf('0102030405060708ff'))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('a list has a prefix only where one begins', () => {
  expect(hasPrefix(list(one, two), two)).toBe(true);
  expect(hasPrefix(list(one, two), three)).toBe(false);
  expect(hasPrefix(new Uint8Array(0), one)).toBe(false);
  // 1,1,1,1,2,2,2,2 stands in the bytes of [one, two], but across the border.
  expect(hasPrefix(list(one, two), Uint8Array.of(1, 1, 1, 1, 2, 2, 2, 2))).toBe(false);
  expect(hasPrefix(list(one, two), list(three, two), 8)).toBe(true);
  expect(hasPrefix(list(one, two), list(two, three), 8)).toBe(false);
});

test('a union keeps the order of arrival, knows each once, and has a maximum', () => {
  expect(withPrefixes(list(one), list(two, one, three, two), 9)).toEqual(list(one, two, three));
  expect(withPrefixes(list(one), list(two, three), 2)).toEqual(list(one, two));
  expect(withPrefixes(list(one, two), list(three), 2)).toEqual(list(one, two));
  expect(withPrefixes(new Uint8Array(0), new Uint8Array(0), 4)).toEqual(new Uint8Array(0));
});

test('prefixes compare as the addresses they begin', () => {
  const random = new SeededRandom('prefix');
  for (let i = 0; i < 500; i++) {
    const [target, a, b] = [HashAddress.random(random), HashAddress.random(random), HashAddress.random(random)];
    const expected = Math.sign(compareDistance(target.bytes, a.bytes, b.bytes));
    expect(Math.sign(comparePrefixes(target.bytes, a.bytes, 0, b.bytes, 0))).toBe(expected);
    const both = list(prefixOf(a), prefixOf(b));
    expect(Math.sign(comparePrefixes(target.bytes, both, 0, both, 8))).toBe(expected);
    expect(comparePrefixes(target.bytes, both, 8, b.bytes, 0)).toBe(0);
  }
});

test('the leading bits in common, 64 at most', () => {
  const address = addressOf('0102030405060708ff').bytes;
  expect(sharedBits(address, list(three, prefixOf(addressOf('0102030405060708'))), 8)).toBe(64);
  expect(sharedBits(address, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 9), 0)).toBe(63);
  expect(sharedBits(address, Uint8Array.of(1, 2, 2, 4, 5, 6, 7, 8), 0)).toBe(23);
  expect(sharedBits(address, Uint8Array.of(0x81, 2, 3, 4, 5, 6, 7, 8), 0)).toBe(0);
});
