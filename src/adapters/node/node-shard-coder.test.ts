/** The coder in a worker thread passes the suite of its port; its worker's end is heard by whoever waits. */

import { describe, expect, it } from 'vitest';
import { shardCoderCases } from '../../ports/acceptance/shard-coder.ts';
import { WorkerShardCoder } from '../worker/worker-shard-coder.ts';
import { nodeShardCoder } from './node-shard-coder.ts';
import { ThreadSpawner } from './node-task-runner.ts';

describe('nodeShardCoder', () => {
  for (const { name, run } of shardCoderCases(nodeShardCoder)) it(name, run);

  it('that is closed ends what waits and takes nothing more', async () => {
    const coder = nodeShardCoder();
    const pending = coder.seal(new Uint8Array(1_000_000), new Uint8Array(32), 4, 10);
    coder.close();
    await expect(pending).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(coder.merkleRoot(new Uint8Array(1))).rejects.toMatchObject({ code: 'CLOSED' });
    coder.close();
  });

  it('whose worker dies says so, and does not hang', async () => {
    const coder = new WorkerShardCoder(new ThreadSpawner('setTimeout(() => process.exit(3), 50)'));
    await expect(coder.merkleRoot(new Uint8Array(1))).rejects.toMatchObject({ code: 'HOST_FAILURE' });
    coder.close();
  });
});
