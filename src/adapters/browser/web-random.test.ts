import { expect, test } from 'vitest';
import { WebRandom } from './web-random.ts';

test('gives as many bytes as asked for, in memory of their own', () => {
  const random = new WebRandom();
  for (const length of [0, 1, 16, 64, 65, 4_096, 70_000]) {
    const bytes = random.bytes(length);
    expect([bytes.length, bytes.buffer.byteLength]).toEqual([length, length]);
  }
});

test('never gives the same piece twice, over many stocks', () => {
  const random = new WebRandom();
  const pieces = new Set(Array.from({ length: 2_000 }, () => random.bytes(16).join()));
  expect(pieces.size).toBe(2_000);
});

test('fills large pieces to the end', () => {
  const bytes = new WebRandom().bytes(200_000);
  for (let at = 0; at < bytes.length; at += 20_000) expect(new Set(bytes.subarray(at, at + 20_000)).size).toBe(256);
});
