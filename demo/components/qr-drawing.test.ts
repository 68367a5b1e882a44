/** The path of a QR code covers its dark modules and nothing else. */

import { encode } from 'uqr';
import { expect, it } from 'vitest';
import { drawQr, pathOf } from './qr-drawing.ts';

/** The modules that a path covers, as rows. */
function covered(path: string, size: number): boolean[][] {
  const rows = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let at = 0; at < Number(length); at++) rows[Number(y)]![Number(x) + at] = true;
  }
  return rows;
}

it('draws runs of a row as one step', () => {
  expect(
    pathOf([
      [false, true, true, false],
      [true, false, false, true],
      [false, false, false, false],
    ]),
  ).toBe('M1 0h2v1h-2zM0 1h1v1h-1zM3 1h1v1h-1z');
});

it('gives back a whole code, as long as a link needs', () => {
  for (const length of [1, 400, 1_200]) {
    const text = 'https://sea.example/#files/'.padEnd(length, 'x');
    const { path, size } = drawQr(text);
    expect(covered(path, size)).toEqual(encode(text, { ecc: 'L', border: 4 }).data);
  }
});
