/** The shard coder of a Node process: a worker thread made from the bundled program. Idle, it keeps no process alive. */

import type { ShardCoder } from '../../ports/shard-coder.ts';
import { nodeShardProgram } from '../worker/generated/shard-worker-source.ts';
import { WorkerShardCoder } from '../worker/worker-shard-coder.ts';
import { ThreadSpawner } from './node-task-runner.ts';

export function nodeShardCoder(): ShardCoder {
  return new WorkerShardCoder(new ThreadSpawner(nodeShardProgram));
}
