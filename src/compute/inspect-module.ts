/** Decides whether a module is a task of the *buffer* ABI that this device would run. Says nothing of its bodies. */

import { SeaError } from '../base/errors.ts';
import { PAGE_BYTES, TABLE_ELEMENTS_MAX } from './limits.ts';
import { type ExportKind, I32, I64, readModule, type WasmModule } from './module.ts';

/**
 * The module's structure, checked against the ABI: `memory`, `alloc(i32) -> i32`, `run(i32, i32) -> i64`, no imports,
 * no start section, first memory within `memoryBytesMax`. Throws NOT_WASM, NO_ABI, UNSUPPORTED, MEMORY_LIMIT,
 * TOO_LARGE; nothing else, whatever the bytes.
 */
export function inspectModule(binary: Uint8Array, memoryBytesMax: number): WasmModule {
  const module = readModule(binary);
  if (module.memories.length > 1) throw new SeaError('UNSUPPORTED', 'the module has several memories');
  exported(module, 'memory', 'memory');
  checkFunction(module, 'alloc', [I32], [I32]);
  checkFunction(module, 'run', [I32, I32], [I64]);
  checkSizes(module, memoryBytesMax);
  return module;
}

function checkSizes(module: WasmModule, memoryBytesMax: number): void {
  const memory = module.memories[0];
  if (memory === undefined) throw new SeaError('NOT_WASM', 'the exported memory does not exist');
  const memoryBytes = memory.min * PAGE_BYTES;
  if (memoryBytes > memoryBytesMax) {
    throw new SeaError(
      'MEMORY_LIMIT',
      `the task needs ${memoryBytes} bytes of memory at the start, it may have ${memoryBytesMax}`,
    );
  }
  const elements = module.tables.reduce((sum, table) => sum + table.min, 0);
  if (elements > TABLE_ELEMENTS_MAX) {
    throw new SeaError(
      'MEMORY_LIMIT',
      `the task's tables hold ${elements} elements, at most ${TABLE_ELEMENTS_MAX} are taken`,
    );
  }
}

function checkFunction(
  module: WasmModule,
  name: string,
  parameters: readonly number[],
  results: readonly number[],
): void {
  const typeIndex = module.functions[exported(module, name, 'function')];
  const type = typeIndex === undefined ? undefined : module.types[typeIndex];
  if (type === undefined) throw new SeaError('NOT_WASM', `the exported function "${name}" does not exist`);
  if (!same(type.parameters, parameters) || !same(type.results, results)) {
    throw new SeaError('NO_ABI', `the export "${name}" has the wrong type: expected ${signatures[name]}`);
  }
}

const signatures: Readonly<Record<string, string>> = { alloc: '(i32) -> i32', run: '(i32, i32) -> i64' };

function exported(module: WasmModule, name: string, kind: ExportKind): number {
  const entry = module.exports.get(name);
  if (entry?.kind !== kind) throw new SeaError('NO_ABI', `the module exports no ${kind} "${name}"`);
  return entry.index;
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}
