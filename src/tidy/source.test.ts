/** What a file imports, in every way of saying it, and what counts as a test. */

import { expect, test } from 'vitest';
import { isTest, isTestSupport, lineAt, parseSource } from './source.ts';

function importsOf(text: string): (string | undefined)[] {
  return parseSource('src/link/a.ts', text).imports.map(({ specifier, path }) => path ?? specifier);
}

test('imports are found however they are written', () => {
  expect(importsOf(`import { a } from './b.ts';`)).toEqual(['src/link/b.ts']);
  expect(importsOf(`import type { A } from '../base/c.ts';`)).toEqual(['src/base/c.ts']);
  expect(importsOf(`import 'cborg';`)).toEqual(['cborg']);
  expect(importsOf(`export { a, b } from './b.ts';`)).toEqual(['src/link/b.ts']);
  expect(importsOf(`export * from './b.ts';`)).toEqual(['src/link/b.ts']);
  expect(importsOf(`const a = await import('./b.ts');`)).toEqual(['src/link/b.ts']);
  expect(importsOf(`new Worker(new URL('./w.ts', import.meta.url));`)).toEqual(['src/link/w.ts']);
});

test('what only looks like one is none', () => {
  expect(importsOf(`new URL('./w.ts', base);`)).toEqual([]);
  expect(importsOf(`// import './b.ts'\nconst text = "import './c.ts'";`)).toEqual([]);
});

test('the line of an import', () => {
  expect(parseSource('src/a.ts', `\n\nimport './b.ts';`).imports[0]?.line).toBe(3);
  expect(lineAt('a\nb', 0)).toBe(1);
  expect(lineAt('a\nb', 2)).toBe(2);
});

test('a file that is no program is refused by name', () => {
  expect(() => parseSource('src/a.ts', 'const = 1')).toThrowError(/^src\/a\.ts: /);
});

test('tests and what is there for them', () => {
  expect(['src/a.test.ts', 'src/sim/join.sim.ts', 'test/browser/x.spec.ts', 'scripts/x.test.mjs'].every(isTest)).toBe(
    true,
  );
  expect(['src/compute/testing/fake.ts', 'src/ports/acceptance/clock.ts'].every(isTestSupport)).toBe(true);
  expect(['src/ports/clock.ts', 'src/latest.ts', 'src/sim/world.ts', 'demo/main.tsx'].some(isTest)).toBe(false);
});
