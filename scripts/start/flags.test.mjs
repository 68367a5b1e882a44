/** Flags: defaults, each flag, and what is refused with exit code 2. */

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { inProject } from '../project.mjs';
import { readFlags } from './flags.mjs';

const here = fileURLToPath(import.meta.url);
const data = inProject('.peersea');
const defaults = {
  port: 4600,
  host: '127.0.0.1',
  contributors: 2,
  chain: {},
  data,
  open: true,
  json: false,
  help: false,
};
const purse = `0x${'5E'.repeat(20)}`;

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
  [['--no-chain', '--chain', 'http://x'], /--no-chain leaves out/],
  [['--no-chain', '--purse', purse], /--no-chain leaves out/],
  [['--purse', purse], /on the chain of --chain/],
  [['--chain', 'http://x'], /needs --purse/],
  [['--chain', 'ws://x', '--purse', purse], /not "ws:\/\/x"/],
  [['--chain', 'http://x', '--purse', '0x5e'], /40 hex digits/],
  [['--contributors', '-1'], /^--contributors is a whole number from 0 to 64, not "-1"/],
  [['--contributors=-1'], /^--contributors is a whole number from 0/],
  [['--json', '--port', '-1', '--no-open'], /^--port is a whole number from 0/],
  [['--port'], /^--port needs a value\.\n\nnpm start --/],
  [['--port', '--json'], /^--port needs a value\./],
  [['--json=1'], /^--json takes no value\./],
  [['--colour'], /^There is no flag --colour\.\n\nnpm start --/],
  [['-p'], /^There is no flag .*-p/],
  [['5000'], /^Unexpected argument '5000'\. Flags go after two dashes: npm start -- --port 5000\n\nnpm start --/],
])('%j is refused in words', (args, words) => {
  expect(() => readFlags(args)).toThrowError(
    expect.objectContaining({ message: expect.stringMatching(words), exitCode: 2 }),
  );
});

test('a chain of somebody else, and none', () => {
  expect(readFlags(['--chain', 'https://x/y', '--purse', purse]).chain).toEqual({ url: 'https://x/y', purse });
  expect(readFlags(['--no-chain']).chain).toBe(false);
});

test('a folder is meant from where one stands', () => {
  expect(readFlags(['--data', 'here']).data).toBe(resolve('here'));
});

test('the highest port is one', () => {
  expect(readFlags(['--port', '65535']).port).toBe(65_535);
});
