/** The programs of the four tasks: where their WebAssembly lies and what it may use. Loaded once per visit. */

import type { Bundle } from '../../src/index.ts';
import { collatz } from '../../wasm-tasks/collatz/meta.ts';
import { hashSearch } from '../../wasm-tasks/hash-search/meta.ts';
import { mandelbrot } from '../../wasm-tasks/mandelbrot/meta.ts';
import { picture } from '../../wasm-tasks/picture/meta.ts';
import type { TaskMeta } from '../../wasm-tasks/task.ts';
import { PageError } from '../errors.ts';
import type { TaskName } from './job-plan.ts';

export const taskMetas: Readonly<Record<TaskName, TaskMeta>> = {
  picture,
  mandelbrot,
  collatz,
  'hash-search': hashSearch,
};

const addresses: Readonly<Record<TaskName, URL>> = {
  picture: new URL('../../wasm-tasks/picture/task.wasm', import.meta.url),
  mandelbrot: new URL('../../wasm-tasks/mandelbrot/task.wasm', import.meta.url),
  collatz: new URL('../../wasm-tasks/collatz/task.wasm', import.meta.url),
  'hash-search': new URL('../../wasm-tasks/hash-search/task.wasm', import.meta.url),
};

const bundles = new Map<TaskName, Promise<Bundle>>();

/** The task as a bundle. Throws PageError TASK_NOT_LOADED; the next call tries again. */
export function loadBundle(task: TaskName): Promise<Bundle> {
  const known = bundles.get(task);
  if (known !== undefined) return known;
  const loading = fetchBundle(task);
  bundles.set(task, loading);
  loading.catch(() => bundles.delete(task));
  return loading;
}

async function fetchBundle(task: TaskName): Promise<Bundle> {
  const { name, memoryBytesMax, inputBytesMax, outputBytesMax } = taskMetas[task];
  const { makeBundle } = await import('../../src/index.ts'); // loaded already, with the sea
  return makeBundle(await fetchModule(task), { name, memoryBytesMax, inputBytesMax, outputBytesMax });
}

async function fetchModule(task: TaskName): Promise<Uint8Array> {
  try {
    const response = await fetch(addresses[task]);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new PageError('TASK_NOT_LOADED', `The program of the task “${task}” could not be loaded: ${detail}.`);
  }
}
