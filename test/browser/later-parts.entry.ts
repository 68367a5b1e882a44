/** What the pages of `later-parts.spec.ts` can do: a node, offline or in a sea, and a task runner. */

import { browserTaskRunner } from '../../src/adapters/browser/browser-task-runner.ts';
import { WorkerClock } from '../../src/adapters/browser/worker-clock.ts';
import { createSea, isSeaError, type Sea } from '../../src/index.ts';
import { echoModule } from '../../src/ports/acceptance/tiny-modules.ts';
import type { TaskRunner } from '../../src/ports/task-runner.ts';

const code = (error: unknown): string => (isSeaError(error) ? error.code : String(error));

const parts = {
  sea: undefined as Sea | undefined,
  runner: undefined as TaskRunner | undefined,
  /** Calls that have found their way, by scope. */
  called: [] as string[],

  async open(): Promise<void> {
    this.sea = await createSea({ identity: 'passing' });
    this.sea.on('route', ({ scope }) => this.called.push(scope));
    this.runner = browserTaskRunner(new WorkerClock());
  },

  join(bootstrap: string): Promise<void> {
    return this.sea!.goOnline([bootstrap]);
  },

  /** What storing ends in: the files' part says NOT_ONLINE. */
  put(): Promise<string> {
    return this.sea!.storage.put(new Uint8Array(1)).then(() => 'stored', code);
  },

  /** What this device lends then, or a code. */
  lend(): Promise<string> {
    const { storage } = this.sea!;
    return storage.lend({ quotaBytes: 1_000_000 }).then(() => String(storage.status().quotaBytes), code);
  },

  contribute(slots: number): void {
    this.sea!.contribute({ slots });
  },

  /** The output of a map of one part, or a code. */
  async map(): Promise<string> {
    try {
      for await (const { output } of this.sea!.map(echoModule(), [Uint8Array.of(4, 5, 6)])) return String(output);
      return 'nothing';
    } catch (error) {
      return code(error);
    }
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
