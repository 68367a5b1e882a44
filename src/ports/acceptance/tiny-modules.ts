/**
 * WebAssembly modules of a few dozen bytes, put together by hand, that show one behaviour each. They follow the
 * *buffer* ABI (`memory`, `alloc(len) -> ptr`, `run(ptr, len) -> outPtr << 32 | outLen`) unless their name says not.
 * Opcodes: WebAssembly core specification 2.0, §5.4.
 */

/** What a module is made of; every part has a plain default. */
interface ModuleParts {
  /** Pages of 64 KiB. */
  readonly pagesMin?: number;
  readonly pagesMax?: number;
  /** Instructions of `run`; its locals are ptr (0) and len (1), both i32, and it leaves an i64. */
  readonly run: readonly number[];
  /** Instructions of `alloc`; its local is len (0), an i32, and it leaves an i32. */
  readonly alloc?: readonly number[];
  /** Indices into the type section: (i32)→i32, (i32, i32)→i64, ()→(), (i64)→i32, (i32, i32)→i32. */
  readonly allocType?: number;
  readonly runType?: number;
  /** True when the module wants a global from its host. */
  readonly isImporting?: boolean;
  /** Export names in the order memory, alloc, run. */
  readonly names?: readonly [string, string, string];
  /** Where an active data segment of one byte lies. */
  readonly dataAt?: number;
}

const I32 = 0x7f;
const I64 = 0x7e;
const END = 0x0b;
const INPUT_AT = 1024;

const localPtr = [0x20, 0x00];
const localLen = [0x20, 0x01];
const unreachable = [0x00];
const drop = [0x1a];

/** Copies the input to the output. The memory holds inputs of up to 16 MiB. */
export function echoModule(): Uint8Array<ArrayBuffer> {
  return assemble({ run: packed(localPtr, localLen), pagesMin: 257, pagesMax: 257 });
}

/** Answers with one byte: how often this instance has run (1 where each run has an instance of its own). */
export function counterModule(): Uint8Array<ArrayBuffer> {
  const increment = [0x23, 0x00, ...i32(1), 0x6a, 0x24, 0x00]; // global.get, add, global.set
  const store = [...i32(0), 0x23, 0x00, 0x3a, 0x00, 0x00]; // i32.store8 at 0
  return assemble({ run: [...increment, ...store, ...packed(i32(0), i32(1))] });
}

/** Never ends. */
export function endlessModule(): Uint8Array<ArrayBuffer> {
  return assemble({ run: [0x03, 0x40, 0x0c, 0x00, END, ...unreachable] }); // loop br 0
}

/** Answers with `length` zero bytes, whatever the input; at most 16 MiB. */
export function zerosModule(length: number): Uint8Array<ArrayBuffer> {
  return assemble({ run: packed(i32(0), i32(length)), pagesMin: 256, pagesMax: 256 });
}

/** Says that its output lies where its memory of one page has nothing. */
export function strayOutputModule(): Uint8Array<ArrayBuffer> {
  return assemble({ run: packed(i32(65_530), i32(7)) });
}

/** `alloc` answers with a place behind the memory's end. */
export function strayAllocModule(): Uint8Array<ArrayBuffer> {
  return assemble({ alloc: i32(65_536), run: packed(localPtr, localLen) });
}

/** Declares 65,536 pages (4 GiB) to start with. */
export function hugeMemoryModule(): Uint8Array<ArrayBuffer> {
  return assemble({ run: packed(localPtr, localLen), pagesMin: 65_536, pagesMax: 65_536 });
}

/** A module without `run`. */
export function noRunModule(): Uint8Array<ArrayBuffer> {
  return assemble({ run: packed(localPtr, localLen), names: ['memory', 'alloc', 'walk'] });
}

/** `alloc` takes an i64. */
export function wideAllocModule(): Uint8Array<ArrayBuffer> {
  return assemble({ allocType: 3, run: packed(localPtr, localLen) });
}

/** `run` returns an i32. */
export function narrowRunModule(): Uint8Array<ArrayBuffer> {
  return assemble({ runType: 4, run: localPtr });
}

/** Follows the ABI, but wants a number from its host. */
export function importingModule(): Uint8Array<ArrayBuffer> {
  return assemble({ isImporting: true, run: packed(localPtr, localLen) });
}

/** Runs into itself without end. */
export function recursiveModule(): Uint8Array<ArrayBuffer> {
  return assemble({ run: [...localPtr, ...localLen, 0x10, 0x01, ...i64(1), 0x7c] }); // call run, add 1
}

/** Its only data segment lies outside its memory: instantiation traps. */
export function strayDataModule(): Uint8Array<ArrayBuffer> {
  return assemble({ run: packed(i32(0), i32(0)), dataAt: 65_536 });
}

