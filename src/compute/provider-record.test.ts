/** A provider's announced value comes back as it was, says little in few bytes, and garbage is none. */

import { expect, test } from 'vitest';
import { toHex } from '../base/bytes.ts';
import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import { VALUE_BYTES_MAX } from '../records/limits.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { FEATURE_LENGTH_MAX, FEATURES_MAX, SLOTS_MAX } from './limits.ts';
import { type ProviderRecord, readProviderRecord, writeProviderRecord } from './provider-record.ts';

const random = new SeededRandom('provider record');
const plain: ProviderRecord = { slots: 4, features: [], price: undefined };
const priced: ProviderRecord = {
  slots: SLOTS_MAX,
  features: Array.from({ length: FEATURES_MAX }, (_, i) => String.fromCharCode(97 + i).repeat(FEATURE_LENGTH_MAX)),
  price: {
    part: 2n ** 96n - 1n,
    egress: 7n,
    chain: { id: 31_337n, contract: random.bytes(20) },
    payee: random.bytes(20),
    binding: random.bytes(64),
    free: false,
  },
};

const fieldsOf = (record: ProviderRecord): { [key: string]: Value } =>
  decodeValue(writeProviderRecord(record)) as { [key: string]: Value };

test('what nothing is asked for is a map of two keys, byte for byte', () => {
  expect(toHex(writeProviderRecord(plain))).toBe('a265736c6f747304686665617475726573' + '80');
  expect(readProviderRecord(writeProviderRecord(plain))).toEqual(plain);
});

test('all of it fits an announced value and comes back', () => {
  const bytes = writeProviderRecord(priced);
  expect(bytes.length).toBeLessThan(VALUE_BYTES_MAX);
  expect(readProviderRecord(bytes)).toEqual(priced);
});

test('keys that are not known are passed over', () => {
  const later = encodeValue({
    ...fieldsOf(priced),
    region: 'x',
    price: { ...(fieldsOf(priced).price as object), fuel: 1 },
  });
  expect(readProviderRecord(later)).toEqual(priced);
});

test.each<[string, { [key: string]: Value }]>([
  ['no slots', { slots: 0 }],
  ['too many', { slots: SLOTS_MAX + 1 }],
  ['half a slot', { slots: 0.5 }],
  ['features that are none', { features: [1] }],
  ['too many features', { features: Array(FEATURES_MAX + 1).fill('a') }],
  ['an overlong feature', { features: ['a'.repeat(FEATURE_LENGTH_MAX + 1)] }],
  ['a price that is none', { price: null }],
  ['a price of a part only', { price: { part: new Uint8Array(12) } }],
  ['an amount of another length', { price: { ...(fieldsOf(priced).price as object), part: new Uint8Array(13) } }],
])('%s is no record', (_, change) => {
  expect(readProviderRecord(encodeValue({ ...fieldsOf(plain), ...change }))).toBeUndefined();
});

test('bytes that are no map are none', () => {
  for (const bytes of [new Uint8Array(0), Uint8Array.of(0xf6), Uint8Array.of(0x80), random.bytes(40)])
    expect(readProviderRecord(bytes)).toBeUndefined();
});
