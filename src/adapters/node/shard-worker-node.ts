/** The program of the coder worker in Node: it serves the thread that made it. */

import { parentPort } from 'node:worker_threads';
import { nodeEndpoint } from '../worker/node-endpoint.ts';
import { serveShards } from '../worker/serve-shards.ts';

if (parentPort !== null) serveShards(nodeEndpoint(parentPort));
