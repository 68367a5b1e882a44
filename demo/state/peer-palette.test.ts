/** Colours on one page: own where free, never twice while there are free ones. */

import { expect, it } from 'vitest';
import { COLOURS, colourAt } from '../peer-colour.ts';
import { PeerPalette } from './peer-palette.ts';

function address(ending: number): string {
  return ending.toString(16).padStart(64, '0');
}

it('gives a peer its own colour, and keeps it', () => {
  const palette = new PeerPalette();
  expect(palette.colourOf(address(5))).toBe(colourAt(5));
  expect(palette.colourOf(address(9))).toBe(colourAt(9));
  expect(palette.colourOf(address(5))).toBe(colourAt(5));
});

it('gives a second peer that would look alike another hue', () => {
  const palette = new PeerPalette();
  expect(palette.colourOf(address(5))).toBe(colourAt(5));
  expect(palette.colourOf(address(5 + 18))).toBe(colourAt(30)); // 5 + 25: hue 12
  expect(palette.colourOf(address(6))).toBe(colourAt(2)); // 6 looks like 5, 31 (hue 13) like 30, 56 % 54 like neither
});

it('gives as many peers as there are colours one each, then repeats', () => {
  const palette = new PeerPalette();
  const seen = new Set(Array.from({ length: COLOURS }, (_, at) => palette.colourOf(address(18 * at))));
  expect(seen.size).toBe(COLOURS);
  expect(palette.colourOf(address(18 * COLOURS + 3))).toBe(colourAt(3));
});
