/** Which file is meant when several are dropped. */

import { expect, it } from 'vitest';
import { pictureFileOf } from './picture-drop.ts';

function transfer(...files: readonly [name: string, type: string][]): Pick<DataTransfer, 'files'> {
  return { files: files.map(([name, type]) => new File([], name, { type })) as unknown as FileList };
}

it('is the first picture, else the first file, else none', () => {
  expect(pictureFileOf(transfer(['a.txt', 'text/plain'], ['b.png', 'image/png'], ['c.jpg', 'image/jpeg']))?.name).toBe(
    'b.png',
  );
  expect(pictureFileOf(transfer(['a.txt', 'text/plain']))?.name).toBe('a.txt');
  expect(pictureFileOf(transfer())).toBeUndefined();
  expect(pictureFileOf(null)).toBeUndefined();
});
