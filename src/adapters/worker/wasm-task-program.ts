/** What a task worker does: compiles modules, keeps the last few, and runs them. Every failure is a reply, never thrown. */

import { transfer } from 'comlink';
import { runBufferTask } from './buffer-abi.ts';
import { PREPARED_MODULES_MAX } from './limits.ts';
import { Lru } from './lru.ts';
import type { Failed, PrepareReply, RunReply, TaskProgram } from './task-messages.ts';
import { TaskFailure } from './task-messages.ts';
import { describeError } from './trap-kind.ts';

export class WasmTaskProgram implements TaskProgram {
  readonly #modules = new Lru<WebAssembly.Module>(PREPARED_MODULES_MAX);

  ready(): true {
    return true;
  }

  async prepare(moduleId: string, bytes: Uint8Array<ArrayBuffer>): Promise<PrepareReply> {
    try {
      const module = await compile(bytes);
      if (WebAssembly.Module.imports(module).length > 0)
        throw new TaskFailure('NO_ABI', 'the module imports something');
      this.#modules.set(moduleId, module);
      return { outcome: 'ok' };
    } catch (error) {
      return failed(error);
    }
  }

  run(moduleId: string, input: Uint8Array<ArrayBuffer>, outputBytesMax: number): RunReply {
    try {
      const module = this.#modules.get(moduleId);
      if (module === undefined) throw new TaskFailure('HOST_FAILURE', 'the worker does not have the module');
      const output = runBufferTask(module, input, outputBytesMax);
      return transfer({ outcome: 'ok', output }, [output.buffer]);
    } catch (error) {
      return failed(error);
    }
  }
}

/** An engine (or a page's policy) that refuses a valid module is the host failing, not the module being wrong. */
async function compile(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw new TaskFailure(WebAssembly.validate(bytes) ? 'HOST_FAILURE' : 'NOT_WASM', describeError(error).message);
  }
}

function failed(error: unknown): Failed {
  const code = error instanceof TaskFailure ? error.code : 'HOST_FAILURE';
  return { outcome: 'failed', code, detail: describeError(error).message };
}
