/**
 * A WebAssembly binary taken apart as far as the task ABI needs it: types, functions, tables, memories, exports. Every
 * read is bounds-checked; bodies of functions are not looked into (the runner's engine validates them). Source:
 * WebAssembly Core Specification 2.0 §5. Proposals beyond it are refused by name: what is not listed here does not run.
 */

import { utf8Decode } from '../base/bytes.ts';
import { type ErrorCode, SeaError } from '../base/errors.ts';
import { MODULE_BYTES_MAX, MODULE_ITEMS_MAX } from './limits.ts';

/** A function type: the byte codes of its parameters and results (§5.3.1). */
export interface FunctionType {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
}

/** Sizes in pages (memory) or elements (table); `max` undefined when none is declared. */
export interface SizeLimits {
  readonly min: number;
  readonly max: number | undefined;
}

export type ExportKind = 'function' | 'table' | 'memory' | 'global';

export interface ModuleExport {
  readonly kind: ExportKind;
  readonly index: number;
}

/** Offsets into the binary: [start, end). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What the binary declares. Nothing is imported, so every index counts from the module's own definitions. */
export interface WasmModule {
  readonly types: readonly FunctionType[];
  /** The type index of each function. */
  readonly functions: readonly number[];
  readonly tables: readonly SizeLimits[];
  readonly memories: readonly SizeLimits[];
  /** Where the whole memory section stands (id and size included); undefined without one. */
  readonly memorySection: Span | undefined;
  readonly exports: ReadonlyMap<string, ModuleExport>;
}

/** Value types of §5.3: i32 i64 f32 f64 v128 funcref externref. */
export const I32 = 0x7f;
export const I64 = 0x7e;
const VALUE_TYPES: ReadonlySet<number> = new Set([I32, I64, 0x7d, 0x7c, 0x7b, 0x70, 0x6f]);
const TYPES_BEYOND: ReadonlySet<number> = new Set([0x4e, 0x4f, 0x50, 0x5e, 0x5f]);
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const CUSTOM = 0;
/** Section ids in the order in which they must stand (§5.5.2). */
const SECTION_ORDER = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11];
const TAG_SECTION = 13;
const EXPORT_KINDS: readonly ExportKind[] = ['function', 'table', 'memory', 'global'];
export const MEMORY_PAGES_MAX = 65_536;

/**
 * Reads a binary's structure. Throws NOT_WASM (malformed), TOO_LARGE (more than MODULE_BYTES_MAX), UNSUPPORTED
 * (imports, a start section, shared or 64-bit memory, several memories, tags, types beyond version 2). Nothing else.
 */
export function readModule(binary: Uint8Array): WasmModule {
  if (binary.length > MODULE_BYTES_MAX) {
    throw new SeaError('TOO_LARGE', `the module has ${binary.length} bytes, at most ${MODULE_BYTES_MAX} are taken`);
  }
  if (!MAGIC.every((byte, at) => binary[at] === byte)) refuse('NOT_WASM', 'the bytes do not begin as a module does');
  return readSections(new ModuleReader(binary, MAGIC.length, binary.length));
}

type Draft = { -readonly [Key in keyof WasmModule]: WasmModule[Key] };

function readSections(reader: ModuleReader): WasmModule {
  const draft: Draft = {
    types: [],
    functions: [],
    tables: [],
    memories: [],
    memorySection: undefined,
    exports: new Map(),
  };
  let rankBefore = -1;
  let bodies = 0;
  while (!reader.done) {
    const start = reader.offset;
    const id = reader.byte();
    const section = reader.section();
    if (id === CUSTOM) continue;
    if (id === TAG_SECTION) refuse('UNSUPPORTED', 'the module declares exception tags');
    const rank = SECTION_ORDER.indexOf(id);
    if (rank < 0 || rank <= rankBefore) refuse('NOT_WASM', `section ${id} is unknown or out of order`);
    rankBefore = rank;
    if (id === 5) draft.memorySection = { start, end: section.end };
    if (id === 10) bodies = section.uint();
    else readSection(id, section, draft);
  }
  if (bodies !== draft.functions.length) refuse('NOT_WASM', 'functions and their bodies differ in number');
  return draft;
}

/** Sections that are not named here (globals, elements, data …) say nothing that the ABI asks about. */
function readSection(id: number, section: ModuleReader, draft: Draft): void {
  switch (id) {
    case 1:
      draft.types = section.list(readType);
      break;
    case 2:
      if (section.uint() > 0) refuse('UNSUPPORTED', `the module imports ${quoteImport(section)}: tasks import nothing`);
      break;
    case 3:
      draft.functions = section.list(item => item.uint());
      break;
    case 4:
      draft.tables = section.list(readTable);
      break;
    case 5:
      draft.memories = section.list(readMemory);
      break;
    case 7:
      draft.exports = readExports(section);
      break;
    case 8:
      refuse('UNSUPPORTED', 'the module has a start function');
      break;
    default:
      return;
  }
  if (!section.done) refuse('NOT_WASM', `section ${id} is longer than its contents`);
}

