/**
 * One worker as its pool sees it. Comlink alone never settles when a worker dies: here every wait ends with the worker.
 */

import type { Remote } from 'comlink';
import { transfer, wrap } from 'comlink';
import { withTimeout } from '../../base/abort.ts';
import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { Deferred } from '../../base/deferred.ts';
import { deferred } from '../../base/deferred.ts';
import { asSeaError, SeaError } from '../../base/errors.ts';
import { comlinkEndpoint } from './comlink-endpoint.ts';
import { PREPARED_MODULES_MAX, WORKER_START_MS_MAX } from './limits.ts';
import { Lru } from './lru.ts';
import type { TaskProgram } from './task-messages.ts';
import { readPrepareReply, readRunReply } from './task-messages.ts';
import type { SpawnedWorker, WorkerSpawner } from './worker-endpoint.ts';

type State =
  | { readonly state: 'starting' }
  | { readonly state: 'ready'; readonly worker: SpawnedWorker; readonly program: Remote<TaskProgram> }
  | { readonly state: 'ended'; readonly error: SeaError };

export class WorkerHandle {
  /** Resolves when the worker answers; rejects with why it ended before. */
  readonly ready: Promise<void>;
  readonly #onEnd: (handle: WorkerHandle) => void;
  /** What to reject when the worker ends. */
  readonly #waits = new Set<Deferred<never>>();
  /** The same modules that the program keeps: both sides apply the same rule to the same requests. */
  readonly #prepared = new Lru<true>(PREPARED_MODULES_MAX);
  #busy = false;
  #state: State = { state: 'starting' };

  /** `onEnd` is told once, at the very moment the worker ends, whatever ended it. */
  constructor(spawner: WorkerSpawner, clock: Clock, onEnd: (handle: WorkerHandle) => void) {
    this.#onEnd = onEnd;
    this.ready = this.#orEnd(this.#start(spawner, clock));
    this.ready.catch(() => {}); // a spare's failure is heard by the run that would have used it
  }

  get isReady(): boolean {
    return this.#state.state === 'ready';
  }

  get hasEnded(): boolean {
    return this.#state.state === 'ended';
  }

  hasPrepared(moduleId: string): boolean {
    return this.#prepared.has(moduleId);
  }

  /** See SpawnedWorker.setBusy; holds for a worker that still starts, too. */
  setBusy(busy: boolean): void {
    this.#busy = busy;
    if (this.#state.state === 'ready') this.#state.worker.setBusy(busy);
  }

  /**
   * Runs the module, which is compiled first where the worker does not have it. One run at a time. `input` moves away.
   * Throws what TaskRunner.run throws, and the error that the worker is ended with meanwhile.
   */
  run(moduleId: string, module: Uint8Array, input: Uint8Array, outputBytesMax: number): Promise<Uint8Array> {
    return this.#orEnd(this.#run(moduleId, module, input, outputBytesMax));
  }

  /** Ends the worker now; what waits for it gets `error`. Idempotent. */
  end(error: SeaError): void {
    const was = this.#state;
    if (was.state === 'ended') return;
    this.#state = { state: 'ended', error };
    if (was.state === 'ready') was.worker.terminate();
    for (const wait of this.#waits) wait.reject(error);
    this.#onEnd(this);
  }

  async #start(spawner: WorkerSpawner, clock: Clock): Promise<void> {
    try {
      const worker = await spawner.spawn(detail => this.end(new SeaError('HOST_FAILURE', `a worker died: ${detail}`)));
      await this.#greet(worker, clock);
    } catch (error) {
      const failure = asSeaError(error, 'HOST_FAILURE');
      this.end(failure);
      throw failure;
    }
  }

  async #greet(worker: SpawnedWorker, clock: Clock): Promise<void> {
    if (this.hasEnded) return worker.terminate();
    worker.setBusy(this.#busy);
    const program = wrap<TaskProgram>(comlinkEndpoint(worker.endpoint));
    try {
      await withTimeout(clock, this.#orEnd(program.ready()), WORKER_START_MS_MAX, 'the start of a task worker');
    } catch (cause) {
      worker.terminate();
      throw new SeaError('HOST_FAILURE', 'a task worker did not start', { cause });
    }
    if (this.hasEnded) return worker.terminate();
    this.#state = { state: 'ready', worker, program };
    worker.setBusy(this.#busy);
  }

  /** The promise's outcome, or the error that the worker is ended with meanwhile. */
  async #orEnd<T>(promise: Promise<T>): Promise<T> {
    // One lasting promise for all to race against would keep every outcome of the worker's life.
    const ended = deferred<never>();
    this.#waits.add(ended);
    try {
      return await Promise.race([promise, ended.promise]);
    } finally {
      this.#waits.delete(ended);
    }
  }

  async #run(moduleId: string, module: Uint8Array, input: Uint8Array, outputBytesMax: number): Promise<Uint8Array> {
    await this.ready;
    if (this.#state.state === 'ended') throw this.#state.error;
    assert(this.#state.state === 'ready', 'a worker whose start succeeded is ready');
    const { program } = this.#state;
    if (!this.#prepared.has(moduleId)) await this.#prepare(program, moduleId, module);
    const owned = ownBytes(input);
    this.#prepared.get(moduleId);
    const reply = readRunReply(
      await program.run(moduleId, transfer(owned, [owned.buffer]), outputBytesMax),
      outputBytesMax,
    );
    if (reply.outcome === 'failed') throw new SeaError(reply.code, reply.detail);
    return reply.output;
  }

  async #prepare(program: Remote<TaskProgram>, moduleId: string, module: Uint8Array): Promise<void> {
    const copy = module.slice(); // sending a view would copy the whole buffer behind it
    const reply = readPrepareReply(
      await program.prepare(moduleId, transfer(copy, [copy.buffer as ArrayBuffer]) as Uint8Array<ArrayBuffer>),
    );
    if (reply.outcome === 'failed') throw new SeaError(reply.code, reply.detail);
    this.#prepared.set(moduleId, true);
  }
}

/** The bytes in a buffer that holds nothing else and may move to another thread: the same memory where that is so. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length) return bytes as Uint8Array<ArrayBuffer>;
  return new Uint8Array(bytes);
}
