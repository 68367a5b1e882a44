import { describe, expect, it } from 'vitest';
import { type ErrorCode, isSeaError } from '../base/errors.ts';
import { below } from '../base/random.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { inspectModule } from './inspect-module.ts';
import { MODULE_BYTES_MAX, PAGE_BYTES } from './limits.ts';
import {
  assemble,
  bodies,
  body,
  echoTask,
  exported,
  exportsAll,
  functions,
  leb,
  onePage,
  type Section,
  types,
} from './testing/wasm-parts.ts';

const CAP = 16 * PAGE_BYTES;

function codeOf(binary: Uint8Array, memoryBytesMax = CAP): ErrorCode | 'fine' {
  try {
    inspectModule(binary, memoryBytesMax);
    return 'fine';
  } catch (error) {
    if (isSeaError(error)) return error.code;
    throw error;
  }
}

describe('inspectModule', () => {
  it('reads a task: its types, functions, memory and exports', () => {
    const module = inspectModule(echoTask(), CAP);
    expect(module.types).toEqual([
      { parameters: [0x7f], results: [0x7f] },
      { parameters: [0x7f, 0x7f], results: [0x7e] },
    ]);
    expect(module.functions).toEqual([0, 1]);
    expect(module.memories).toEqual([{ min: 1, max: undefined }]);
    expect(module.memorySection).toEqual({ start: 27, end: 32 });
    expect([...module.exports]).toEqual([
      ['memory', { kind: 'memory', index: 0 }],
      ['alloc', { kind: 'function', index: 0 }],
      ['run', { kind: 'function', index: 1 }],
    ]);
    expect(WebAssembly.validate(echoTask())).toBe(true);
  });

  it('passes over custom sections, tables, globals and data', () => {
    const custom: Section = [0, [4, ...Array.from('name', letter => letter.charCodeAt(0)), 1, 2, 3]];
    const table: Section = [4, [1, 0x70, 1, 1, 5]];
    const global: Section = [6, [1, 0x7f, 1, 0x41, 0, 0x0b]];
    const count: Section = [12, [1]];
    const data: Section = [11, [1, 0, 0x41, 0, 0x0b, 1, 42]];
    const binary = assemble(custom, types, functions, table, onePage, global, exportsAll, count, bodies, data, custom);
    expect(WebAssembly.validate(binary)).toBe(true);
    expect(inspectModule(binary, CAP).tables).toEqual([{ min: 1, max: 5 }]);
  });

  it('takes an import section that imports nothing', () => {
    expect(codeOf(assemble(types, [2, [0]], functions, onePage, exportsAll, bodies))).toBe('fine');
  });

  const malformed: readonly (readonly [string, Uint8Array])[] = [
    ['no bytes', new Uint8Array(0)],
    ['text', new TextEncoder().encode('not a module at all')],
    ['a header of another version', echoTask().with(4, 2)],
    ['a cut header', echoTask().slice(0, 7)],
    ['a section longer than the rest', echoTask().slice(0, -1)],
    ['sections out of order', assemble(types, onePage, functions, exportsAll, bodies)],
    ['a section twice', assemble(types, types, functions, onePage, exportsAll, bodies)],
    ['an unknown section', assemble(types, functions, onePage, exportsAll, bodies, [14, []])],
    ['a section with bytes left over', assemble(types, [3, [2, 0, 1, 7]], onePage, exportsAll, bodies)],
    ['a list longer than its section', assemble([1, [200, 0x60]], functions, onePage, exportsAll, bodies)],
    ['a number of 33 bits', assemble([1, [0xff, 0xff, 0xff, 0xff, 0x1f]], functions, onePage, exportsAll, bodies)],
    [
      'a number that does not end',
      assemble([1, [0x80, 0x80, 0x80, 0x80, 0x80, 0x00]], functions, onePage, exportsAll, bodies),
    ],
    ['an unknown form of type', assemble([1, [1, 0x61]], functions, onePage, exportsAll, bodies)],
    ['an unknown value type', assemble([1, [1, 0x60, 1, 0x11, 0]], functions, onePage, exportsAll, bodies)],
    ['a function without a body', assemble(types, functions, onePage, exportsAll)],
    ['more bodies than functions', assemble(types, [3, [1, 0]], onePage, exportsAll, bodies)],
    ['a maximum below the minimum', echoTask([1, 1, 3, 2])],
    ['65,537 pages', echoTask([1, 0, ...leb(65_537)])],
    ['a maximum of 65,537 pages', echoTask([1, 1, 1, ...leb(65_537)])],
    ['unknown memory limits', echoTask([1, 16, 1])],
    [
      'two exports of one name',
      assemble(types, functions, onePage, [7, [2, ...exported('a', 0, 0), ...exported('a', 0, 0)]], bodies),
    ],
    ['an export name that is not UTF-8', assemble(types, functions, onePage, [7, [1, 1, 0xff, 0, 0]], bodies)],
    ['an export of unknown kind', assemble(types, functions, onePage, [7, [1, ...exported('a', 9, 0)]], bodies)],
    [
      'a function that does not exist',
      assemble(
        types,
        functions,
        onePage,
        [7, [3, ...exported('memory', 2, 0), ...exported('alloc', 0, 9), ...exported('run', 0, 1)]],
        bodies,
      ),
    ],
    ['an exported memory that does not exist', assemble(types, functions, [5, [0]], exportsAll, bodies)],
  ];
  it.each(malformed)('%s is NOT_WASM', (_what, binary) => {
    expect(codeOf(binary)).toBe('NOT_WASM');
    expect(WebAssembly.validate(binary as Uint8Array<ArrayBuffer>)).toBe(false);
  });

  const wrongTypes: Section = [1, [2, 0x60, 1, 0x7e, 1, 0x7f, 0x60, 2, 0x7f, 0x7f, 1, 0x7f]];
  const withoutAbi: readonly (readonly [string, Uint8Array])[] = [
    ['no exports', assemble(types, functions, onePage, bodies)],
    ['an empty module', assemble()],
    [
      'no memory',
      assemble(types, functions, onePage, [7, [2, ...exported('alloc', 0, 0), ...exported('run', 0, 1)]], bodies),
    ],
    [
      'no alloc',
      assemble(types, functions, onePage, [7, [2, ...exported('memory', 2, 0), ...exported('run', 0, 1)]], bodies),
    ],
    [
      'no run',
      assemble(types, functions, onePage, [7, [2, ...exported('memory', 2, 0), ...exported('alloc', 0, 0)]], bodies),
    ],
    [
      'run is a memory',
      assemble(
        types,
        functions,
        onePage,
        [7, [3, ...exported('memory', 2, 0), ...exported('alloc', 0, 0), ...exported('run', 2, 0)]],
        bodies,
      ),
    ],
    [
      'alloc and run swapped',
      assemble(
        types,
        functions,
        onePage,
        [7, [3, ...exported('memory', 2, 0), ...exported('alloc', 0, 1), ...exported('run', 0, 0)]],
        bodies,
      ),
    ],
    ['alloc takes an i64', assemble(wrongTypes, functions, onePage, exportsAll, bodies)],
  ];
  it.each(withoutAbi)('%s is NO_ABI', (_what, binary) => {
    expect(codeOf(binary)).toBe('NO_ABI');
  });

  const beyond: readonly (readonly [string, Uint8Array])[] = [
    ['an import', assemble(types, [2, [1, 3, 101, 110, 118, 1, 102, 0, 0]], functions, onePage, exportsAll, bodies)],
    ['an import whose names are malformed', assemble(types, [2, [1, 99]], functions, onePage, exportsAll, bodies)],
    [
      'a start function',
      assemble(
        [1, [3, ...types[1].slice(1), 0x60, 0, 0]],
        [3, [3, 0, 1, 2]],
        onePage,
        exportsAll,
        [8, [2]],
        [10, [3, ...bodies[1].slice(1), ...body([])]],
      ),
    ],
    ['shared memory', echoTask([1, 3, 1, 2])],
    ['a 64-bit memory', echoTask([1, 4, 1])],
    ['a memory with its own page size', echoTask([1, 8, 1, 0])],
    ['two memories', echoTask([2, 0, 1, 0, 1])],
    ['exception tags', assemble(types, functions, onePage, [13, [1, 0, 0]], exportsAll, bodies)],
    ['garbage-collected types', assemble([1, [1, 0x5f, 0]], functions, onePage, exportsAll, bodies)],
    ['typed references', assemble([1, [1, 0x60, 1, 0x63, 0]], functions, onePage, exportsAll, bodies)],
    ['a 64-bit table', assemble(types, functions, [4, [1, 0x70, 4, 1]], onePage, exportsAll, bodies)],
  ];
  it.each(beyond)('%s is UNSUPPORTED', (_what, binary) => {
    expect(codeOf(binary)).toBe('UNSUPPORTED');
  });

  it('names the import it refuses', () => {
    const binary = assemble(types, [2, [1, 3, 101, 110, 118, 1, 102, 0, 0]], functions, onePage, exportsAll, bodies);
    expect(() => inspectModule(binary, CAP)).toThrow('"env.f"');
  });

  it('refuses more memory than the cap at the start, by a single page: MEMORY_LIMIT', () => {
    expect(codeOf(echoTask([1, 0, 16]))).toBe('fine');
    expect(codeOf(echoTask([1, 0, 17]))).toBe('MEMORY_LIMIT');
    expect(codeOf(echoTask([1, 0, ...leb(65_536)]))).toBe('MEMORY_LIMIT'); // 4 GiB
    expect(codeOf(echoTask([1, 1, 1, ...leb(65_536)]))).toBe('fine'); // may grow to it: the bound is put on later
  });

  it('refuses tables of more than a million elements together: MEMORY_LIMIT', () => {
    const tables = (...sizes: number[]): Uint8Array =>
      assemble(
        types,
        functions,
        [4, [sizes.length, ...sizes.flatMap(size => [0x70, 0, ...leb(size)])]],
        onePage,
        exportsAll,
        bodies,
      );
    expect(codeOf(tables(500_000, 500_000))).toBe('fine');
    expect(codeOf(tables(500_000, 500_001))).toBe('MEMORY_LIMIT');
  });

  it('refuses a module above the limit before looking into it: TOO_LARGE', () => {
    expect(codeOf(new Uint8Array(MODULE_BYTES_MAX + 1))).toBe('TOO_LARGE');
    expect(codeOf(new Uint8Array(MODULE_BYTES_MAX))).toBe('NOT_WASM');
  });

  it('refuses a list of more than 100,000 items: TOO_LARGE', () => {
    const many = [...leb(100_001), ...new Array<number>(100_001).fill(0)];
    expect(codeOf(assemble(types, [3, many], onePage, exportsAll, bodies))).toBe('TOO_LARGE');
  });

  it('gives a code for whatever bytes, and never contradicts the engine', () => {
    const random = new SeededRandom('mutations');
    const codes = new Set<string>();
    for (let round = 0; round < 20_000; round++) {
      const binary = echoTask();
      for (let change = below(random, 4); change >= 0; change--)
        binary[below(random, binary.length)] = below(random, 256);
      const bytes = below(random, 4) === 0 ? binary.slice(0, below(random, binary.length)) : binary;
      const code = codeOf(bytes);
      codes.add(code);
      const valid = WebAssembly.validate(bytes);
      if (code === 'NOT_WASM') expect(valid).toBe(false);
      if (code !== 'fine' || !valid) continue;
      const module = new WebAssembly.Module(bytes);
      expect(WebAssembly.Module.imports(module)).toEqual([]);
      expect(WebAssembly.Module.exports(module)).toContainEqual({ name: 'run', kind: 'function' });
    }
    expect([...codes].sort()).toEqual(['MEMORY_LIMIT', 'NOT_WASM', 'NO_ABI', 'UNSUPPORTED', 'fine']);
  });
});
