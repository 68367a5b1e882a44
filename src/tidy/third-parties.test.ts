/** Packages in their place, out of it, and without one. */

import { expect, test } from 'vitest';
import { parseSource } from './source.ts';
import { checkThirdParties, packageOf } from './third-parties.ts';

function wordsFor(path: string, specifier: string): string[] {
  return checkThirdParties([parseSource(path, `import '${specifier}';`)]).map(({ words }) => words);
}

test('the package of an import', () => {
  expect(packageOf('idb')).toBe('idb');
  expect(packageOf('simple-peer/simplepeer.min.js')).toBe('simple-peer');
  expect(packageOf('@noble/hashes/sha2.js')).toBe('@noble/hashes');
});

test('in its place, in a test, in a bench, by a path: nothing to say', () => {
  expect(wordsFor('src/base/cbor.ts', 'cborg')).toEqual([]);
  expect(wordsFor('src/adapters/webrtc/peer.ts', 'simple-peer/simplepeer.min.js')).toEqual([]);
  expect(wordsFor('src/wire/frame.test.ts', 'vitest')).toEqual([]);
  expect(wordsFor('bench/link.ts', 'ws')).toEqual([]);
  expect(wordsFor('src/link/a.ts', './cborg')).toEqual([]);
});

test('elsewhere the place is named', () => {
  expect(wordsFor('src/base/bytes.ts', 'cborg')).toEqual(['cborg is imported in src/base/cbor.ts only']);
  expect(wordsFor('src/adapters/node/a.ts', 'idb')).toEqual(['idb is imported in src/adapters/browser/ only']);
});

test('a package that no place is given is told, in tests too', () => {
  expect(wordsFor('src/link/a.ts', 'lodash')).toEqual([expect.stringMatching(/^the package lodash has no place/)]);
  expect(wordsFor('src/link/a.test.ts', 'lodash')).toHaveLength(1);
});

test("Node's own modules are for the Node adapter, the entries and tests", () => {
  expect(wordsFor('src/adapters/node/a.ts', 'node:fs')).toEqual([]);
  expect(wordsFor('src/cli/map.ts', 'node:readline')).toEqual([]);
  expect(wordsFor('scripts/setup.mjs', 'node:fs')).toEqual([]);
  expect(wordsFor('src/link/a.ts', 'node:crypto')).toEqual([expect.stringMatching(/go through a port$/)]);
});
