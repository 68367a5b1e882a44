import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { partOf, rows } from './tidy/layers.ts';
import { filesUnder, isTest, parseSource, readSources, type Source } from './tidy/source.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Asked for when the node's key is made, if at all: not later. */
const WITH_THE_START = /^src\/adapters\/memory\/noble-/;

/** What a file of the project imports by an expression. */
function laterOf({ text, imports }: Source): string[] {
  const lines = text.split('\n');
  return imports.flatMap(({ path, line, specifier }) =>
    path !== undefined && lines[line - 1]!.includes(`import('${specifier}')`) ? [path] : [],
  );
}

test('every part that comes later is fetched ahead', () => {
  const core = new Set([...rows.flat(), 'adapters/browser', 'adapters/worker', 'adapters/webrtc']);
  const library = readSources(root, filesUnder(root, 'src')).filter(
    ({ path }) => core.has(partOf(path) ?? '') && !isTest(path),
  );
  const wanted = library.flatMap(laterOf).filter(path => !WITH_THE_START.test(path));
  const path = 'src/later-parts.ts';
  const ahead = laterOf(
    parseSource(path, readFileSync(fileURLToPath(new URL('./later-parts.ts', import.meta.url)), 'utf8')),
  );
  expect(wanted.length).toBeGreaterThan(3);
  expect([...new Set(wanted)].sort()).toEqual([...ahead].sort());
});
