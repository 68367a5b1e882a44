/** Tasks in Node: a worker thread each, made from the bundled task program. The module has no imports: it reaches nothing. */

import { Worker } from 'node:worker_threads';
import type { Clock } from '../../base/clock.ts';
import type { TaskRunner } from '../../ports/task-runner.ts';
import { nodeTaskProgram } from '../worker/generated/task-worker-source.ts';
import { nodeEndpoint } from '../worker/node-endpoint.ts';
import { TaskPool } from '../worker/task-pool.ts';
import type { SpawnedWorker, WorkerSpawner } from '../worker/worker-endpoint.ts';

/** The JavaScript heap of a worker; linear memory of tasks and their inputs lie outside it. */
const HEAP_MEGABYTES_MAX = 128;

/** A runner with no slots yet. Idle workers do not keep the process alive, running ones do. */
export function nodeTaskRunner(clock: Clock): TaskRunner {
  return new TaskPool(new ThreadSpawner(nodeTaskProgram), clock);
}

/** Makes worker threads that run `program` (the text of a CommonJS script). */
export class ThreadSpawner implements WorkerSpawner {
  readonly #program: string;

  constructor(program: string) {
    this.#program = program;
  }

  async spawn(onCrash: (detail: string) => void): Promise<SpawnedWorker> {
    const thread = new Worker(this.#program, {
      eval: true,
      env: {},
      argv: [],
      execArgv: [],
      stdin: false,
      stdout: true,
      stderr: true,
      trackUnmanagedFds: true,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES_MAX },
    });
    return new ThreadWorker(thread, onCrash);
  }

  close(): void {} // nothing outlives the workers
}

class ThreadWorker implements SpawnedWorker {
  readonly endpoint: SpawnedWorker['endpoint'];
  readonly #thread: Worker;
  #ended = false;

  constructor(thread: Worker, onCrash: (detail: string) => void) {
    this.#thread = thread;
    this.endpoint = nodeEndpoint(thread);
    const crashed = (detail: string): void => {
      if (this.#ended) return;
      this.#ended = true;
      onCrash(detail);
    };
    thread.on('error', error => crashed(error.message));
    thread.on('messageerror', error => crashed(error.message));
    thread.on('exit', exitCode => crashed(`it left with code ${exitCode}`));
    thread.unref();
  }

  setBusy(busy: boolean): void {
    if (this.#ended) return;
    if (busy) this.#thread.ref();
    else this.#thread.unref();
  }

  terminate(): void {
    this.#ended = true;
    this.#thread.terminate().catch(() => {}); // it is gone either way
  }
}
