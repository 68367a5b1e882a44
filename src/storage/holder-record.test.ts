/** A holder's announced value: coarse room and the longest lease, and whom a put need not ask. */

import { expect, test } from 'vitest';
import { toHex } from '../base/bytes.ts';
import { encodeValue } from '../base/cbor.ts';
import { mayHold, readHolderRecord, writeHolderRecord } from './holder-record.ts';

const MIB = 1_048_576;

test.each([
  [0, 0],
  [1, 1],
  [MIB - 1, MIB / 2],
  [MIB, MIB],
  [1000 * MIB, 512 * MIB],
  [Number.MAX_SAFE_INTEGER, 2 ** 52],
])('%i bytes free are told as %i', (roomBytes, told) => {
  expect(readHolderRecord(writeHolderRecord({ roomBytes, leaseMsMax: 5 }))).toEqual({ roomBytes: told, leaseMsMax: 5 });
});

test('byte for byte', () => {
  expect(toHex(writeHolderRecord({ roomBytes: 300, leaseMsMax: 60_000 }))).toBe('a264726f6f6d190100656c6561736519ea60');
});

test('a put passes over who says that it has less room, and asks who says nothing', () => {
  const room = (roomBytes: number) => readHolderRecord(writeHolderRecord({ roomBytes, leaseMsMax: 1 }));
  expect([mayHold(room(0), 1), mayHold(room(MIB), 2 * MIB), mayHold(room(2 * MIB), 2 * MIB)]).toEqual([
    false,
    false,
    true,
  ]);
  expect(mayHold(room(1.9 * MIB), 1.9 * MIB)).toBe(true); // told as 1 MiB
  expect(mayHold(undefined, MIB)).toBe(true);
});

test('unknown keys are passed over; what is no record is none', () => {
  expect(readHolderRecord(encodeValue({ room: 8, lease: 9, since: 1 }))).toEqual({ roomBytes: 8, leaseMsMax: 9 });
  for (const value of [null, [], {}, { room: 8 }, { room: -1, lease: 1 }, { room: '8', lease: 1 }])
    expect(readHolderRecord(encodeValue(value))).toBeUndefined();
  expect(readHolderRecord(new Uint8Array(0))).toBeUndefined();
});
