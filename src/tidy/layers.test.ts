/** The direction of imports: allowed downward, refused upward, sideways and out of the library. */

import { expect, test } from 'vitest';
import { checkLayers, mayImport, partOf } from './layers.ts';
import { parseSource } from './source.ts';

function wordsFor(path: string, target: string): string[] {
  return checkLayers([parseSource(path, `import '${target}';`)]).map(({ words }) => words);
}

test('the part that a path belongs to', () => {
  expect(partOf('src/link/pump.ts')).toBe('link');
  expect(partOf('src/adapters/node/clock.ts')).toBe('adapters/node');
  expect(partOf('src/sea.ts')).toBe('sea.ts');
  expect(partOf('demo/main.tsx')).toBeUndefined();
});

test('down the rows, never up and never sideways', () => {
  expect(mayImport('link', 'base')).toBe(true);
  expect(mayImport('link', 'link')).toBe(true);
  expect(mayImport('base', 'link')).toBe(false);
  expect(mayImport('storage', 'compute')).toBe(false);
  expect(mayImport('con', 'records')).toBe(false);
  expect(mayImport('sea.ts', 'compute')).toBe(true);
  expect(mayImport('compute', 'sea.ts')).toBe(false);
});

test('adapters know the ports, not the core; the simulator knows the core, not the platforms', () => {
  expect(mayImport('adapters/browser', 'ports')).toBe(true);
  expect(mayImport('adapters/browser', 'link')).toBe(false);
  expect(mayImport('adapters/webrtc', 'adapters/browser')).toBe(false);
  expect(mayImport('link', 'adapters/memory')).toBe(false);
  expect(mayImport('sim', 'membership')).toBe(true);
  expect(mayImport('sim', 'adapters/node')).toBe(false);
  expect(mayImport('index.ts', 'adapters/node')).toBe(false);
  expect(mayImport('node.ts', 'adapters/browser')).toBe(false);
});

test('a part that is on no list may import nothing', () => {
  expect(mayImport('helpers', 'base')).toBe(false);
});

test('findings name the direction', () => {
  expect(wordsFor('src/link/a.ts', '../base/b.ts')).toEqual([]);
  expect(wordsFor('src/link/a.ts', '../rpc/b.ts')).toEqual([expect.stringMatching(/^link may not import rpc/)]);
  expect(wordsFor('src/link/a.ts', '../../demo/b.ts')).toEqual([
    expect.stringMatching(/imports nothing outside itself$/),
  ]);
  expect(wordsFor('src/compute/a.ts', './testing/b.ts')).toEqual([expect.stringMatching(/there for tests alone$/)]);
});

test('tests import what they please', () => {
  expect(wordsFor('src/link/a.test.ts', '../../wasm-tasks/collatz/meta.ts')).toEqual([]);
  expect(wordsFor('src/compute/testing/a.ts', '../../sim/b.ts')).toEqual([]);
});
