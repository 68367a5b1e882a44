/** A task runner that computes by a script instead of WebAssembly, in virtual time, and remembers what it was given. */

import { whenAborted } from '../../base/abort.ts';
import type { Clock } from '../../base/clock.ts';
import { type Deferred, deferred } from '../../base/deferred.ts';
import { SeaError } from '../../base/errors.ts';
import type { RunLimits, TaskRunner } from '../../ports/task-runner.ts';

/** What a run comes to, and after how long. `undefined`: it never ends by itself. */
export type Script = (
  input: Uint8Array,
) => { readonly afterMs: number; readonly outcome: Uint8Array | SeaError } | undefined;

/** Each byte of the input plus one, after `afterMs`. */
export function increments(afterMs: number): Script {
  return input => ({ afterMs, outcome: input.map(byte => byte + 1) });
}

/** Ends with an error of this code after `afterMs`. */
export function failsWith(code: SeaError['code'], afterMs = 10): Script {
  return () => ({ afterMs, outcome: new SeaError(code, 'by the script') });
}

export class ScriptedRunner implements TaskRunner {
  script: Script;
  slots = 0;
  closed = false;
  /** First bytes of the inputs of all runs that began, oldest first. */
  readonly began: number[] = [];
  readonly modules: Uint8Array[] = [];
  /** Runs that were ended from outside. */
  aborted = 0;
  readonly #clock: Clock;
  readonly #running = new Set<Deferred<Uint8Array>>();

  constructor(clock: Clock, script: Script) {
    this.#clock = clock;
    this.script = script;
  }

  get running(): number {
    return this.#running.size;
  }

  setSlots(slots: number): void {
    this.slots = slots;
    for (const run of [...this.#running].slice(slots)) this.#abort(run);
  }

  async run(
    _id: string,
    module: Uint8Array,
    input: Uint8Array,
    limits: RunLimits,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    if (this.#running.size >= this.slots) throw new SeaError('NO_SLOT', 'all slots are taken');
    const run = deferred<Uint8Array>();
    this.#running.add(run);
    this.began.push(input[0] ?? -1);
    this.modules.push(module);
    const forget = whenAborted(signal, () => this.#abort(run));
    const cancels = [this.#clock.after(limits.timeoutMs, () => run.reject(new SeaError('TASK_TIMEOUT', 'too long')))];
    const end = this.script(input.slice());
    structuredClone(input.buffer, { transfer: [input.buffer as ArrayBuffer] }); // as a worker would detach it
    if (end !== undefined) cancels.push(this.#clock.after(end.afterMs, () => finish(run, end.outcome, limits)));
    try {
      return await run.promise;
    } finally {
      this.#running.delete(run);
      forget();
      for (const cancel of cancels) cancel();
    }
  }

  close(): void {
    this.closed = true;
    this.setSlots(0);
  }

  #abort(run: Deferred<Uint8Array>): void {
    this.aborted++;
    run.reject(new SeaError('ABORTED', 'the run was ended'));
  }
}

function finish(run: Deferred<Uint8Array>, outcome: Uint8Array | SeaError, limits: RunLimits): void {
  if (outcome instanceof SeaError) run.reject(outcome);
  else if (outcome.length > limits.outputBytesMax) run.reject(new SeaError('OUTPUT_TOO_LARGE', 'too long'));
  else run.resolve(outcome);
}
