/** What the page of `later-parts.spec.ts` can do: a node that is offline, and a task runner. */

import { browserTaskRunner } from '../../src/adapters/browser/browser-task-runner.ts';
import { WorkerClock } from '../../src/adapters/browser/worker-clock.ts';
import { createSea, isSeaError, type Sea } from '../../src/index.ts';
import { echoModule } from '../../src/ports/acceptance/tiny-modules.ts';
import type { TaskRunner } from '../../src/ports/task-runner.ts';

const code = (error: unknown): string => (isSeaError(error) ? error.code : String(error));

const parts = {
  sea: undefined as Sea | undefined,
  runner: undefined as TaskRunner | undefined,

  async open(): Promise<void> {
    this.sea = await createSea({ identity: 'passing' });
    this.runner = browserTaskRunner(new WorkerClock());
  },

  /** What storing ends in where nobody is there to hold. */
  put(): Promise<string> {
    return this.sea!.storage.put(new Uint8Array(1)).then(() => 'stored', code);
  },

  /** The output of a task that gives its input back, or a code. */
  echo(): Promise<string> {
    this.runner!.setSlots(1);
    const limits = { timeoutMs: 60_000, outputBytesMax: 1_000 };
    const { signal } = new AbortController();
    return this.runner!.run('echo', echoModule(), Uint8Array.of(1, 2, 3), limits, signal).then(String, code);
  },
};

export type Parts = typeof parts;
Object.assign(globalThis, { parts });
