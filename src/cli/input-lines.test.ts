/** Lines become inputs up to the first that is none. */

import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { utf8Decode } from '../base/bytes.ts';
import { InputLines } from './input-lines.ts';

async function read(lines: InputLines): Promise<string[]> {
  const inputs: string[] = [];
  for await (const input of lines.inputs()) inputs.push(utf8Decode(input));
  return inputs;
}

test('all lines but empty ones', async () => {
  const lines = new InputLines(Readable.from(['1\n\n{"base64":"aGk="}\r\n', '"end"']));
  expect(await read(lines)).toEqual(['1', 'hi', '"end"']);
  lines.check();
});

test('those before a bad line are not lost by it; it is told afterwards, by its number', async () => {
  const lines = new InputLines(Readable.from(['1\n\n2\nnot json\n3\n']));
  expect(await read(lines)).toEqual(['1', '2']);
  expect(() => lines.check()).toThrow('BAD_ARGUMENT: line 4 is not JSON');
});
