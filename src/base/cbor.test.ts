import { expect, test } from 'vitest';
import { SeededRandom } from '../sim/seeded-random.ts';
import { fromHex, toHex } from './bytes.ts';
import { decodeValue, encodeValue, VALUE_ITEMS_MAX, type Value } from './cbor.ts';
import { isSeaError } from './errors.ts';
import { below } from './random.ts';

/** Values and their bytes, by RFC 8949 appendix A and, for the maps, by hand. */
const vectors: readonly (readonly [Value, string])[] = [
  [0, '00'],
  [23, '17'],
  [24, '1818'],
  [255, '18ff'],
  [256, '190100'],
  [65_536, '1a00010000'],
  [4_294_967_296, '1b0000000100000000'],
  [9_007_199_254_740_991, '1b001fffffffffffff'],
  [-1, '20'],
  [-1000, '3903e7'],
  [-9_007_199_254_740_991, '3b001ffffffffffffe'],
  [1.5, 'f93e00'],
  [100_000.5, 'fa47c35040'],
  [1.1, 'fb3ff199999999999a'],
  [3.4028234663852886e38, 'fa7f7fffff'],
  [1e300, 'fb7e37e43c8800759c'],
  [2 ** -24, 'f90001'],
  [false, 'f4'],
  [true, 'f5'],
  [null, 'f6'],
  ['', '60'],
  ['IETF', '6449455446'],
  ['\u00fc', '62c3bc'],
  ['\ud800\udd51', '64f0908591'],
  ['\ufeffmark', '67efbbbf6d61726b'],
  [new Uint8Array(0), '40'],
  [Uint8Array.of(1, 2, 3, 4), '4401020304'],
  [[], '80'],
  [[1, [2, 3]], '8201820203'],
  [{}, 'a0'],
  [{ b: 1, a: [2] }, 'a261618102616201'],
  [{ aa: 1, b: 2 }, 'a261620262616101'],
];

test('one value has one encoding, both ways', () => {
  for (const [value, hex] of vectors) {
    expect(toHex(encodeValue(value)), hex).toBe(hex);
    expect(decodeValue(fromHex(hex)), hex).toEqual(value);
  }
});

test('any other encoding of a value is refused', () => {
  const others = {
    'an integer in more bytes than needed': '1817',
    'a 16-bit integer that fits 8': '190017',
    'a 64-bit integer that fits 32': '1b00000000ffffffff',
    'a negative integer in more bytes than needed': '3800',
    'a length in more bytes than needed': '580101',
    'an array length in more bytes than needed': '980100',
    'a float in more bits than needed': 'fb3ff8000000000000',
    'a 32-bit float that fits 16': 'fa3fc00000',
    'a float that is an integer': 'f93c00',
    'minus zero': 'f98000',
    'keys out of order': 'a2616202616101',
    'keys ordered by text alone': 'a262616101616202',
    'a duplicate key': 'a2616101616102',
    'an indefinite array': '9f01ff',
    'indefinite bytes': '5f4101ff',
    'indefinite text': '7f6161ff',
    'an indefinite map': 'bf616101ff',
    'a stray break': 'ff',
    'NaN, 16 bits': 'f97e00',
    'NaN, another payload': 'f97e01',
    'NaN, 64 bits': 'fb7ff8000000000000',
    infinity: 'f97c00',
    'minus infinity': 'fbfff0000000000000',
    undefined: 'f7',
    'an unassigned simple value': 'e0',
    'a simple value of two bytes': 'f820',
    'a tag': 'c074323031332d30332d32315432303a30343a30305a',
    'a big integer': 'c249010000000000000000',
    'an integer above 2^53': '1b0020000000000000',
    'an integer below -2^53': '3b001fffffffffffff',
    'a key that is no text': 'a10102',
    'a key of bytes': 'a1416102',
    'text that is no UTF-8': '61ff',
    'text with half a surrogate pair': '63eda080',
    'a truncated array': '8201',
    'a truncated map': 'a16161',
    'truncated bytes': '440102',
    'two values': '0000',
    nothing: '',
  };
  for (const [what, hex] of Object.entries(others)) {
    expect(() => decodeValue(fromHex(hex)), what).toThrow('BAD_MESSAGE');
  }
});

test('what cannot travel is named when it is sent', () => {
  class Point {}
  const unfit: readonly (readonly [unknown, string])[] = [
    [undefined, 'a undefined cannot be sent'],
    [Number.NaN, 'the number NaN cannot be sent'],
    [Number.POSITIVE_INFINITY, 'the number Infinity cannot be sent'],
    [10n, 'a bigint cannot be sent'],
    [() => {}, 'a function cannot be sent'],
    [Symbol('s'), 'a symbol cannot be sent'],
    [new Point(), 'a Point cannot be sent'],
    [new Map(), 'a Map cannot be sent'],
    [new Date(0), 'a Date cannot be sent'],
    [new Float64Array(1), 'a Float64Array cannot be sent'],
    [new ArrayBuffer(1), 'a ArrayBuffer cannot be sent'],
    [{ deep: [{ here: undefined }] }, 'a undefined cannot be sent'],
    ['\ud800', 'half a surrogate pair'],
    [{ '\udc00': 1 }, 'half a surrogate pair'],
  ];
  for (const [value, claim] of unfit) {
    let error: unknown;
    try {
      encodeValue(value as Value);
    } catch (thrown) {
      error = thrown;
    }
    expect(isSeaError(error, 'BAD_ARGUMENT'), claim).toBe(true);
    expect((error as Error).message).toContain(claim);
  }
});

