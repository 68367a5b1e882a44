/**
 * The shard coder in a worker of its own, which comes with the first segment. Hashing alone stays with WebCrypto, which
 * has its own threads. Comlink never settles when a worker dies: here every wait ends with it, and the next one gets
 * another worker.
 */

import { type Remote, transfer, wrap } from 'comlink';
import { type Deferred, deferred } from '../../base/deferred.ts';
import { asSeaError, SeaError } from '../../base/errors.ts';
import type { FoundShard, SealedSegment, SegmentSeal, ShardCoder } from '../../ports/shard-coder.ts';
import { comlinkEndpoint } from './comlink-endpoint.ts';
import type { Reply, ShardProgram } from './shard-messages.ts';
import { webSealing } from './web-sealing.ts';
import type { SpawnedWorker, WorkerSpawner } from './worker-endpoint.ts';

interface Running {
  readonly worker: SpawnedWorker;
  readonly program: Remote<ShardProgram>;
}

export class WorkerShardCoder implements ShardCoder {
  readonly #spawner: WorkerSpawner;
  /** What to reject when the worker ends. */
  readonly #waits = new Set<Deferred<never>>();
  #running: Promise<Running> | undefined;
  #closed = false;

  constructor(spawner: WorkerSpawner) {
    this.#spawner = spawner;
  }

  hash(bytes: Uint8Array): Promise<Uint8Array> {
    return webSealing.sha256(bytes);
  }

  merkleRoot(bytes: Uint8Array): Promise<Uint8Array> {
    return this.#ask(program => program.merkleRoot(bytes));
  }

  seal(plain: Uint8Array, secret: Uint8Array, k: number, n: number): Promise<SealedSegment> {
    return this.#ask(program => program.seal(moving(plain, [plain]), secret, k, n));
  }

  open(shards: readonly FoundShard[], seal: SegmentSeal): Promise<Uint8Array> {
    const bytes = shards.map(shard => shard.bytes);
    return this.#ask(program => program.open(moving(shards, bytes), seal));
  }

  close(): void {
    this.#closed = true;
    this.#end(new SeaError('CLOSED', 'the shard coder was closed'));
    this.#spawner.close();
  }

  async #ask<T>(request: (program: Remote<ShardProgram>) => Promise<Reply<T>>): Promise<T> {
    if (this.#closed) throw new SeaError('CLOSED', 'the shard coder was closed');
    const ended = deferred<never>();
    this.#waits.add(ended);
    const { worker, program } = await Promise.race([this.#start(), ended.promise]);
    worker.setBusy(true);
    try {
      const reply = await Promise.race([request(program), ended.promise]);
      if (reply.outcome === 'failed') throw new SeaError(reply.code, reply.detail);
      return reply.value;
    } finally {
      this.#waits.delete(ended);
      if (this.#waits.size === 0) worker.setBusy(false);
    }
  }

  #start(): Promise<Running> {
    this.#running ??= this.#spawn();
    return this.#running;
  }

  async #spawn(): Promise<Running> {
    try {
      const worker = await this.#spawner.spawn(detail =>
        this.#end(new SeaError('HOST_FAILURE', `the coder worker died: ${detail}`)),
      );
      return { worker, program: wrap<ShardProgram>(comlinkEndpoint(worker.endpoint)) };
    } catch (error) {
      this.#running = undefined;
      throw asSeaError(error, 'HOST_FAILURE');
    }
  }

  /** Ends the worker; what waits for it gets `error`. */
  #end(error: SeaError): void {
    const was = this.#running;
    this.#running = undefined;
    was?.then(({ worker }) => worker.terminate()).catch(() => {}); // one that never came needs no end
    for (const wait of this.#waits) wait.reject(error);
    this.#waits.clear();
  }
}

/** Moves to the worker what has its memory to itself; the rest is copied. */
function moving<T>(value: T, parts: readonly Uint8Array[]): T {
  const own = parts.filter(({ buffer, byteLength }) => buffer.byteLength === byteLength && byteLength > 0);
  const buffers = [...new Set(own.map(({ buffer }) => buffer as ArrayBuffer))];
  return transfer(value, buffers);
}
