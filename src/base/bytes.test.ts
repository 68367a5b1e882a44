import { expect, test } from 'vitest';
import { SeededRandom } from '../sim/seeded-random.ts';
import { compare, concat, equal, fromBase64, fromHex, toBase64, toHex, utf8Decode, utf8Encode } from './bytes.ts';
import { below } from './random.ts';

test('concat puts parts one after another in fresh memory', () => {
  const part = Uint8Array.of(1, 2);
  const whole = concat(part, new Uint8Array(0), Uint8Array.of(3));
  part[0] = 9;
  expect(whole).toEqual(Uint8Array.of(1, 2, 3));
  expect(concat()).toEqual(new Uint8Array(0));
});

test('equal compares every byte, whatever the memory behind', () => {
  const memory = Uint8Array.of(0, 1, 2, 3);
  expect(equal(memory.subarray(1, 3), Uint8Array.of(1, 2))).toBe(true);
  expect(equal(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  expect(equal(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
  expect(equal(new Uint8Array(0), new Uint8Array(0))).toBe(true);
});

test('compare orders by bytes, then by length', () => {
  const sign = (a: number[], b: number[]): number => Math.sign(compare(Uint8Array.from(a), Uint8Array.from(b)));
  expect(sign([1, 2], [1, 2])).toBe(0);
  expect(sign([1, 2], [1, 3])).toBe(-1);
  expect(sign([0x80], [0x7f, 0xff])).toBe(1);
  expect(sign([1], [1, 0])).toBe(-1);
  expect(sign([], [])).toBe(0);
});

test('hex: RFC 4648 §10 vectors, either case; odd length and strays are refused', () => {
  expect(toHex(utf8Encode('foobar'))).toBe('666f6f626172');
  expect(toHex(Uint8Array.of(0, 15, 16, 255))).toBe('000f10ff');
  expect(fromHex('666F6f626172')).toEqual(utf8Encode('foobar'));
  expect(fromHex('')).toEqual(new Uint8Array(0));
  for (const bad of ['0', 'abc', '0g', ' 00', '0x00', '00\n', '٠٠']) {
    expect(() => fromHex(bad), JSON.stringify(bad)).toThrow('BAD_ARGUMENT');
  }
});

test('base64: RFC 4648 §10 vectors, padded or not', () => {
  const vectors = [
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ] as const;
  for (const [plain, encoded] of vectors) {
    expect(toBase64(utf8Encode(plain))).toBe(encoded);
    expect(fromBase64(encoded)).toEqual(utf8Encode(plain));
    expect(fromBase64(encoded.replaceAll('=', ''))).toEqual(utf8Encode(plain));
  }
});

test('base64url gives the same bytes', () => {
  const bytes = Uint8Array.of(0xfb, 0xef, 0xff, 0xfe);
  expect(toBase64(bytes)).toBe('++///g==');
  expect(fromBase64('--___g')).toEqual(bytes);
  expect(fromBase64('--___g==')).toEqual(bytes);
});

test('what is no base64 is refused', () => {
  for (const bad of ['A', 'AAAAA', 'A===', 'AA=', 'AAA==', '=', 'AAAA====', 'A=AA', 'AA AA', 'AA\nAA', 'é', 'AA*=']) {
    expect(() => fromBase64(bad), JSON.stringify(bad)).toThrow('BAD_ARGUMENT');
  }
});

test('a long run of padding is refused without retrying it from every place', () => {
  expect(() => fromBase64(`${'='.repeat(1_000_000)}x`)).toThrow('BAD_ARGUMENT');
});

test('bytes survive hex and base64, also more of them than one call takes as arguments', () => {
  const random = new SeededRandom('bytes');
  for (const length of [0, 1, 31, 32, 33, 0x7fff, 0x8000, 0x8001, 200_000, ...Array(40).fill(0)]) {
    const bytes = random.bytes(length || below(random, 100));
    expect(equal(fromHex(toHex(bytes)), bytes)).toBe(true);
    expect(equal(fromBase64(toBase64(bytes)), bytes)).toBe(true);
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    expect(equal(fromBase64(Buffer.from(bytes).toString('base64url')), bytes)).toBe(true);
  }
});

test('UTF-8 is decoded exactly or refused', () => {
  const text = '\uFEFFsjø 🌊 \0';
  expect(utf8Decode(utf8Encode(text))).toBe(text);
  const unfit = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf5, 0x80, 0x80, 0x80]];
  for (const bytes of unfit) expect(() => utf8Decode(Uint8Array.from(bytes))).toThrow('BAD_MESSAGE');
});

test('an error quotes at most the beginning of what it was given', () => {
  expect(() => fromHex('z'.repeat(10_000))).toThrow(
    `BAD_ARGUMENT: expected an even number of hex digits, got "${'z'.repeat(24)}…"`,
  );
});