test('a cycle is refused, and so is nesting beyond 32 levels at either end', () => {
  const cycle: Value[] = [];
  cycle.push(cycle, cycle);
  expect(() => encodeValue(cycle)).toThrow('nested more than 32 levels');
  expect(toHex(encodeValue(nested(32)))).toBe(`${'81'.repeat(32)}00`);
  expect(() => encodeValue(nested(33))).toThrow('BAD_ARGUMENT');
  expect(decodeValue(fromHex(`${'81'.repeat(32)}00`))).toEqual(nested(32));
  expect(() => decodeValue(fromHex(`${'81'.repeat(33)}00`))).toThrow('BAD_MESSAGE');
  expect(() => decodeValue(fromHex(`${'a16161'.repeat(33)}00`))).toThrow('BAD_MESSAGE');
  expect(decodeValue(fromHex(`${'81'.repeat(32)}80`))).toEqual(nested(32, []));
});

test('a value has a bounded number of items, the same for both ends', () => {
  const items = (count: number): number[] => new Array<number>(count).fill(0);
  const most = encodeValue(items(VALUE_ITEMS_MAX - 1)); // the list is one itself
  expect(decodeValue(most)).toHaveLength(VALUE_ITEMS_MAX - 1);
  expect(() => encodeValue(items(VALUE_ITEMS_MAX))).toThrow('TOO_LARGE');
  const keys = Object.fromEntries(items(VALUE_ITEMS_MAX / 2).map((_, at) => [`k${at}`, 0]));
  expect(() => encodeValue(keys)).toThrow('TOO_LARGE');
  const more = new Uint8Array(most.length + 1);
  more.set(most);
  new DataView(more.buffer).setUint32(1, VALUE_ITEMS_MAX);
  expect(() => decodeValue(more)).toThrow('BAD_MESSAGE');
  expect(decodeValue(encodeValue(new Uint8Array(4_000_000)))).toHaveLength(4_000_000);
});

function nested(levels: number, inner: Value = 0): Value {
  let value = inner;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}

test('many values one after another are not taken for nesting', () => {
  const wide: Value = Array.from({ length: 100 }, () => [[], {}, [1, { a: [], b: {} }]]);
  expect(decodeValue(encodeValue(wide))).toEqual(wide);
});

test('nesting bombs and claimed lengths end at once', () => {
  const bombs = [0x81, 0xa1, 0x9f, 0xbf, 0xd8, 0xc1].map(byte => new Uint8Array(65_536).fill(byte));
  for (const bomb of bombs) expect(() => decodeValue(bomb)).toThrow('BAD_MESSAGE');
  const claims = ['9a7fffffff', '9bffffffffffffffff', 'ba7fffffff', '5a7fffffff', '7a7fffffff', '5bffffffffffffffff'];
  for (const claim of claims) expect(() => decodeValue(fromHex(`${claim}00`)), claim).toThrow('BAD_MESSAGE');
});

test('a bomb is measured by our own count, not by the stack that is left', () => {
  let cause: unknown;
  try {
    decodeValue(new Uint8Array(65_536).fill(0x81));
  } catch (error) {
    cause = (error as Error).cause;
  }
  expect(String(cause)).toBe('Error: value nested more than 32 levels');
});

test('a key "__proto__" is a key like any other', () => {
  const value = decodeValue(fromHex('a1695f5f70726f746f5f5fa16561646d696ef5')) as Record<string, Value>;
  expect(Object.keys(value)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect((value as { admin?: boolean }).admin).toBeUndefined();
  expect(toHex(encodeValue(value))).toBe('a1695f5f70726f746f5f5fa16561646d696ef5');
});

test('decoded bytes are copies: they do not keep or change what they came from', () => {
  const source = fromHex('43010203');
  const value = decodeValue(source) as Uint8Array;
  source[1] = 9;
  expect(value).toEqual(Uint8Array.of(1, 2, 3));
  expect(value.buffer.byteLength).toBe(3);
});

test('random values survive; random changes to their bytes give another value or BAD_MESSAGE', () => {
  const random = new SeededRandom('cbor');
  for (let round = 0; round < 2_000; round++) {
    const value = randomValue(random, 3);
    const bytes = encodeValue(value);
    expect(decodeValue(bytes)).toEqual(value);
    expect(encodeValue(decodeValue(bytes))).toEqual(bytes);
    const changed = bytes.slice();
    changed[below(random, changed.length)]! ^= 1 << below(random, 8);
    expect(totality(changed)).toBe('as it should');
  }
});

/** Whatever decodes must be the one encoding of what it decodes to. */
function totality(bytes: Uint8Array): string {
  try {
    return toHex(encodeValue(decodeValue(bytes))) === toHex(bytes) ? 'as it should' : 'two encodings of one value';
  } catch (error) {
    return isSeaError(error, 'BAD_MESSAGE') ? 'as it should' : String(error);
  }
}

function randomValue(random: SeededRandom, depth: number): Value {
  const length = below(random, 4);
  switch (below(random, depth > 0 ? 8 : 6)) {
    case 0:
      return null;
    case 1:
      return below(random, 2) === 1;
    case 2:
      return below(random, 2 ** (1 + below(random, 32))) * (below(random, 2) === 0 ? 1 : -1) + 0;
    case 3:
      return random.fraction() * 1e9;
    case 4:
      return String.fromCodePoint(...Array.from({ length }, () => below(random, 0xd000) + 1));
    case 5:
      return random.bytes(below(random, 40));
    case 6:
      return Array.from({ length }, () => randomValue(random, depth - 1));
    default:
      return Object.fromEntries(
        Array.from({ length }, () => [`k${below(random, 1000)}`, randomValue(random, depth - 1)]),
      );
  }
}
