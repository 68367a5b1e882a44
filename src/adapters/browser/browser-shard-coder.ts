/**
 * The shard coder of a page: a worker made from the bundled program text. It runs our own code only, so it needs no frame
 * around it. A page with a strict policy allows `worker-src blob:` and `'wasm-unsafe-eval'`.
 */

import { SeaError } from '../../base/errors.ts';
import type { ShardCoder } from '../../ports/shard-coder.ts';
import type { SpawnedWorker, WorkerEndpoint, WorkerSpawner } from '../worker/worker-endpoint.ts';
import { WorkerShardCoder } from '../worker/worker-shard-coder.ts';

export function browserShardCoder(): ShardCoder {
  return new WorkerShardCoder(new BlobSpawner(loadProgram));
}

/** With the kernels inside it weighs a tenth of the library: it comes when a file is first stored or read. */
async function loadProgram(): Promise<string> {
  const { browserShardProgram } = await import('../worker/generated/shard-worker-source.ts');
  return browserShardProgram;
}

/** Makes workers of this origin that run a program (the text of a classic script). */
class BlobSpawner implements WorkerSpawner {
  readonly #load: () => Promise<string>;

  constructor(load: () => Promise<string>) {
    this.#load = load;
  }

  async spawn(onCrash: (detail: string) => void): Promise<SpawnedWorker> {
    const url = URL.createObjectURL(new Blob([await this.#load()], { type: 'text/javascript' }));
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
