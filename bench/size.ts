/**
 * What a page has to load to be a node: the browser entry, bundled and minified as an application would bundle it,
 * gzipped. Then what each third party and our own code add to it: the gzip size of the bundle less that of the same
 * bundle with the characters cut out that came from there, by the source map. What is shared is counted nowhere, so the
 * rows add up to a little less than the whole.
 */

import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { type BenchOptions, type Case, runCases } from './report.ts';

/** 100 KB: the overlay, computing, connections, channels and storage. */
const LIBRARY_BYTES_MAX = 102_400;

const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url));

/** Rows, and how a source's path tells that it belongs there. */
const owners = {
  'simple-peer': /\/adapters\/webrtc\/generated\//,
  '@noble/hashes': /node_modules\/@noble\/hashes\//,
  comlink: /node_modules\/comlink\//,
  idb: /node_modules\/idb\//,
  'task-programs': /\/adapters\/worker\/generated\//,
  own: /\/src\/(?!.*\/generated\/)/,
} as const;

interface Piece {
  /** Path of the source, empty where the bundler added text of its own. */
  readonly source: string;
  readonly text: string;
}

export async function bench(options: BenchOptions): Promise<Case[]> {
  const { first, later } = await bundleLibrary();
  const whole = gzipBytes(first);
  const row = (name: string, bytes: number) => async (): Promise<Case> => sizeOf(name, bytes, null);
  return runCases(options, {
    library: async () => sizeOf('library', whole, LIBRARY_BYTES_MAX),
    ...Object.fromEntries(
      Object.entries(owners).map(([name, path]) => [
        name,
        row(name, whole - gzipBytes(first.filter(({ source }) => !path.test(source)))),
      ]),
    ),
    ...Object.fromEntries(later.map(({ name, bytes }) => [`later:${name}`, row(`later:${name}`, bytes)])),
  });
}

function sizeOf(name: string, bytes: number, limit: number | null): Case {
  const ratio = limit === null ? null : bytes / limit;
  return {
    case: name,
    unit: 'bytes',
    better: 'lower',
    ours: bytes,
    limit,
    peers: {},
    ratio,
    ratioLow: ratio,
    ratioHigh: ratio,
    void: false,
  };
}

/** What every page loads, in pieces by source, and the chunks that are fetched only when they are needed. */
async function bundleLibrary(): Promise<{ first: Piece[]; later: { name: string; bytes: number }[] }> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    base: './',
    build: {
      write: false,
      target: 'es2022',
      sourcemap: 'hidden',
      modulePreload: { polyfill: false },
      rolldownOptions: { input: entry, preserveEntrySignatures: 'strict' },
    },
  })) as Rolldown.RolldownOutput;
  const chunks = built.output.filter(file => file.type === 'chunk');
  const byName = new Map(chunks.map(chunk => [chunk.fileName, chunk]));
  const first = new Set(chunks.filter(chunk => chunk.isEntry));
  for (const chunk of first) for (const name of chunk.imports) first.add(byName.get(name)!);
  return {
    first: [...first].flatMap(piecesOf),
    later: chunks
      .filter(chunk => !first.has(chunk))
      .map(chunk => ({ name: chunk.name, bytes: gzipBytes(piecesOf(chunk)) })),
  };
}

/** The chunk's text, cut where its source changes. */
function piecesOf({ code, map }: Rolldown.OutputChunk): Piece[] {
  if (map === null) return [{ source: '', text: code }]; // nothing but names of what other chunks have
  const sources = new SourceMap(JSON.parse(JSON.stringify(map)) as SourceMapPayload);
  const pieces: Piece[] = [];
  for (const [line, text] of code.split('\n').entries()) {
    let start = 0;
    let source = sourceAt(sources, line, 0);
    for (let column = 1; column <= text.length; column++) {
      const next = column < text.length ? sourceAt(sources, line, column) : undefined;
      if (next === source) continue;
      pieces.push({ source, text: text.slice(start, column) });
      start = column;
      source = next ?? '';
    }
    pieces.push({ source: '', text: '\n' });
  }
  return pieces;
}

function sourceAt(sources: SourceMap, line: number, column: number): string {
  const found = sources.findEntry(line, column);
  return 'originalSource' in found ? (found.originalSource ?? '') : '';
}

function gzipBytes(pieces: readonly Piece[]): number {
  return gzipSync(pieces.map(({ text }) => text).join(''), { level: 9 }).length;
}