function readType(reader: ModuleReader): FunctionType {
  const form = reader.byte();
  if (TYPES_BEYOND.has(form)) refuse('UNSUPPORTED', 'the module declares garbage-collected types');
  if (form !== 0x60) refuse('NOT_WASM', `unknown form of type ${form}`);
  return { parameters: reader.list(readValueType), results: reader.list(readValueType) };
}

function readValueType(reader: ModuleReader): number {
  const type = reader.byte();
  if (VALUE_TYPES.has(type)) return type;
  return refuse(type >= 0x63 && type <= 0x74 ? 'UNSUPPORTED' : 'NOT_WASM', `value type ${type}`);
}

function readTable(reader: ModuleReader): SizeLimits {
  const type = reader.byte();
  if (type === 0x40 || (type >= 0x63 && type <= 0x74 && !VALUE_TYPES.has(type))) {
    refuse('UNSUPPORTED', 'the module declares a table of typed references');
  }
  if (type !== 0x70 && type !== 0x6f) refuse('NOT_WASM', `table of unknown type ${type}`);
  const flags = reader.byte();
  if (flags > 1) refuse(flags <= 7 ? 'UNSUPPORTED' : 'NOT_WASM', `table limits of kind ${flags}`);
  return readLimits(reader, flags === 1);
}

function readMemory(reader: ModuleReader): SizeLimits {
  const flags = reader.byte();
  if (flags > 15) refuse('NOT_WASM', `memory limits of kind ${flags}`);
  if (flags & 0b0010) refuse('UNSUPPORTED', 'the module asks for shared memory');
  if (flags & 0b0100) refuse('UNSUPPORTED', 'the module asks for a 64-bit memory');
  if (flags & 0b1000) refuse('UNSUPPORTED', 'the module asks for its own page size');
  const limits = readLimits(reader, flags === 1);
  if (limits.min > MEMORY_PAGES_MAX || (limits.max ?? 0) > MEMORY_PAGES_MAX) {
    refuse('NOT_WASM', `a memory of more than ${MEMORY_PAGES_MAX} pages`);
  }
  return limits;
}

function readLimits(reader: ModuleReader, bounded: boolean): SizeLimits {
  const min = reader.uint();
  const max = bounded ? reader.uint() : undefined;
  if (max !== undefined && max < min) refuse('NOT_WASM', 'a maximum below its minimum');
  return { min, max };
}

function readExports(section: ModuleReader): Map<string, ModuleExport> {
  const exports = new Map<string, ModuleExport>();
  for (const [name, entry] of section.list(readExport)) {
    if (exports.has(name)) refuse('NOT_WASM', 'two exports of one name');
    exports.set(name, entry);
  }
  return exports;
}

function readExport(reader: ModuleReader): [string, ModuleExport] {
  const name = reader.name();
  const code = reader.byte();
  if (code === 4) refuse('UNSUPPORTED', 'the module exports an exception tag');
  const kind = EXPORT_KINDS[code];
  if (kind === undefined) refuse('NOT_WASM', `export of unknown kind ${code}`);
  return [name, { kind, index: reader.uint() }];
}

/** The first import's names, for people; whatever cannot be read is left out. */
function quoteImport(section: ModuleReader): string {
  try {
    return `"${section.name().slice(0, 32)}.${section.name().slice(0, 32)}"`;
  } catch {
    return 'something'; // its names are malformed: the import alone is reason enough
  }
}

function refuse(code: ErrorCode, detail: string): never {
  throw new SeaError(code, detail);
}

/** A cursor over [offset, end) of the binary. Reading past the end is NOT_WASM. */
class ModuleReader {
  readonly #binary: Uint8Array;
  readonly end: number;
  offset: number;

  constructor(binary: Uint8Array, offset: number, end: number) {
    this.#binary = binary;
    this.offset = offset;
    this.end = end;
  }

  get done(): boolean {
    return this.offset === this.end;
  }

  byte(): number {
    if (this.offset >= this.end) refuse('NOT_WASM', 'the module ends too early');
    return this.#binary[this.offset++]!;
  }

  /** An unsigned LEB128 number of at most 32 bits (§5.2.2). */
  uint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      if (shift === 28 && byte > 0x0f) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return refuse('NOT_WASM', 'a number of more than 32 bits');
  }

  name(): string {
    const bytes = this.#take(this.uint());
    try {
      return utf8Decode(bytes);
    } catch (cause) {
      throw new SeaError('NOT_WASM', 'a name is not UTF-8', { cause });
    }
  }

  /** A cursor over the next section's contents; this one moves past it. */
  section(): ModuleReader {
    const size = this.uint();
    const start = this.offset;
    this.#take(size);
    return new ModuleReader(this.#binary, start, start + size);
  }

  list<T>(read: (reader: ModuleReader) => T): T[] {
    const count = this.uint();
    if (count > this.end - this.offset) refuse('NOT_WASM', 'a list longer than its section');
    if (count > MODULE_ITEMS_MAX)
      refuse('TOO_LARGE', `a list of ${count} items, at most ${MODULE_ITEMS_MAX} are taken`);
    return Array.from({ length: count }, () => read(this));
  }

  #take(length: number): Uint8Array {
    if (length > this.end - this.offset) refuse('NOT_WASM', 'the module ends too early');
    const bytes = this.#binary.subarray(this.offset, this.offset + length);
    this.offset += length;
    return bytes;
  }
}
