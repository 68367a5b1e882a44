import { encode } from 'uqr';
import { expect, it } from 'vitest';
import { qrPath } from './qr-path.ts';

it('draws exactly the dark modules, inside a light border of 4', () => {
  const text = 'wss://sea.example.org/sea';
  const { size, path } = qrPath(text);
  const drawn = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let i = 0; i < Number(length); i++) drawn[Number(y)]![Number(x) + i] = true;
  }
  expect(drawn).toEqual(encode(text, { ecc: 'M', border: 4, boostEcc: true }).data);
  expect(drawn.slice(0, 4).flat().some(Boolean)).toBe(false);
  expect(drawn[4]!.slice(4, 11)).toEqual(Array.from({ length: 7 }, () => true)); // the top of a finder pattern
});
