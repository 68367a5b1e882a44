/** Lets one endpoint use a task program. */

import { expose } from 'comlink';
import { comlinkEndpoint } from './comlink-endpoint.ts';
import { WasmTaskProgram } from './wasm-task-program.ts';
import type { WorkerEndpoint } from './worker-endpoint.ts';

/** Answers requests that come over the endpoint, for as long as the worker lives. */
export function serveTasks(endpoint: WorkerEndpoint): void {
  expose(new WasmTaskProgram(), comlinkEndpoint(endpoint));
}
