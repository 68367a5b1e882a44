/** The command line before and after a command. */

import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SeaError } from '../base/errors.ts';
import { main } from './main.ts';
import { NOT_READ } from './standard-output.ts';

let out: string;
let log: string;
beforeEach(() => {
  out = '';
  log = '';
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation(text => {
    log += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const run = (...args: string[]): Promise<number> => main(args, new AbortController().signal);

test('a command that is none is named', async () => {
  expect(await run('bootstrp', '--port', '0')).toBe(2);
  expect(log).toMatch(/^peersea: unknown command "bootstrp"\n\nusage: peersea COMMAND/);
  expect(out).toBe('');
});

test.each([[], ['help'], ['--help'], ['-h']])('help is no failure', async (...args) => {
  expect(await run(...args)).toBe(0);
  expect(out).toMatch(/^usage: peersea COMMAND/);
  expect(log).toBe('');
});

test('the version is that of the package', async () => {
  expect(await run('--version')).toBe(0);
  expect(out).toBe(`${JSON.parse(readFileSync('package.json', 'utf8')).version}\n`);
});

test("a command's own help, and its failure with its name", async () => {
  expect(await run('contribute', '--help')).toBe(0);
  expect(out).toMatch(/^usage: peersea contribute/);
  expect(await run('contribute', '--slots', 'many')).toBe(2);
  expect(log).toMatch(/^peersea contribute: BAD_ARGUMENT: --slots/);
});

test('what fails after an interruption is not told', async () => {
  expect(await main(['contribute', '--slots', 'many'], AbortSignal.abort())).toBe(130);
  expect(log).toBe('');
});

test('nor what fails because nobody reads any more, which is no failure; output that is lost is one', async () => {
  expect(await main(['contribute', '--slots', 'many'], AbortSignal.abort(NOT_READ))).toBe(0);
  expect(log).toBe('');
  const full = AbortSignal.abort(new SeaError('NO_STORAGE', 'standard output cannot be written: ENOSPC'));
  expect(await main(['contribute', '--slots', 'many'], full)).toBe(6);
  expect(log).toBe('peersea contribute: NO_STORAGE: standard output cannot be written: ENOSPC\n');
});
