/** Cycles of any length, and files that nothing reaches. */

import { expect, test } from 'vitest';
import { checkCycles, checkDeadFiles } from './import-graph.ts';
import { parseSource, type Source } from './source.ts';

/** `{ 'a.ts': ['b.ts'] }` as sources in src/. */
function sourcesOf(graph: Record<string, string[]>): Source[] {
  return Object.entries(graph).map(([name, targets]) =>
    parseSource(`src/${name}`, targets.map(target => `import './${target}';`).join('\n')),
  );
}

test('a tree and a diamond have no cycle', () => {
  expect(checkCycles(sourcesOf({ 'a.ts': ['b.ts', 'c.ts'], 'b.ts': ['d.ts'], 'c.ts': ['d.ts'], 'd.ts': [] }))).toEqual(
    [],
  );
});

test('a cycle is told once, with the way round', () => {
  const found = checkCycles(sourcesOf({ 'a.ts': ['b.ts'], 'b.ts': ['c.ts'], 'c.ts': ['a.ts'], 'd.ts': ['a.ts'] }));
  expect(found.map(({ words }) => words)).toEqual(['imports itself: src/a.ts -> src/b.ts -> src/c.ts -> src/a.ts']);
});

test('two cycles are two findings, a file that imports itself is one', () => {
  expect(checkCycles(sourcesOf({ 'a.ts': ['b.ts'], 'b.ts': ['a.ts'], 'c.ts': ['c.ts'] }))).toHaveLength(2);
});

test('what an entry reaches is alive', () => {
  expect(checkDeadFiles(sourcesOf({ 'a.ts': ['b.ts'], 'b.ts': ['c.ts'], 'c.ts': [] }), ['src/a.ts'])).toEqual([]);
});

test('what nothing reaches is dead, and so is what only its test uses', () => {
  const graph = { 'a.ts': [], 'b.ts': [], 'c.ts': [], 'c.test.ts': ['c.ts'] };
  expect(checkDeadFiles(sourcesOf(graph), ['src/a.ts']).map(({ file }) => file)).toEqual(['src/b.ts', 'src/c.ts']);
});

test('what is there for tests lives as long as a test uses it', () => {
  const graph = { 'testing/fake.ts': [], 'testing/old.ts': [], 'c.test.ts': ['testing/fake.ts'] };
  expect(checkDeadFiles(sourcesOf(graph), []).map(({ file }) => file)).toEqual(['src/testing/old.ts']);
});
