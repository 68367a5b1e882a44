import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { fromHex, toBase64 } from '../base/bytes.ts';
import { below } from '../base/random.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { ADDRESS_BITS, ADDRESS_BYTES, HashAddress } from './hash-address.ts';

const zero = HashAddress.from('0'.repeat(64));

/** The address that begins with these hex digits and goes on in zeros. */
function address(hexPrefix: string): HashAddress {
  return HashAddress.from(hexPrefix.padEnd(64, '0'));
}

/** The address that begins with these bits and goes on as the last of them. */
function fromBits(bits: string): HashAddress {
  const digits = bits.padEnd(256, bits.at(-1)).match(/.{4}/g)!;
  return HashAddress.from(digits.map(four => Number.parseInt(four, 2).toString(16)).join(''));
}

function randomAddress(random: SeededRandom): HashAddress {
  return HashAddress.from(random.bytes(ADDRESS_BYTES));
}

test('make is the SHA-256 of a text or of bytes (FIPS 180-4 examples)', async () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect((await HashAddress.make('abc')).toString()).toBe(abc);
  expect((await HashAddress.make(Uint8Array.of(0x61, 0x62, 0x63))).toString()).toBe(abc);
  expect((await HashAddress.make(Uint8Array.of(0x61, 0x62, 0x63).buffer)).toString()).toBe(abc);
  expect((await HashAddress.make('')).toString()).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  );
  expect((await HashAddress.make('sjø 🌊')).toString()).toBe(createHash('sha256').update('sjø 🌊').digest('hex'));
  expect(HashAddress.hash(new Uint8Array(0)).equals(await HashAddress.make(''))).toBe(true);
});

test('make takes a view as the bytes it shows, not as the memory behind', async () => {
  const memory = Uint8Array.of(9, 0x61, 0x62, 0x63, 9);
  expect((await HashAddress.make(memory.subarray(1, 4))).equals(await HashAddress.make('abc'))).toBe(true);
});

test('from takes bytes, hex of either case, base64 and base64url', () => {
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => 0xf8 + i);
  const expected = 'f8f9fafbfcfdfeff000102030405060708090a0b0c0d0e0f1011121314151617';
  const base64 = '+Pn6+/z9/v8AAQIDBAUGBwgJCgsMDQ4PEBESExQVFhc=';
  expect(toBase64(bytes)).toBe(base64);
  const forms = {
    bytes,
    memory: bytes.buffer,
    view: Uint8Array.of(1, ...bytes, 2).subarray(1, 33),
    hex: expected,
    HEX: expected.toUpperCase(),
    base64,
    'base64 without padding': base64.slice(0, 43),
    base64url: '-Pn6-_z9_v8AAQIDBAUGBwgJCgsMDQ4PEBESExQVFhc',
  };
  for (const [what, form] of Object.entries(forms)) expect(HashAddress.from(form).toString(), what).toBe(expected);
});

test('from refuses what has not 32 bytes or is no such text', () => {
  const unfit = [
    new Uint8Array(0),
    new Uint8Array(31),
    new Uint8Array(33),
    new ArrayBuffer(16),
    '',
    'abcd',
    '0'.repeat(63),
    '0'.repeat(65),
    `0x${'0'.repeat(64)}`,
    ` ${'0'.repeat(64)}`,
    'g'.repeat(64),
    '='.repeat(44),
    `${'A'.repeat(42)}==`,
    'x'.repeat(1_000_000),
  ];
  for (const source of unfit) expect(() => HashAddress.from(source)).toThrow('BAD_ARGUMENT');
});

test('an address keeps nothing of what it came from and gives nothing of itself away', () => {
  const source = new Uint8Array(32);
  const made = HashAddress.from(source);
  source[0] = 1;
  new Uint8Array(made.getArrayBuffer())[1] = 1;
  expect(made.toString()).toBe('0'.repeat(64));
  expect(made.getArrayBuffer().byteLength).toBe(32);
});

test('toString is 64 lower-case hex digits, in JSON too, and leads back', () => {
  const made = address('ABCD');
  expect(made.toString()).toBe(`abcd${'0'.repeat(60)}`);
  expect(JSON.stringify({ made })).toBe(`{"made":"abcd${'0'.repeat(60)}"}`);
  expect(HashAddress.from(made.toString()).equals(made)).toBe(true);
  expect(HashAddress.from(made.getArrayBuffer()).equals(made)).toBe(true);
});

test('equals compares all 256 bits', () => {
  const random = new SeededRandom('equals');
  const made = randomAddress(random);
  expect(made.equals(made)).toBe(true);
  expect(made.equals(HashAddress.from(made.bytes))).toBe(true);
  for (let bit = 0; bit < ADDRESS_BITS; bit++) expect(made.equals(flipped(made, bit))).toBe(false);
});

function flipped(from: HashAddress, bit: number): HashAddress {
  const bytes = from.bytes.slice();
  bytes[bit >> 3]! ^= 0x80 >> (bit & 7);
  return HashAddress.from(bytes);
}

test('dist: the golden values of the API', () => {
  expect(zero.dist(address('80'))).toBe(2 ** 126);
  expect(fromBits('1111').dist(fromBits('1010111'))).toBe(2 ** 125 + 2 ** 123);
  expect(zero.dist(zero)).toBe(0);
  expect(zero.dist(address('40'))).toBe(2 ** 125);
  expect(zero.dist(address('f'.repeat(64)))).toBe(2 ** 127 - 2 ** 103); // 24 bits set
  expect(zero.dist(address('00000001'))).toBe(2 ** 95);
  expect(zero.dist(address('800000'))).toBe(2 ** 126);
  expect(zero.dist(address('800001'))).toBe(2 ** 126 + 2 ** 103); // the 24th significant bit counts
  expect(zero.dist(address('80000080'))).toBe(2 ** 126); // the 25th does not
  expect(zero.dist(address(`${'0'.repeat(55)}1`))).toBe(2 ** -97); // bit 223, the last one covered
  expect(zero.dist(address(`${'0'.repeat(55)}3`))).toBe(2 ** -97 + 2 ** -96);
});

