/** Sizes as they are typed. */

import { expect, it } from 'vitest';
import { byteSize, sizeWords } from './byte-size.ts';

it.each([
  ['0', 0],
  ['4096', 4096],
  ['1k', 1024],
  ['500M', 524_288_000],
  ['1G', 1_073_741_824],
  ['1.5g', 1_610_612_736],
  ['2GiB', 2_147_483_648],
  ['2GB', 2_147_483_648],
])('%s is %d bytes', (text, bytes) => {
  expect(byteSize(text, '--storage')).toBe(bytes);
});

it.each(['', 'G', '-1', '1e9', '1 G', '999999T', 'lots'])('%j is no size', text => {
  expect(() => byteSize(text, '--storage')).toThrowError(
    expect.objectContaining({ code: 'BAD_ARGUMENT', message: expect.stringContaining('--storage') }),
  );
});

it.each([
  ['500M', '500 MiB'],
  ['1.5g', '1.5 GiB'],
  ['2GB', '2 GiB'],
  ['4096', '4096 bytes'],
])('%s is said as %s', (text, words) => {
  expect(sizeWords(text)).toBe(words);
});
