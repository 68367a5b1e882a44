/** Ports of Node's worker threads (`on`, `off`) as endpoints that comlink takes. */

import adapt from 'comlink/dist/esm/node-adapter.mjs';
import type { WorkerEndpoint } from './worker-endpoint.ts';

/** What `Worker` and `parentPort` of node:worker_threads have in common. */
export interface NodePort {
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
  on(type: string, listener: (message: unknown) => void): unknown;
  off(type: string, listener: (message: unknown) => void): unknown;
}

export function nodeEndpoint(port: NodePort): WorkerEndpoint {
  return adapt(port);
}
