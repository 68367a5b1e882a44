/** Compiles a committed module in Node, for the tests of the tasks. */

import { readFileSync } from 'node:fs';

export function loadModule(url: URL): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(url));
}
