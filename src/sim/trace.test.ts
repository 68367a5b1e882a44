import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { toHex } from '../base/bytes.ts';
import { Trace } from './trace.ts';

const frame = Uint8Array.of(1, 2, 3);

function hash(...deliveries: [number, number, number, Uint8Array][]): string {
  const trace = new Trace();
  for (const delivery of deliveries) trace.delivered(...delivery);
  return trace.digest();
}

test('the hash of time, ends and bytes of each frame', () => {
  expect(hash()).toBe(toHex(sha256(new Uint8Array(0))));
  // 1.5 as a double is 3ff8…, then 2 and 3 as words.
  const head = [0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3];
  expect(hash([1.5, 2, 3, frame])).toBe(toHex(sha256(Uint8Array.of(...head, ...frame))));
});

test('anything that differs shows', () => {
  const base: [number, number, number, Uint8Array] = [1.5, 2, 3, frame];
  const others: [number, number, number, Uint8Array][] = [
    [1.25, 2, 3, frame],
    [1.5, 1, 3, frame],
    [1.5, 2, 1, frame],
    [1.5, 2, 3, Uint8Array.of(1, 2)],
  ];
  for (const other of others) {
    expect(hash(other)).not.toBe(hash(base));
    expect(hash(base, other)).not.toBe(hash(other, base));
  }
});

test('it can be read and go on', () => {
  const trace = new Trace();
  trace.delivered(1, 2, 3, frame);
  expect(trace.digest()).toBe(trace.digest());
  trace.delivered(1, 2, 3, frame);
  expect(trace.digest()).toBe(hash([1, 2, 3, frame], [1, 2, 3, frame]));
  expect([trace.frames, trace.bytes]).toEqual([2, 6]);
});
