/** Tables as files. */

import { expect, it } from 'vitest';
import { toCsv, toJson } from './export.ts';

it('writes CSV and quotes what needs it', () => {
  expect(
    toCsv(
      ['part', 'text'],
      [
        [0, 'plain'],
        [1, 'a "b", c'],
        [2, 'two\nlines'],
      ],
    ),
  ).toBe('part,text\r\n0,plain\r\n1,"a ""b"", c"\r\n2,"two\nlines"\r\n');
  expect(toCsv(['part'], [])).toBe('part\r\n');
});

it('writes JSON with the columns as keys', () => {
  expect(JSON.parse(toJson(['part', 'number'], [[0, '123456789012345678901234567890']]))).toEqual([
    { part: 0, number: '123456789012345678901234567890' },
  ]);
  expect(JSON.parse(toJson(['part'], []))).toEqual([]);
});
