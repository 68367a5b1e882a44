/**
 * The catalogue: every task with the place of its module. The bytes are fetched by whoever needs them: a page by
 * `fetch(task.wasm)`, Node by `readFile(task.wasm)`. The URLs are literal, so bundlers see the files.
 */

import { collatz } from './collatz/meta.ts';
import { hashSearch } from './hash-search/meta.ts';
import { mandelbrot } from './mandelbrot/meta.ts';
import { picture } from './picture/meta.ts';
import type { TaskMeta } from './task.ts';

export interface CatalogueTask extends TaskMeta {
  /** Where the module's bytes are. */
  readonly wasm: URL;
}

/** All tasks, the picture first: it is what most people try. Inputs and outputs are made by each folder's meta.ts. */
export const catalogue: readonly CatalogueTask[] = [
  { ...picture, wasm: new URL('./picture/task.wasm', import.meta.url) },
  { ...mandelbrot, wasm: new URL('./mandelbrot/task.wasm', import.meta.url) },
  { ...collatz, wasm: new URL('./collatz/task.wasm', import.meta.url) },
  { ...hashSearch, wasm: new URL('./hash-search/task.wasm', import.meta.url) },
];
