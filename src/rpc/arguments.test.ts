import { expect, test } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import { type Argument, packArguments, unpackArguments } from './arguments.ts';
import type { Body } from './exchange.ts';

const address = HashAddress.from('ab'.repeat(32));

/** As the other side gets them. */
function sent(...args: Argument[]): Argument[] {
  const { value, payload } = packArguments(args);
  return unpackArguments({ value: decodeValue(encodeValue(value)), payload });
}

test('data comes through as it is', () => {
  const args: Argument[] = [null, true, -3, 0.5, 'text ✓', Uint8Array.of(1, 2), [1, ['a']], { a: { b: [] } }];
  expect(sent(...args)).toEqual(args);
  expect(sent()).toEqual([]);
});

test('undefined arrives as null', () => {
  expect(sent(undefined, [undefined], { a: undefined })).toEqual([null, [null], { a: null }]);
});

test('addresses come through at any depth', () => {
  const [alone, [within], { of }] = sent(address, [address], { of: address }) as [
    HashAddress,
    [HashAddress],
    { of: HashAddress },
  ];
  for (const copy of [alone, within, of]) {
    expect(copy).toBeInstanceOf(HashAddress);
    expect(copy.equals(address)).toBe(true);
  }
});

test('the largest bytes of the top level travel apart, uncopied, from 256 on', () => {
  const [small, large, larger] = [new Uint8Array(255), new Uint8Array(256).fill(1), new Uint8Array(300).fill(2)];
  expect(packArguments([small])).toEqual({ value: [null, small] });
  expect(packArguments(['a', large])).toEqual({ value: [1, 'a', null], payload: large });
  expect(packArguments([larger, large]).payload).toBe(larger);
  expect(packArguments([large, large.slice()]).payload).toBe(large); // the first of two alike
  expect(packArguments([[larger]]).payload).toBeUndefined();
  expect(sent('a', large, small, larger)).toEqual(['a', large, small, larger]);
});

test('a key __proto__ is a key', () => {
  const tricky = JSON.parse('{"__proto__":{"a":1},"b":2}') as Argument;
  const [copy] = sent(tricky) as [Record<string, unknown>];
  expect(Object.keys(copy).sort()).toEqual(['__proto__', 'b']);
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  expect((copy as { a?: unknown }).a).toBeUndefined();
});

test('an object that would turn into an address on the way is refused', () => {
  const bytes = new Uint8Array(32);
  for (const argument of [{ $address: bytes }, [{ $address: 1 }]])
    expect(() => packArguments([argument])).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
});

test('what cannot travel is refused with BAD_ARGUMENT', () => {
  const cycle: Argument[] = [];
  cycle.push(cycle);
  const unfit = [() => 1, new Date(0), new Map(), Number.NaN, Symbol('s'), 5n, new Float32Array(1), cycle];
  for (const argument of unfit)
    expect(() => encodeValue(packArguments([argument as Argument]).value), String(argument)).toThrow(
      expect.objectContaining({ code: 'BAD_ARGUMENT' }),
    );
});

test('what is no list of arguments is refused with BAD_MESSAGE', () => {
  const payload = new Uint8Array(1);
  const unfit: Body[] = [
    { value: null },
    { value: 'text' },
    { value: { 0: null } },
    { value: [] },
    { value: [0, 'a'] }, // no payload came
    { value: [1, 'a'], payload },
    { value: [-1, 'a'], payload },
    { value: [0.5, 'a'], payload },
    { value: ['0', 'a'], payload },
  ];
  for (const body of unfit)
    expect(() => unpackArguments(body), JSON.stringify(body)).toThrow(expect.objectContaining({ code: 'BAD_MESSAGE' }));
});

test('what looks like an address and is none stays what it is', () => {
  const values: Value[] = [{ $address: new Uint8Array(31) }, { $address: 'x' }, { $address: new Uint8Array(32), b: 1 }];
  expect(unpackArguments({ value: [null, ...values] })).toEqual(values);
});
