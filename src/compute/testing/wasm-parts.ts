/** Puts small WebAssembly binaries together, section by section, well-formed or not, for the tests of this folder. */

/** A section's id and contents. */
export type Section = readonly [id: number, contents: readonly number[]];

export const HEADER: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** alloc: (i32) -> i32; run: (i32, i32) -> i64. */
export const types: Section = [1, [2, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 2, 0x7f, 0x7f, 1, 0x7e]];
export const functions: Section = [3, [2, 0, 1]];
export const onePage: Section = [5, [1, 0, 1]];
export const exportsAll: Section = [
  7,
  [3, ...exported('memory', 2, 0), ...exported('alloc', 0, 0), ...exported('run', 0, 1)],
];
/** run answers what it got, as pointer and length. */
const echo: readonly number[] = [0x20, 0, 0xad, 0x42, 32, 0x86, 0x20, 1, 0xad, 0x84];
export const bodies: Section = bodiesWith(echo);

/** alloc answers 1024; `run` is the instructions of the other: locals ptr and len, leaves an i64. */
export function bodiesWith(run: readonly number[]): Section {
  return [10, [2, ...body([0x41, 0x80, 0x08]), ...body(run)]];
}

export function assemble(...sections: readonly Section[]): Uint8Array<ArrayBuffer> {
  const bytes = sections.flatMap(([id, contents]) => [id, ...leb(contents.length), ...contents]);
  return Uint8Array.from([...HEADER, ...bytes]);
}

/** The smallest task of the buffer ABI: its output is its input. `memory` replaces its memory section's contents. */
export function echoTask(memory: readonly number[] = onePage[1]): Uint8Array<ArrayBuffer> {
  return assemble(types, functions, [5, memory], exportsAll, bodies);
}

export function exported(name: string, kind: number, index: number): number[] {
  return [name.length, ...Array.from(name, letter => letter.charCodeAt(0)), kind, index];
}

export function body(instructions: readonly number[]): number[] {
  return [...leb(instructions.length + 2), 0, ...instructions, 0x0b];
}

/** Unsigned LEB128. */
export function leb(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 0x80, ...leb(Math.floor(value / 128))];
}
