/**
 * One run of a task of the *buffer* ABI: a fresh instance, the input written where the task's `alloc` says, the output
 * read from where its `run` says. Knows nothing of workers; what it throws is a TaskFailure.
 */

import { MEMORY_BYTES_MAX } from './limits.ts';
import { TaskFailure } from './task-messages.ts';
import { describeError, taskErrorKind } from './trap-kind.ts';

interface BufferExports {
  readonly memory: WebAssembly.Memory;
  readonly alloc: (length: number) => unknown;
  readonly run: (at: number, length: number) => unknown;
}

/**
 * The output in memory of its own. Throws TASK_TRAPPED (the detail is the trap's kind, or `stray-alloc` and
 * `stray-output` for places outside the memory), OUTPUT_TOO_LARGE, NO_ABI, MEMORY_LIMIT, HOST_FAILURE.
 */
export function runBufferTask(
  module: WebAssembly.Module,
  input: Uint8Array,
  outputBytesMax: number,
): Uint8Array<ArrayBuffer> {
  const { memory, alloc, run } = bufferExports(guarded(() => new WebAssembly.Instance(module)));
  checkMemory(memory);
  const inputAt = address(guarded(() => alloc(input.length)));
  if (!isInside(memory, inputAt, input.length)) throw new TaskFailure('TASK_TRAPPED', 'stray-alloc');
  new Uint8Array(memory.buffer, inputAt, input.length).set(input);
  const { at, length } = extent(guarded(() => run(inputAt, input.length)));
  checkMemory(memory);
  if (!isInside(memory, at, length)) throw new TaskFailure('TASK_TRAPPED', 'stray-output');
  if (length > outputBytesMax) {
    throw new TaskFailure('OUTPUT_TOO_LARGE', `the output has ${length} bytes, ${outputBytesMax} are allowed`);
  }
  return guarded(() => new Uint8Array(memory.buffer, at, length).slice()) as Uint8Array<ArrayBuffer>;
}

/** Calls into the engine, and turns what it throws into TASK_TRAPPED, NO_ABI or HOST_FAILURE. */
function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    // Without imports there is no other JavaScript in reach: an argument was refused, as by `alloc(len: i64)`.
    if (error instanceof TypeError) throw new TaskFailure('NO_ABI', error.message);
    const found = taskErrorKind(error);
    if (found.class === 'trap') throw new TaskFailure('TASK_TRAPPED', found.kind);
    throw new TaskFailure('HOST_FAILURE', `${found.kind}: ${describeError(error).message}`);
  }
}

function bufferExports({ exports }: WebAssembly.Instance): BufferExports {
  const { memory, alloc, run } = exports;
  const complete = memory instanceof WebAssembly.Memory && typeof alloc === 'function' && typeof run === 'function';
  if (!complete || !(memory.buffer instanceof ArrayBuffer)) {
    throw new TaskFailure('NO_ABI', 'the module does not export memory (unshared), alloc and run');
  }
  return { memory, alloc: alloc as BufferExports['alloc'], run: run as BufferExports['run'] };
}

function checkMemory(memory: WebAssembly.Memory): void {
  const { byteLength } = memory.buffer;
  if (byteLength <= MEMORY_BYTES_MAX) return;
  throw new TaskFailure('MEMORY_LIMIT', `the task holds ${byteLength} bytes, ${MEMORY_BYTES_MAX} are allowed`);
}

/** An i32 that means an address. */
function address(value: unknown): number {
  if (typeof value !== 'number') throw new TaskFailure('NO_ABI', 'alloc does not return an i32');
  return value >>> 0;
}

/** outPtr << 32 | outLen. */
function extent(value: unknown): { readonly at: number; readonly length: number } {
  if (typeof value !== 'bigint') throw new TaskFailure('NO_ABI', 'run does not return an i64');
  const packed = BigInt.asUintN(64, value);
  return { at: Number(packed >> 32n), length: Number(packed & 0xffffffffn) };
}

function isInside(memory: WebAssembly.Memory, at: number, length: number): boolean {
  return at + length <= memory.buffer.byteLength;
}
