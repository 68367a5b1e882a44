/** Every committed module is the one its sources made, keeps the ABI and declares what the catalogue says. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue } from './index.ts';
import { moduleFacts } from './testing/module-facts.ts';
import { testModules } from './testing/modules.ts';

interface Provenance {
  readonly compiler: string;
  readonly flags: readonly string[];
  readonly modules: Record<string, ModuleProvenance>;
}

interface ModuleProvenance {
  readonly flags: readonly string[];
  readonly sources: Record<string, string>;
  readonly wasmSha256: string;
  readonly wasmBytes: number;
}

const folder = new URL('.', import.meta.url);
const read = (path: string): Uint8Array<ArrayBuffer> => Uint8Array.from(readFileSync(new URL(path, folder)));
const sha256 = (path: string): string => createHash('sha256').update(read(path)).digest('hex');
const provenance = JSON.parse(readFileSync(new URL('provenance.json', folder), 'utf8')) as Provenance;
const entries = Object.entries(provenance.modules);

const MEMORY_BYTES_4_GIB = 2 ** 32;
const START_SECTION = 8;

describe('provenance', () => {
  it.each(entries)('%s was made from the sources that are here', (module, { sources, wasmSha256, wasmBytes }) => {
    expect(Object.keys(sources)).toEqual([module.replace('.wasm', '.c'), 'task.h']);
    for (const [source, hash] of Object.entries(sources)) {
      expect(sha256(source), `${source} changed: run node wasm-tasks/build.mjs`).toBe(hash);
    }
    expect(sha256(module)).toBe(wasmSha256);
    expect(read(module)).toHaveLength(wasmBytes);
  });

  it('names every module and every source', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(path => path.replaceAll('\\', '/'));
    expect(files.filter(path => path.endsWith('.wasm')).sort()).toEqual(entries.map(([module]) => module).sort());
    const sources = new Set(entries.flatMap(([, entry]) => Object.keys(entry.sources)));
    expect(files.filter(path => /\.[ch]$/.test(path)).sort()).toEqual([...sources].sort());
  });

  it('names the compiler', () => {
    expect(provenance.compiler).toMatch(/clang version \d+\.\d+/);
    expect(provenance.flags).toContain('--target=wasm32');
  });
});

describe('ABI', () => {
  it.each(entries.map(([module]) => module))('%s imports nothing, starts nothing, exports three', path => {
    const bytes = read(path);
    const module = new WebAssembly.Module(bytes);
    expect(WebAssembly.Module.imports(module)).toEqual([]);
    expect(WebAssembly.Module.exports(module)).toEqual([
      { name: 'memory', kind: 'memory' },
      { name: 'alloc', kind: 'function' },
      { name: 'run', kind: 'function' },
    ]);
    expect(moduleFacts(bytes).sections).not.toContain(START_SECTION);
    expect(bytes.length).toBeLessThan(16 * 1024);
  });

  it('the test modules differ from tasks only where they mean to', () => {
    const memoryOf = (name: keyof typeof testModules) => moduleFacts(readFileSync(testModules[name])).memory!;
    expect(memoryOf('greedy').minBytes).toBe(MEMORY_BYTES_4_GIB);
    expect(memoryOf('grower').maxBytes).toBeUndefined();
    expect(memoryOf('spin').maxBytes).toBe(16 * 1024 * 1024);
  });
});

describe('catalogue', () => {
  it('has four tasks, each under its own name', () => {
    expect(catalogue.map(task => task.name)).toEqual(['picture', 'mandelbrot', 'collatz', 'hash-search']);
  });

  it.each(catalogue.map(task => [task.name, task] as const))('%s declares the memory it says', (name, task) => {
    expect(task.wasm.pathname).toMatch(new RegExp(`/${name}/task\\.wasm$`));
    const { memory } = moduleFacts(readFileSync(task.wasm));
    expect(memory?.maxBytes).toBe(task.memoryBytesMax);
    expect(memory!.minBytes + task.inputBytesMax + task.outputBytesMax).toBeLessThan(task.memoryBytesMax);
    expect(task.description).toMatch(/^[A-Z].*\.$/);
  });
});
