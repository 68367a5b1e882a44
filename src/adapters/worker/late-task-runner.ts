/** A task runner that comes, with all that goes with it, when the first slot is given. */

import { checkAborted, whenAborted } from '../../base/abort.ts';
import { type Deferred, deferred } from '../../base/deferred.ts';
import { SeaError } from '../../base/errors.ts';
import { late } from '../../base/late.ts';
import type { RunLimits, TaskRunner } from '../../ports/task-runner.ts';
import { checkSlots } from './slots.ts';

export class LateTaskRunner implements TaskRunner {
  readonly #come: () => Promise<TaskRunner>;
  /** Runs that wait for the runner, each with a slot, in the order in which they took it: what to reject when they lose it. */
  readonly #waiting = new Set<Deferred<never>>();
  #runner: TaskRunner | undefined;
  #slots = 0;
  #closed = false;

  /** `load` is asked once, and again after a failure, which a run throws as HOST_FAILURE. */
  constructor(load: () => Promise<TaskRunner>) {
    this.#come = late(async () => this.#adopt(await load()));
  }

  get slots(): number {
    return this.#slots;
  }

  /** As the port has it. Throws BAD_ARGUMENT unless an integer of 0 to SLOTS_MAX. */
  setSlots(slots: number): void {
    checkSlots(slots);
    if (this.#closed) return;
    this.#slots = slots;
    const taken = new SeaError('ABORTED', 'the slot was taken away');
    for (const run of [...this.#waiting].slice(slots)) this.#endWait(run, taken);
    if (this.#runner !== undefined) this.#runner.setSlots(slots);
    else if (slots > 0) this.#come().catch(() => {}); // the first run tries again, and tells
  }

  async run(
    moduleId: string,
    module: Uint8Array,
    input: Uint8Array,
    limits: RunLimits,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const runner = this.#runner ?? (await this.#wait(signal));
    return runner.run(moduleId, module, input, limits, signal);
  }

  close(): void {
    this.#closed = true;
    this.#slots = 0;
    for (const run of [...this.#waiting]) this.#endWait(run, closedError());
    this.#runner?.close();
  }

  async #wait(signal: AbortSignal): Promise<TaskRunner> {
    if (this.#closed) throw closedError();
    checkAborted(signal);
    if (this.#waiting.size >= this.#slots) throw new SeaError('NO_SLOT', `all ${this.#slots} slots are taken`);
    const lost = deferred<never>();
    this.#waiting.add(lost);
    const forget = whenAborted(signal, error => this.#endWait(lost, error));
    try {
      return await Promise.race([this.#come(), lost.promise]);
    } finally {
      forget();
      this.#waiting.delete(lost);
    }
  }

  /** Its slot is free before this returns. */
  #endWait(run: Deferred<never>, error: SeaError): void {
    this.#waiting.delete(run);
    run.reject(error);
  }

  #adopt(runner: TaskRunner): TaskRunner {
    if (this.#closed) runner.close();
    else runner.setSlots(this.#slots);
    this.#runner = runner;
    return runner;
  }
}

function closedError(): SeaError {
  return new SeaError('CLOSED', 'the task runner was closed');
}
