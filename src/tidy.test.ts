/** The house style as a test. Each rule is shown passing and failing in `tidy/`; here they are applied to the project. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkBannedGlobals } from './tidy/banned-globals.ts';
import { checkCycles, checkDeadFiles } from './tidy/import-graph.ts';
import { checkLayers } from './tidy/layers.ts';
import { checkFileLengths, checkFunctionLengths, checkOpenings, checkTypes } from './tidy/shape.ts';
import { type Finding, filesUnder, readSources } from './tidy/source.ts';
import { checkThirdParties } from './tidy/third-parties.ts';
import { checkLockFile, checkWording } from './tidy/wording.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const paths = filesUnder(root, '.');
const sources = readSources(root, paths);
const library = sources.filter(({ path }) => path.startsWith('src/'));

/** What is run or published: nothing imports these. */
const entries = [
  'src/index.ts',
  'src/node.ts',
  'src/cli.ts',
  'src/sim/main.ts',
  // Bundled by scripts/generate.mjs.
  'src/adapters/worker/task-worker.ts',
  'src/adapters/node/task-worker-node.ts',
  'src/adapters/worker/shard-worker.ts',
  'src/adapters/node/shard-worker-node.ts',
  'src/adapters/browser/task-frame-script.ts',
  'src/adapters/webrtc/bare-duplex.ts',
  // Run by hand: its module is committed.
  'src/kernels/build.mjs',
  // For several nodes in one process.
  'src/adapters/memory/memory-link-factory.ts',
];

function told(findings: readonly Finding[]): string[] {
  return findings.map(({ file, line, words }) => `${file}:${line} ${words}`);
}

test('there is something to look at', () => {
  expect(library.length).toBeGreaterThan(50);
  expect(entries.filter(entry => !paths.includes(entry))).toEqual([]);
});

test('imports point one way', () => {
  expect(told(checkLayers(library))).toEqual([]);
});

test('no file imports itself', () => {
  expect(told(checkCycles(sources))).toEqual([]);
});

test('no file of the library is dead', () => {
  expect(told(checkDeadFiles(library, entries))).toEqual([]);
});

test('each package is imported in its place', () => {
  expect(told(checkThirdParties(sources))).toEqual([]);
});

test('the core takes time and chance from its ports', () => {
  expect(told(checkBannedGlobals(library))).toEqual([]);
});

test('no function is long', () => {
  expect(told(checkFunctionLengths(sources))).toEqual([]);
});

test('no file is long', () => {
  expect(told(checkFileLengths(sources))).toEqual([]);
});

test('every file says what it is', () => {
  expect(told(checkOpenings(sources))).toEqual([]);
});

test('no type is given up', () => {
  expect(told(checkTypes(sources))).toEqual([]);
});

test('nothing is left to do, nothing is of one machine alone', () => {
  const texts = paths.filter(path =>
    /\.(ts|tsx|mjs|js|json|md|html|css|c|h|rs|sh|svg|toml|yml)$|^\.ci\/|^\.npmrc$/.test(path),
  );
  expect(told(texts.flatMap(path => checkWording(path, readFileSync(join(root, path), 'utf8'))))).toEqual([]);
});

test('the lock file does not say where packages were fetched', () => {
  expect(told(checkLockFile('package-lock.json', readFileSync(join(root, 'package-lock.json'), 'utf8')))).toEqual([]);
});
