/** The program of a task worker in Node: it serves the thread that made it. */

import { parentPort } from 'node:worker_threads';
import { nodeEndpoint } from '../worker/node-endpoint.ts';
import { serveTasks } from '../worker/serve-tasks.ts';

if (parentPort !== null) serveTasks(nodeEndpoint(parentPort));
