/** A worker with nothing around the task: the first message is the module, each further one an input, each reply an output. */

/// <reference lib="webworker" />

interface TaskExports {
  readonly memory: WebAssembly.Memory;
  readonly alloc: (length: number) => number;
  readonly run: (at: number, length: number) => bigint;
}

const scope = self as unknown as DedicatedWorkerGlobalScope;

scope.onmessage = async ({ data }: MessageEvent<Uint8Array<ArrayBuffer>>) => {
  const module = await WebAssembly.compile(data);
  scope.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
    const output = runPart(module, new Uint8Array(data));
    scope.postMessage(output, [output]);
  };
  scope.postMessage(null);
};

/** A fresh instance for each part, as the platform has it. */
function runPart(module: WebAssembly.Module, input: Uint8Array): ArrayBuffer {
  const { memory, alloc, run } = new WebAssembly.Instance(module).exports as unknown as TaskExports;
  const at = alloc(input.length);
  new Uint8Array(memory.buffer, at, input.length).set(input);
  const packed = BigInt.asUintN(64, run(at, input.length));
  const start = Number(packed >> 32n);
  return memory.buffer.slice(start, start + Number(packed & 0xffff_ffffn)) as ArrayBuffer;
}
