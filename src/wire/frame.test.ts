import { expect, test } from 'vitest';
import { fromHex, toHex } from '../base/bytes.ts';
import { decodeFrame, encodeFrame } from './frame.ts';

test('a frame is the header length, the header and the payload', () => {
  expect(toHex(encodeFrame([3, 7], Uint8Array.of(0xaa, 0xbb)))).toBe('00000003820307aabb');
  expect(toHex(encodeFrame([]))).toBe('0000000180');
  const { header, payload } = decodeFrame(fromHex('00000003820307aabb'));
  expect(header).toEqual([3, 7]);
  expect(payload).toEqual(Uint8Array.of(0xaa, 0xbb));
  expect(decodeFrame(fromHex('0000000180')).payload.length).toBe(0);
});

test('the payload is a view; the frame may lie anywhere in its memory', () => {
  const memory = fromHex('ffff0000000281051234ffff');
  const frame = memory.subarray(2, 10);
  const { header, payload } = decodeFrame(frame);
  expect(header).toEqual([5]);
  expect([payload.buffer === memory.buffer, toHex(payload)]).toEqual([true, '1234']);
  memory[8] = 0x99;
  expect(toHex(payload)).toBe('9934');
});

test('what is no frame is refused', () => {
  const unfit = {
    nothing: '',
    'half a length': '0000',
    'a length and no header': '00000001',
    'an empty header': '00000000',
    'an empty header and a payload': '0000000080',
    'a length past the end': '0000000480',
    'the longest length': 'ffffffff80',
    'a header shorter than its value': '000000028203',
    'a header longer than its value': '0000000280f6',
    'a header that is a map': '00000001a0',
    'a header that is a number': '0000000101',
    'a header that is bytes': '0000000140',
  };
  for (const [what, hex] of Object.entries(unfit)) {
    expect(() => decodeFrame(fromHex(hex)), what).toThrow('BAD_MESSAGE');
  }
});

test('a header value that cannot travel is our own error', () => {
  expect(() => encodeFrame([Number.NaN])).toThrow('BAD_ARGUMENT');
});
