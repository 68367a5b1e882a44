import { describe, expect, it } from 'vitest';
import { boundMemory } from './bound-memory.ts';
import { inspectModule } from './inspect-module.ts';
import { MEMORY_BYTES_MAX, PAGE_BYTES } from './limits.ts';
import { assemble, bodiesWith, echoTask, exportsAll, functions, leb, types } from './testing/wasm-parts.ts';

function bounded(binary: Uint8Array, memoryBytesMax: number): Uint8Array {
  return boundMemory(binary, inspectModule(binary, memoryBytesMax), memoryBytesMax);
}

function instantiate(binary: Uint8Array): { memory: WebAssembly.Memory; run: (at: number, length: number) => bigint } {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(binary as Uint8Array<ArrayBuffer>));
  return instance.exports as never;
}

describe('boundMemory', () => {
  const declared: readonly (readonly [string, number[]])[] = [
    ['none', [1, 0, 1]],
    ['4 GiB', [1, 1, 1, ...leb(65_536)]],
    ['one page above', [1, 1, 1, 6]],
    ['none, in more bytes than it needs', [0x81, 0x00, 0, 0x81, 0x80, 0x00]],
  ];
  it.each(declared)('lowers a maximum of %s to the cap; the engine then refuses to grow beyond', (_what, memory) => {
    const { memory: live, run } = instantiate(bounded(echoTask(memory), 5 * PAGE_BYTES));
    expect(run(7, 9)).toBe((7n << 32n) | 9n);
    expect(live.grow(4)).toBe(1);
    expect(() => live.grow(1)).toThrow(RangeError);
    expect(live.buffer.byteLength).toBe(5 * PAGE_BYTES);
  });

  it('leaves a module alone that is bounded within the cap', () => {
    for (const pages of [1, 4, 5]) {
      const binary = echoTask([1, 1, 1, pages]);
      expect(bounded(binary, 5 * PAGE_BYTES)).toBe(binary);
    }
  });

  it('gives -1 to memory.grow inside the task', () => {
    const growing = bodiesWith([0x20, 1, 0x40, 0, 0xac]); // memory.grow(len), as an i64
    const binary = assemble(types, functions, [5, [1, 1, 1, ...leb(300)]], exportsAll, growing);
    const { run } = instantiate(bounded(binary, 2 * PAGE_BYTES));
    expect(run(0, 1)).toBe(1n);
    expect(run(0, 1)).toBe(-1n);
  });

  it('rounds a cap down to whole pages and writes large ones in several bytes', () => {
    expect(inspectModule(bounded(echoTask(), 3 * PAGE_BYTES - 1), MEMORY_BYTES_MAX).memories).toEqual([
      { min: 1, max: 2 },
    ]);
    const large = bounded(echoTask([1, 0, ...leb(200)]), MEMORY_BYTES_MAX);
    expect(inspectModule(large, MEMORY_BYTES_MAX).memories).toEqual([{ min: 200, max: 4096 }]);
    expect(WebAssembly.validate(large as Uint8Array<ArrayBuffer>)).toBe(true);
  });

  it('changes nothing but the memory section', () => {
    const before = echoTask();
    const after = bounded(before, 5 * PAGE_BYTES);
    expect([...after.slice(0, 27)]).toEqual([...before.slice(0, 27)]);
    expect([...after.slice(27, 33)]).toEqual([5, 4, 1, 1, 1, 5]);
    expect([...after.slice(33)]).toEqual([...before.slice(32)]);
  });
});
