/** Rewrites a module so that its memory can never grow above a cap: the binary itself carries the bound. */

import { concat } from '../base/bytes.ts';
import { SeaError } from '../base/errors.ts';
import { PAGE_BYTES } from './limits.ts';
import type { WasmModule } from './module.ts';

const MEMORY_SECTION = 5;
const BOUNDED = 1;

/**
 * The binary with a declared maximum of at most `memoryBytesMax` (rounded down to whole pages of 64 KiB). `module` is
 * what inspecting the same binary gave, with one memory. Returns `binary` itself when it is bounded already. Throws
 * MEMORY_LIMIT when the memory starts above the cap.
 */
export function boundMemory(binary: Uint8Array, module: WasmModule, memoryBytesMax: number): Uint8Array {
  const memory = module.memories[0];
  const section = module.memorySection;
  if (memory === undefined || section === undefined) throw new SeaError('NO_ABI', 'the module has no memory');
  const pagesMax = Math.floor(memoryBytesMax / PAGE_BYTES);
  if (memory.min > pagesMax)
    throw new SeaError('MEMORY_LIMIT', `the memory starts with ${memory.min} pages, the cap is ${pagesMax}`);
  if (memory.max !== undefined && memory.max <= pagesMax) return binary;
  const contents = [1, BOUNDED, ...leb128(memory.min), ...leb128(pagesMax)];
  const rewritten = Uint8Array.from([MEMORY_SECTION, ...leb128(contents.length), ...contents]);
  return concat(binary.subarray(0, section.start), rewritten, binary.subarray(section.end));
}

/** Unsigned LEB128 (WebAssembly Core Specification §5.2.2). */
function leb128(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}
