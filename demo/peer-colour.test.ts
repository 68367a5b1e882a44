/** A peer's colour: stable, distinct, visible on both themes. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COLOURS, colourAt, contrast, lookAlike, luminance, ownColour } from './peer-colour.ts';

const tokens = readFileSync(new URL('./style/tokens.css', import.meta.url), 'utf8');
const sheets = [...tokens.matchAll(/--sheet: (#[0-9a-f]{6})/g)].map(match => match[1]!);

describe('ownColour', () => {
  it('depends on the last three bytes alone', () => {
    expect(ownColour(`${'0'.repeat(58)}000000`)).toBe(0);
    expect(ownColour(`${'f'.repeat(58)}000005`)).toBe(5);
    expect(ownColour(`${'0'.repeat(58)}010005`)).toBe(23);
    expect(ownColour(`${'0'.repeat(58)}020012`)).toBe(36);
    expect(ownColour('f'.repeat(64))).toBeLessThan(COLOURS);
  });
});

describe('lookAlike', () => {
  it('is so for the same hue and its neighbours, around the circle', () => {
    expect([0, 1, 17, 18, 36, 35].map(number => lookAlike(0, number))).toEqual([true, true, true, true, true, true]);
    expect([2, 16, 9].map(number => lookAlike(0, number))).toEqual([false, false, false]);
  });
});

describe('colourAt', () => {
  const colours = Array.from({ length: COLOURS }, (_, number) => colourAt(number));

  it('gives 54 colours, no two alike', () => {
    expect(new Set(colours).size).toBe(54);
    for (const colour of colours) expect(colour).toMatch(/^#[0-9a-f]{6}$/);
  });

  it('gives a hue in three lightnesses', () => {
    expect(luminance(colours[7]!)).toBeLessThan(luminance(colours[25]!));
    expect(luminance(colours[25]!)).toBeLessThan(luminance(colours[43]!));
  });

  it('stands out at 3:1 on the sheets of both themes', () => {
    expect(sheets).toHaveLength(2);
    for (const colour of colours) {
      for (const sheet of sheets) expect(contrast(colour, sheet), `${colour} on ${sheet}`).toBeGreaterThanOrEqual(3);
    }
  });
});

describe('contrast', () => {
  it('is 21 for black on white and 1 for a colour on itself', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 10);
    expect(contrast('#123456', '#123456')).toBe(1);
  });
});
