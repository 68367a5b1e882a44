/** Modules for tests and benches of the platform: well-behaved work of a chosen length, and every kind of bad task. */

/** Built from the C file of the same name beside it; README.md says what each does. */
export const testModules = {
  spin: new URL('./spin.wasm', import.meta.url),
  flood: new URL('./flood.wasm', import.meta.url),
  forever: new URL('./forever.wasm', import.meta.url),
  trap: new URL('./trap.wasm', import.meta.url),
  wild: new URL('./wild.wasm', import.meta.url),
  grower: new URL('./grower.wasm', import.meta.url),
  greedy: new URL('./greedy.wasm', import.meta.url),
} as const;

const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00] as const;

/** Valid, with nothing in it: no memory, no exports. */
export const noAbi: Uint8Array<ArrayBuffer> = Uint8Array.from(header);

/** Right but for the type of run, (i32 i32) -> i32. */
export const wrongTypes: Uint8Array<ArrayBuffer> = Uint8Array.of(
  ...header,
  ...section(1, [2, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 2, 0x7f, 0x7f, 1, 0x7f]),
  ...section(3, [2, 0, 1]),
  ...section(5, [1, 0x01, 1, 1]),
  ...section(7, [3, ...name('memory'), 2, 0, ...name('alloc'), 0, 0, ...name('run'), 0, 1]),
  ...section(10, [2, 4, 0, 0x41, 0, 0x0b, 4, 0, 0x41, 0, 0x0b]),
);

/** Imports one function, `env.tick`. */
export const importing: Uint8Array<ArrayBuffer> = Uint8Array.of(
  ...header,
  ...section(1, [1, 0x60, 0, 0]),
  ...section(2, [1, ...name('env'), ...name('tick'), 0, 0]),
);

/** Has a start section whose function never ends: instantiating it hangs whoever does. */
export const startingForever: Uint8Array<ArrayBuffer> = Uint8Array.of(
  ...header,
  ...section(1, [1, 0x60, 0, 0]),
  ...section(3, [1, 0]),
  ...section(8, [0]),
  ...section(10, [1, 7, 0, 0x03, 0x40, 0x0c, 0, 0x0b, 0x0b]),
);

function section(id: number, body: readonly number[]): number[] {
  return [id, body.length, ...body]; // every body here is shorter than 128 bytes
}

function name(text: string): number[] {
  return [text.length, ...new TextEncoder().encode(text)];
}
