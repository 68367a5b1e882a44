/** Our endpoints as comlink's: the same members, whose types comlink takes from the DOM. */

import type { Endpoint } from 'comlink';
import type { WorkerEndpoint } from './worker-endpoint.ts';

export function comlinkEndpoint(endpoint: WorkerEndpoint): Endpoint {
  return endpoint as unknown as Endpoint;
}