test('dist: a difference in the last 32 bits alone is 2^-97, never 0', () => {
  for (let bit = 224; bit < 256; bit++) expect(zero.dist(flipped(zero, bit)), `bit ${bit}`).toBe(2 ** -97);
  expect(zero.dist(address(`${'0'.repeat(56)}ffffffff`))).toBe(2 ** -97);
  expect(zero.dist(address(`${'0'.repeat(55)}1ffffffff`.slice(0, 64)))).toBe(2 ** -97); // bits past 223 add nothing
});

test('dist: exact in single precision, symmetric, and what integer arithmetic says', () => {
  const random = new SeededRandom('dist');
  for (let round = 0; round < 3_000; round++) {
    const a = randomAddress(random);
    const b = round % 4 === 0 ? randomAddress(random) : a.flipBitRandomise(below(random, ADDRESS_BITS), random);
    const d = a.dist(b);
    expect(Math.fround(d)).toBe(d);
    expect(b.dist(a)).toBe(d);
    expect(d).toBe(distByIntegers(a, b));
  }
});

/** dist by its definition, on big integers: the leading 24 bits of the leading 224 bits of the XOR. */
function distByIntegers(a: HashAddress, b: HashAddress): number {
  const xor = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  if (xor === 0n) return 0;
  const covered = xor >> 32n; // bit 223 is worth 1, that is 2^-97
  if (covered === 0n) return 2 ** -97;
  const dropped = BigInt(Math.max(0, covered.toString(2).length - 24));
  return Number((covered >> dropped) << dropped) * 2 ** -97;
}

test('logDist is the index of the first bit that differs, and agrees with dist down to bit 223', () => {
  expect(zero.logDist(zero)).toBe(Number.POSITIVE_INFINITY);
  expect(zero.logDist(address('80'))).toBe(0);
  expect(zero.logDist(address('ff'))).toBe(0);
  expect(zero.logDist(address('0001'))).toBe(15);
  const random = new SeededRandom('logDist');
  for (let bit = 0; bit < ADDRESS_BITS; bit++) {
    const a = randomAddress(random);
    const b = a.flipBitRandomise(bit, random);
    expect([a.logDist(b), b.logDist(a)]).toEqual([bit, bit]);
    if (bit <= 223) expect(126 - floorLog2(a.dist(b))).toBe(bit);
  }
});

/** The exponent of a positive double, from its bits. */
function floorLog2(positive: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, positive);
  return ((view.getUint32(0) >>> 20) & 0x7ff) - 1023;
}

test('randomise keeps the bits before startBit and draws all others', () => {
  const random = new SeededRandom('randomise');
  const ones = address('f'.repeat(64));
  expect(ones.randomise(256, random).equals(ones)).toBe(true);
  for (const startBit of [0, 1, 7, 8, 9, 100, 254, 255]) {
    const seen = { zero: new Set<number>(), one: new Set<number>() };
    for (let round = 0; round < 60; round++) {
      const drawn = ones.randomise(startBit, random);
      for (let bit = 0; bit < ADDRESS_BITS; bit++) seen[bitOf(drawn, bit) === 1 ? 'one' : 'zero'].add(bit);
    }
    const drawn = Array.from({ length: ADDRESS_BITS - startBit }, (_, i) => startBit + i);
    expect([...seen.zero].sort((a, b) => a - b)).toEqual(drawn);
    expect(drawn.every(bit => seen.one.has(bit))).toBe(true);
  }
  expect(ones.toString()).toBe('f'.repeat(64));
});

function bitOf(of: HashAddress, bit: number): number {
  return (of.bytes[bit >> 3]! >> (7 - (bit & 7))) & 1;
}

test('flipBitRandomise keeps, flips and draws: a random member of the bucket', () => {
  const random = new SeededRandom('flip');
  const from = randomAddress(random);
  const members = new Set<string>();
  for (let round = 0; round < 50; round++) members.add(from.flipBitRandomise(11, random).toString());
  expect(members.size).toBe(50);
  for (const member of members) expect(from.logDist(HashAddress.from(member))).toBe(11);
  expect(from.flipBitRandomise(255, random).equals(flipped(from, 255))).toBe(true);
});

test('a bit position that is none is refused', () => {
  const random = new SeededRandom('positions');
  for (const bit of [-1, 257, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => zero.randomise(bit, random)).toThrow('BAD_ARGUMENT');
    expect(() => zero.flipBitRandomise(bit, random)).toThrow('BAD_ARGUMENT');
  }
  expect(() => zero.randomise(256, random)).not.toThrow();
  expect(() => zero.flipBitRandomise(256, random)).toThrow('BAD_ARGUMENT');
});

test('an application names no chance: the platform has named it', () => {
  expect(() => zero.randomise(8)).toThrow('BAD_ARGUMENT: say what to draw from');
  HashAddress.drawFrom({ bytes: length => new Uint8Array(length).fill(0xff) });
  expect(zero.randomise(8).toString()).toBe(`00${'f'.repeat(62)}`);
  expect(zero.flipBitRandomise(7).toString()).toBe(`01${'f'.repeat(62)}`);
});

test('random draws 32 bytes', () => {
  const bytes = fromHex('ab'.repeat(32));
  expect(HashAddress.random({ bytes: length => bytes.slice(0, length) }).toString()).toBe('ab'.repeat(32));
});
