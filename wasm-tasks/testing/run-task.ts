/** Runs a task module the plain way, with nothing of the platform around it: for tests and for trying a task out. */

interface TaskExports {
  readonly memory: WebAssembly.Memory;
  alloc(length: number): number;
  run(pointer: number, length: number): bigint;
}

/** A fresh instance, one run. Throws WebAssembly.RuntimeError when the task traps. */
export function runTask(module: WebAssembly.Module, input: Uint8Array): Uint8Array<ArrayBuffer> {
  const { memory, alloc, run } = new WebAssembly.Instance(module).exports as unknown as TaskExports;
  const pointer = alloc(input.length) >>> 0;
  new Uint8Array(memory.buffer).set(input, pointer);
  const packed = BigInt.asUintN(64, run(pointer, input.length));
  const at = Number(packed >> 32n);
  const length = Number(packed & 0xffff_ffffn);
  if (at + length > memory.buffer.byteLength) throw new RangeError('the output lies outside of the memory');
  return new Uint8Array(memory.buffer).slice(at, at + length);
}
