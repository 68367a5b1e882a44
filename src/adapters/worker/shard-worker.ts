/** The program of the coder worker in a page: it serves the page that made it. It runs our own code only. */

import { serveShards } from './serve-shards.ts';
import type { WorkerEndpoint } from './worker-endpoint.ts';

serveShards(globalThis as unknown as WorkerEndpoint);
