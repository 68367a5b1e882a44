/** How the page writes numbers, times and addresses. */

import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDate,
  formatDuration,
  formatPixels,
  formatPlural,
  formatRate,
  formatRtt,
  shortAddress,
} from './format.ts';

describe('counts and rates', () => {
  it('separates thousands and chooses the noun', () => {
    expect(formatCount(1234567)).toBe('1,234,567');
    expect(formatPlural(0, 'peer')).toBe('0 peers');
    expect(formatPlural(1, 'peer')).toBe('1 peer');
    expect(formatPlural(2, 'copy', 'copies')).toBe('2 copies');
  });

  it('keeps one decimal below a hundred only', () => {
    expect(formatRate(0.44)).toBe('0.4');
    expect(formatRate(12)).toBe('12');
    expect(formatRate(99.94)).toBe('99.9');
    expect(formatRate(100.6)).toBe('101');
  });
});

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1000, '1.0 s'],
    [3260, '3.2 s'],
    [59_999, '59.9 s'],
    [60_000, '1 min 00 s'],
    [125_900, '2 min 05 s'],
    [3_599_000, '59 min 59 s'],
    [3_720_000, '1 h 02 min'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('says when a round trip was not measured', () => {
    expect(formatRtt(undefined)).toBe('not measured');
    expect(formatRtt(0.42)).toBe('0.4 ms');
    expect(formatRtt(48.7)).toBe('49 ms');
    expect(formatRtt(2_487)).toBe('2.4 s');
  });
});

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [12_300_000, '12 MB'],
    [5e15, '5,000 TB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('counts pixels in millions', () => {
    expect(formatPixels(2000, 1500)).toBe('3 megapixels');
    expect(formatPixels(800, 600)).toBe('0.5 megapixels');
    expect(formatPixels(12_000, 9000)).toBe('108 megapixels');
    expect(formatPixels(1000, 1000)).toBe('1 megapixel');
  });

  it('counts the pixels of small pictures one by one', () => {
    expect(formatPixels(64, 48)).toBe('3,072 pixels');
    expect(formatPixels(1, 1)).toBe('1 pixel');
    expect(formatPixels(400, 250)).toBe('0.1 megapixels');
  });
});

describe('addresses', () => {
  it('shows both ends, and short texts whole', () => {
    expect(shortAddress(`3fa2${'0'.repeat(56)}91c0`)).toBe('3fa2…91c0');
    expect(shortAddress('3fa291c0')).toBe('3fa291c0');
  });
});

it('writes a day so that nobody takes the month for it', () => {
  expect(formatDate(Date.UTC(2026, 10, 21, 12))).toBe('21 Nov 2026');
});