/** One module for each way to trap, by the name of the trap's kind in `adapters/worker/trap-kind.ts`. */
export function trappingModules(): readonly {
  readonly kind: string;
  readonly title: string;
  readonly module: Uint8Array;
}[] {
  const cases: readonly (readonly [kind: string, title: string, instructions: readonly number[]])[] = [
    ['unreachable', 'unreachable', unreachable],
    ['divide-by-zero', 'i32.div_u by 0', [...i32(1), ...i32(0), 0x6e, ...drop]],
    ['divide-by-zero', 'i64.rem_s by 0', [...i64(1), ...i64(0), 0x81, ...drop]],
    ['number-out-of-range', 'i32.div_s of -2^31 by -1', [...i32(-2147483648), ...i32(-1), 0x6d, ...drop]],
    ['number-out-of-range', 'i32.trunc_f32_s of NaN', [0x43, 0, 0, 0xc0, 0x7f, 0xa8, ...drop]],
    ['number-out-of-range', 'i32.trunc_f32_s of 2^126', [0x43, 0, 0, 0x80, 0x7e, 0xa8, ...drop]],
    ['out-of-bounds', 'i32.load past the memory', [...i32(65_533), 0x28, 0x02, 0x00, ...drop]],
    ['out-of-bounds', 'memory.fill past the memory', [...i32(65_530), ...i32(0), ...i32(7), 0xfc, 0x0b, 0x00]],
    ['out-of-bounds', 'call_indirect past the table', [...i32(9), 0x11, 0x02, 0x00]],
    ['out-of-bounds', 'table.get past the table', [...i32(9), 0x25, 0x00, ...drop]],
    ['indirect-call', 'call_indirect of null', [...i32(0), 0x11, 0x02, 0x00]],
    ['indirect-call', 'call_indirect of another type', [...i32(1), 0x11, 0x02, 0x00]],
  ];
  return cases.map(([kind, title, instructions]) => ({
    kind,
    title,
    module: assemble({ run: [...instructions, ...packed(i32(0), i32(0))] }),
  }));
}

const types = [
  functionType([I32], [I32]),
  functionType([I32, I32], [I64]),
  functionType([], []),
  functionType([I64], [I32]),
  functionType([I32, I32], [I32]),
];

/** Memory, a table of two entries (null, alloc), one mutable i32 global, and the functions alloc (0) and run (1). */
function assemble(parts: ModuleParts): Uint8Array<ArrayBuffer> {
  const { pagesMin = 1, pagesMax = pagesMin, alloc = i32(INPUT_AT), run, names = ['memory', 'alloc', 'run'] } = parts;
  const [memoryName, allocName, runName] = names;
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // "\0asm", version 1
    ...section(1, vector(types)),
    ...(parts.isImporting === true ? section(2, vector([[1, 0x65, 1, 0x67, 0x03, I32, 0x00]])) : []), // e.g: i32
    ...section(3, vector([[parts.allocType ?? 0], [parts.runType ?? 1]])),
    ...section(4, vector([[0x70, 0x01, ...unsigned(2), ...unsigned(2)]])), // funcref, 2 to 2
    ...section(5, vector([[0x01, ...unsigned(pagesMin), ...unsigned(pagesMax)]])),
    ...section(6, vector([[I32, 0x01, ...i32(0), END]])),
    ...section(7, vector([exported(memoryName, 2, 0), exported(allocName, 0, 0), exported(runName, 0, 1)])),
    ...section(9, vector([[0x00, ...i32(1), END, ...vector([[0]])]])), // table entry 1 = alloc
    ...section(10, vector([functionBody(alloc), functionBody(run)])),
    ...(parts.dataAt === undefined ? [] : section(11, vector([[0x00, ...i32(parts.dataAt), END, 1, 0x2a]]))),
  ]);
}

/** `at << 32 | length` as an i64. */
function packed(at: readonly number[], length: readonly number[]): number[] {
  return [...at, 0xad, ...i64(32), 0x86, ...length, 0xad, 0x84];
}

function i32(value: number): number[] {
  return [0x41, ...signed(value)];
}

function i64(value: number): number[] {
  return [0x42, ...signed(value)];
}

function functionType(parameters: readonly number[], results: readonly number[]): number[] {
  return [0x60, parameters.length, ...parameters, results.length, ...results];
}

function functionBody(instructions: readonly number[]): number[] {
  const body = [0, ...instructions, END]; // no locals of its own
  return [...unsigned(body.length), ...body];
}

function exported(name: string, kind: number, index: number): number[] {
  return [name.length, ...Array.from(name, letter => letter.charCodeAt(0)), kind, index];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

/** Unsigned LEB128 of a number below 2^31. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** Signed LEB128 of a 32-bit integer. */
function signed(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >> 7;
  const last = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
  return last ? [low] : [low | 0x80, ...signed(rest)];
}
