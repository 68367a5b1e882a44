import { expect, test } from 'vitest';
import type { Value } from '../base/cbor.ts';
import { Reader } from './reader.ts';

function reader(...fields: readonly Value[]): Reader {
  return new Reader(fields, 'thing');
}

/** What a read of this one field gives, or the complaint. */
function read(field: Value, by: (from: Reader) => unknown): unknown {
  try {
    return by(reader(field));
  } catch (error) {
    return (error as Error).message;
  }
}

const unfit = 'BAD_MESSAGE: thing: field "it" is missing or unfit';

test('reads fields in their order, and minds that none is left', () => {
  const from = reader(1, true, 'text', Uint8Array.of(1), null, ['list'], null);
  expect(from.uint('a')).toBe(1);
  expect(from.flag('b')).toBe(true);
  expect(from.text('c', 4)).toBe('text');
  expect(from.bytes('d', 1)).toEqual(Uint8Array.of(1));
  expect(() => from.end()).toThrow('BAD_MESSAGE: thing has 7 fields, not 4');
  expect(from.nullable(r => r.uint('e'))).toBe(null);
  expect(from.list('f', 1, item => item)).toEqual(['list']);
  expect(from.value('g')).toBe(null);
  expect(() => from.end()).not.toThrow();
});

test('what is no array has no fields', () => {
  for (const value of [undefined, null, 1, 'text', new Uint8Array(3), {}] as const) {
    expect(() => new Reader(value, 'thing')).toThrow('BAD_MESSAGE: thing is not an array');
  }
});

test('a field that is missing is unfit for every reading', () => {
  const readings: readonly ((from: Reader) => unknown)[] = [
    from => from.uint('it'),
    from => from.flag('it'),
    from => from.text('it', 10),
    from => from.bytes('it', 0),
    from => from.bytesUpTo('it', 10),
    from => from.address('it'),
    from => from.list('it', 10, item => item),
    from => from.nullable(r => r.uint('it')),
    from => from.value('it'),
  ];
  for (const reading of readings) expect(() => reading(reader())).toThrow(unfit);
});

test('uint takes whole numbers from 0 to its maximum', () => {
  const uint = (field: Value): unknown => read(field, from => from.uint('it', 255));
  expect([uint(0), uint(255)]).toEqual([0, 255]);
  for (const field of [256, -1, 1.5, 1e300, '1', true, null, []]) expect(uint(field)).toBe(unfit);
  const widest = (field: Value): unknown => read(field, from => from.uint('it'));
  expect([widest(2 ** 53 - 1), widest(2 ** 53)]).toEqual([2 ** 53 - 1, unfit]);
});

test('flag takes the two booleans', () => {
  const flag = (field: Value): unknown => read(field, from => from.flag('it'));
  expect([flag(true), flag(false)]).toEqual([true, false]);
  for (const field of [0, 1, null, 'true']) expect(flag(field)).toBe(unfit);
});

test('text and bytes have a length', () => {
  expect(read('abc', from => from.text('it', 3))).toBe('abc');
  expect(read('', from => from.text('it', 3))).toBe('');
  expect(read('🌊🌊', from => from.text('it', 3))).toBe(unfit); // four UTF-16 units
  expect(read(Uint8Array.of(1), from => from.text('it', 3))).toBe(unfit);
  expect(read(Uint8Array.of(1, 2), from => from.bytes('it', 2))).toEqual(Uint8Array.of(1, 2));
  expect(read(Uint8Array.of(1, 2), from => from.bytes('it', 3))).toBe(unfit);
  expect(read(Uint8Array.of(1, 2), from => from.bytes('it', 1))).toBe(unfit);
  expect(read('ab', from => from.bytes('it', 2))).toBe(unfit);
  expect(read(Uint8Array.of(1, 2), from => from.bytesUpTo('it', 2))).toEqual(Uint8Array.of(1, 2));
  expect(read(new Uint8Array(0), from => from.bytesUpTo('it', 2))).toEqual(new Uint8Array(0));
  expect(read(Uint8Array.of(1, 2), from => from.bytesUpTo('it', 1))).toBe(unfit);
  expect(read([1, 2], from => from.bytesUpTo('it', 2))).toBe(unfit);
});

test('an address has 32 bytes', () => {
  const bytes = new Uint8Array(32).fill(7);
  expect(String(read(bytes, from => from.address('it')))).toBe('07'.repeat(32));
  for (const field of [new Uint8Array(31), new Uint8Array(33), '07'.repeat(32), null]) {
    expect(read(field, from => from.address('it'))).toBe(unfit);
  }
});

test('a list has at most so many items, each read on its own', () => {
  const double = (field: Value): unknown => read(field, from => from.list('it', 2, item => (item as number) * 2));
  expect(double([1, 2])).toEqual([2, 4]);
  expect(double([])).toEqual([]);
  expect(double([1, 2, 3])).toBe(unfit);
  expect(double({ 0: 1, length: 1 })).toBe(unfit);
});

test('nullable reads null or the thing itself', () => {
  const nullable = (field: Value): unknown => read(field, from => from.nullable(r => r.text('it', 3)));
  expect([nullable(null), nullable('abc'), nullable(1)]).toEqual([null, 'abc', unfit]);
});
