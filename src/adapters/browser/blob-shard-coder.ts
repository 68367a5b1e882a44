/**
 * The shard coder of a page with its program: a worker made from bundled text. It runs our own code only, so it needs no
 * frame around it. With the kernels inside it weighs a tenth of the library: loaded by `browser-shard-coder.ts`.
 */

import { SeaError } from '../../base/errors.ts';
import type { ShardCoder } from '../../ports/shard-coder.ts';
import { browserShardProgram } from '../worker/generated/shard-worker-source.ts';
import type { SpawnedWorker, WorkerEndpoint, WorkerSpawner } from '../worker/worker-endpoint.ts';
import { WorkerShardCoder } from '../worker/worker-shard-coder.ts';

export function blobShardCoder(): ShardCoder {
  return new WorkerShardCoder(new BlobSpawner(browserShardProgram));
}

/** Makes workers of this origin that run a program (the text of a classic script). */
class BlobSpawner implements WorkerSpawner {
  readonly #program: string;

  constructor(program: string) {
    this.#program = program;
  }

  async spawn(onCrash: (detail: string) => void): Promise<SpawnedWorker> {
    const url = URL.createObjectURL(new Blob([this.#program], { type: 'text/javascript' }));
    const worker = start(url);
    worker.onerror = event => {
      event.preventDefault(); // whoever waits for the worker hears of it
      onCrash(event.message || 'the policy of this page may forbid it (worker-src blob:)');
    };
    return {
      endpoint: worker as unknown as WorkerEndpoint,
      setBusy() {}, // a page stays open by itself
      terminate() {
        worker.terminate();
        URL.revokeObjectURL(url);
      },
    };
  }

  close(): void {} // nothing outlives the workers
}

function start(url: string): Worker {
  try {
    return new Worker(url, { name: 'peersea shards' });
  } catch (cause) {
    throw new SeaError('UNSUPPORTED', 'this page may not start a worker (worker-src blob:)', { cause });
  }
}
