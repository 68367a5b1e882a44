/** Words that stay out, each put together here so that this file does not hold them. */

import { expect, test } from 'vitest';
import { checkLockFile, checkWording } from './wording.ts';

const slash = '/';

test.each([
  [`// ${'TO'}${'DO'}: later`],
  [`// ${'FIX'}${'ME'}`],
  [`see ${slash}home${slash}ann/notes.md`],
  [`"${slash}root${slash}x"`],
  [`https://${'registry'}.example.org/idb`],
])('%s is found', text => {
  expect(checkWording('a.md', `fine\n${text}`)).toEqual([expect.objectContaining({ file: 'a.md', line: 2 })]);
});

test.each([['a method to do it'], ['https://example.org/home/page'], ['./work/items'], ['a registry of names']])(
  '%s is not',
  text => {
    expect(checkWording('a.md', text)).toEqual([]);
  },
);

test('a lock file without addresses passes; one address is named', () => {
  const lock = {
    packages: { '': {}, 'node_modules/idb': { version: '8.0.4' }, 'node_modules/own': { resolved: 'own', link: true } },
  };
  expect(checkLockFile('package-lock.json', JSON.stringify(lock))).toEqual([]);
  const told = { packages: { ...lock.packages, 'node_modules/ws': { resolved: 'https://example.org/ws.tgz' } } };
  expect(checkLockFile('package-lock.json', JSON.stringify(told)).map(({ words }) => words)).toEqual([
    expect.stringMatching(/^node_modules\/ws records/),
  ]);
});
