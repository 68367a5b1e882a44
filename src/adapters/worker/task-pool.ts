/**
 * The task runner of every platform: slots, one ready worker to spare, and the rule that a run can only end in time.
 * What a worker is made of comes in by WorkerSpawner.
 */

import { checkAborted, whenAborted } from '../../base/abort.ts';
import type { Clock } from '../../base/clock.ts';
import { asSeaError, SeaError } from '../../base/errors.ts';
import type { RunLimits, TaskRunner } from '../../ports/task-runner.ts';
import { SPARE_WORKERS } from './limits.ts';
import { checkSlots } from './slots.ts';
import type { WorkerSpawner } from './worker-endpoint.ts';
import { WorkerHandle } from './worker-handle.ts';

export class TaskPool implements TaskRunner {
  readonly #spawner: WorkerSpawner;
  readonly #clock: Clock;
  /** Workers that hold a slot, in the order in which they took it. */
  readonly #running = new Set<WorkerHandle>();
  /** Workers without a run, ready or starting; the one used last stands last. */
  readonly #idle = new Set<WorkerHandle>();
  #slots = 0;
  #closed = false;

  /** Starts with no slots and no workers. */
  constructor(spawner: WorkerSpawner, clock: Clock) {
    this.#spawner = spawner;
    this.#clock = clock;
  }

  get slots(): number {
    return this.#slots;
  }

  /** As the port has it; the newest runs end first. Throws BAD_ARGUMENT unless an integer of 0 to SLOTS_MAX. */
  setSlots(slots: number): void {
    checkSlots(slots);
    if (this.#closed) return;
    this.#slots = slots;
    const taken = new SeaError('ABORTED', 'the slot was taken away');
    for (const worker of [...this.#running].slice(slots)) this.#endRun(worker, taken);
    this.#trim();
    this.#warm();
  }

  /** As the port has it, and NOT_WASM, NO_ABI, MEMORY_LIMIT for a module that nobody checked; CLOSED; UNSUPPORTED. */
  async run(
    moduleId: string,
    module: Uint8Array,
    input: Uint8Array,
    limits: RunLimits,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    if (this.#closed) throw new SeaError('CLOSED', 'the task runner is closed');
    checkAborted(signal);
    if (this.#running.size >= this.#slots) throw new SeaError('NO_SLOT', `all ${this.#slots} slots are taken`);
    const worker = this.#take(moduleId);
    const forget = whenAborted(signal, error => this.#endRun(worker, error));
    try {
      return await this.#runInTime(worker, limits.timeoutMs, () =>
        worker.run(moduleId, module, input, limits.outputBytesMax),
      );
    } catch (error) {
      const failure = asSeaError(error, 'HOST_FAILURE');
      // A refusal of the engine may be the mark of a worker full of garbage: its memory goes with it.
      if (failure.code === 'HOST_FAILURE') this.#endRun(worker, failure);
      throw failure;
    } finally {
      forget();
      this.#settle(worker);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#slots = 0;
    const closed = new SeaError('CLOSED', 'the task runner was closed');
    for (const worker of [...this.#running]) this.#endRun(worker, closed);
    for (const worker of [...this.#idle]) worker.end(closed);
    this.#spawner.close();
  }

  /** The time counts from when the worker is ready: starting it is not the task's doing. */
  async #runInTime(worker: WorkerHandle, timeoutMs: number, run: () => Promise<Uint8Array>): Promise<Uint8Array> {
    if (!worker.isReady) await worker.ready;
    const cancelDeadline = this.#clock.after(timeoutMs, () =>
      this.#endRun(worker, new SeaError('TASK_TIMEOUT', `the task ran for more than ${timeoutMs} ms`)),
    );
    try {
      return await run();
    } finally {
      cancelDeadline();
    }
  }

  /** Frees the slot and ends its worker, both before this returns. */
  #endRun(worker: WorkerHandle, error: SeaError): void {
    this.#running.delete(worker);
    worker.end(error);
    this.#warm();
  }

  /** After a run of any outcome: a worker that still lives waits for the next one. */
  #settle(worker: WorkerHandle): void {
    this.#running.delete(worker);
    worker.setBusy(false);
    this.#keep(worker);
    this.#trim();
    this.#warm();
  }

  /** Gives a slot to an idle worker, preferably one that has the module; to a new one where none is idle. */
  #take(moduleId: string): WorkerHandle {
    const idle = [...this.#idle].reverse();
    const prepared = idle.find(worker => worker.hasPrepared(moduleId));
    const worker = prepared ?? idle.find(candidate => candidate.isReady) ?? idle[0] ?? this.#spawn();
    this.#idle.delete(worker);
    this.#running.add(worker);
    worker.setBusy(true);
    this.#warm();
    return worker;
  }

  /**
   * Keeps a spare. Called when runs begin and end, never because a start failed: where workers cannot start, each run
   * tries anew and nothing spins.
   */
  #warm(): void {
    if (this.#slots === 0 || this.#idle.size >= SPARE_WORKERS) return;
    if (this.#running.size < this.#slots + SPARE_WORKERS) this.#keep(this.#spawn());
  }

  #keep(worker: WorkerHandle): void {
    if (!worker.hasEnded) this.#idle.add(worker);
  }

  /** Ends idle workers beyond one for each free slot and the spare; all of them when paused. */
  #trim(): void {
    const workersMax = this.#slots === 0 ? 0 : this.#slots + SPARE_WORKERS;
    for (const worker of [...this.#idle]) {
      if (this.#running.size + this.#idle.size <= workersMax) return;
      worker.end(new SeaError('ABORTED', 'the worker is not needed'));
    }
  }

  #spawn(): WorkerHandle {
    return new WorkerHandle(this.#spawner, this.#clock, worker => {
      this.#idle.delete(worker);
      this.#running.delete(worker);
    });
  }
}
