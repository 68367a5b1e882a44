/** Flags: defaults, each flag, and what is refused with exit code 2. */

import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readFlags } from './flags.mjs';

const here = fileURLToPath(import.meta.url);
const defaults = { port: 4600, host: '127.0.0.1', contributors: 2, open: true, json: false, help: false };

test('no flags', () => {
  expect(readFlags([])).toEqual(defaults);
});

test('every flag', () => {
  const args = [
    '--port',
    '0',
    '--host=0.0.0.0',
    '--cert',
    here,
    '--key',
    here,
    '--contributors',
    '0',
    '--no-open',
    '--json',
  ];
  const given = { port: 0, host: '0.0.0.0', cert: here, key: here, contributors: 0, open: false, json: true };
  expect(readFlags(args)).toEqual({ ...defaults, ...given });
});

test.each([
  [['--port', '65536'], /--port is a whole number from 0 to 65535/],
  [['--port', '-1'], /--port/],
  [['--port', '4e3'], /not "4e3"/],
  [['--contributors', '65'], /from 0 to 64/],
  [['--cert', here], /go together/],
  [['--cert', '/nowhere.pem', '--key', here], /--cert names \/nowhere.pem/],
  [['--colour'], /npm start --/],
  [['extra'], /npm start --/],
])('%j is refused in words', (args, words) => {
  expect(() => readFlags(args)).toThrowError(
    expect.objectContaining({ message: expect.stringMatching(words), exitCode: 2 }),
  );
});

test('the highest port is one', () => {
  expect(readFlags(['--port', '65535']).port).toBe(65_535);
});
