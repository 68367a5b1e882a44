/**
 * Computes parts for requesters on the slots that this device contributes: what runs, what waits, what is refused.
 * Fetching is `ready-bundles.ts`, the workers are the runner's.
 */

import type { ContentId } from '../address/content-id.ts';
import type { HashAddress } from '../address/hash-address.ts';
import type { Clock } from '../base/clock.ts';
import { type Deferred, deferred } from '../base/deferred.ts';
import { asSeaError, isSeaError, SeaError } from '../base/errors.ts';
import type { TaskRunner } from '../ports/task-runner.ts';
import { QUEUED_PER_SLOT_MAX } from './limits.ts';
import type { RunRequest } from './messages.ts';
import type { Charge, Till } from './payment.ts';
import type { Asker, ReadyBundle, ReadyBundles } from './ready-bundles.ts';
import { RunQueue } from './run-queue.ts';

/** A part that runs on this device now. */
export interface RunningPart {
  readonly requester: HashAddress;
  readonly taskName: string;
  /** Text form of the bundle's content id. */
  readonly bundleId: string;
  /** The clock's time at its start, ms. */
  readonly sinceMs: number;
}

/** What this device gives. Counts are since the node was made. */
export interface ContributionStatus {
  readonly slots: number;
  readonly running: readonly RunningPart[];
  readonly completed: number;
  /** Parts that failed here, those that their requester took back not counted. */
  readonly failed: number;
  /** Sum of the running times of completed parts. */
  readonly computeMs: number;
}

export interface ProviderOptions {
  readonly self: HashAddress;
  readonly clock: Clock;
  readonly till: Till;
  readonly runner: TaskRunner;
  readonly bundles: ReadyBundles;
  /** Keeps the link to a requester while its parts are here; returns the undo. */
  readonly pin: (address: HashAddress, reason: string) => () => void;
  readonly onStatus: (status: ContributionStatus) => void;
}

/** A part under way here. */
export interface ProviderRun {
  readonly result: Promise<Uint8Array>;
  /** Ends it; the result rejects with ABORTED, if it has not come. */
  cancel(): void;
}

interface Job {
  readonly requester: HashAddress;
  readonly request: RunRequest;
  readonly bundle: ReadyBundle;
  readonly outcome: Deferred<Uint8Array>;
  readonly controller: AbortController;
  /** Undefined for this node's own parts. */
  readonly charge: Charge | undefined;
  sinceMs: number;
}

export class Provider {
  readonly #options: ProviderOptions;
  readonly #running = new Set<Job>();
  readonly #paid = new RunQueue<Job>();
  readonly #gifts = new RunQueue<Job>();
  #slots = 0;
  #completed = 0;
  #failed = 0;
  #computeMs = 0;

  constructor(options: ProviderOptions) {
    this.#options = options;
  }

  get slots(): number {
    return this.#slots;
  }

  status(): ContributionStatus {
    const running = [...this.#running].map(({ requester, bundle, sinceMs }) => ({
      requester,
      taskName: bundle.manifest.name,
      bundleId: bundle.idText,
      sinceMs,
    }));
    return {
      slots: this.#slots,
      running,
      completed: this.#completed,
      failed: this.#failed,
      computeMs: this.#computeMs,
    };
  }

  /** Changes the number of slots, 0 to SLOTS_MAX; 0 ends everything at once, with ABORTED to the requesters. */
  contribute(slots: number): void {
    this.#slots = slots;
    if (slots === 0) this.#endAll(new SeaError('ABORTED', 'the device stopped contributing'));
    this.#options.runner.setSlots(slots);
    this.#fill();
    this.#report();
  }

  /** Makes a bundle ready, from the one who asks if need be. Throws NO_SLOT and what ReadyBundles.prepare throws. */
  async prepare(id: ContentId, asker: Asker): Promise<void> {
    this.#checkSlots();
    await this.#options.bundles.prepare(id, asker);
  }

  /**
   * Runs a part now or as soon as a slot is free. The input may be detached. The result rejects with NO_SLOT (also the
   * queue is full), BUNDLE_UNAVAILABLE (prepare it first), INPUT_TOO_LARGE, ABORTED, or what the runner throws.
   */
  run(requester: HashAddress, request: RunRequest): ProviderRun {
    try {
      const job = this.#admit(requester, request);
      return {
        result: this.#pinned(job),
        cancel: () => this.#drop(job, new SeaError('ABORTED', 'the requester took the part back')),
      };
    } catch (error) {
      return { result: Promise.reject(error), cancel() {} };
    }
  }

  async #pinned(job: Job): Promise<Uint8Array> {
    const unpin = this.#options.pin(job.requester, 'compute');
    try {
      return await job.outcome.promise;
    } finally {
      unpin();
    }
  }

  /** Ends what a requester wanted whose link is gone: it has given its parts to others. */
  requesterGone(requester: HashAddress): void {
    const gone = new SeaError('PEER_GONE', 'the requester is gone');
    const key = requester.toString();
    for (const job of [...this.#paid.of(key), ...this.#gifts.of(key), ...this.#running]) {
      if (job.requester.equals(requester)) this.#drop(job, gone);
    }
  }

  #admit(requester: HashAddress, request: RunRequest): Job {
    this.#checkSlots();
    const bundle = this.#options.bundles.get(request.bundle);
    if (bundle === undefined) throw new SeaError('BUNDLE_UNAVAILABLE', 'the bundle is not ready here');
    if (request.input.length > bundle.manifest.inputBytesMax) {
      throw new SeaError(
        'INPUT_TOO_LARGE',
        `an input of ${request.input.length} bytes, the manifest allows ${bundle.manifest.inputBytesMax}`,
      );
    }
    const charge = this.#charge(requester, request);
    const controller = new AbortController();
    const job: Job = { requester, request, bundle, charge, outcome: deferred(), controller, sinceMs: 0 };
    if (this.#running.size < this.#slots) this.#start(job);
    else if (!this.#enqueue(job)) {
      charge?.dropped();
      throw new SeaError('NO_SLOT', 'all slots are taken and the queue is full');
    }
    this.#report();
    return job;
  }

  /** Where the queue is full, one that waits for nothing yet is let in before the second part of another. */
  #enqueue(job: Job): boolean {
    const queue = this.#queueOf(job);
    const requester = job.requester.toString();
    const lengthMax = this.#slots * QUEUED_PER_SLOT_MAX;
    if (queue.push(requester, job, lengthMax)) return true;
    const displaced = queue.displace(requester);
    if (displaced === undefined) return false;
    this.#drop(displaced, new SeaError('NO_SLOT', 'another requester waits as well'));
    return queue.push(requester, job, lengthMax);
  }

  #charge(requester: HashAddress, { subtask, bundle, input }: RunRequest): Charge | undefined {
    if (requester.equals(this.#options.self)) return undefined;
    return this.#options.till.admit(requester, { id: subtask, bundle }, input);
  }

  /** Gifts are computed when nothing paid for waits; this node's own parts count as paid for. */
  #queueOf({ charge }: Job): RunQueue<Job> {
    return charge === undefined || charge.paid ? this.#paid : this.#gifts;
  }

  #checkSlots(): void {
    if (this.#slots === 0) throw new SeaError('NO_SLOT', 'this device contributes nothing now');
  }

  #start(job: Job): void {
    job.sinceMs = this.#options.clock.now();
    this.#running.add(job);
    void this.#compute(job);
  }

  async #compute(job: Job): Promise<void> {
    const { bundle, request } = job;
    const limits = { timeoutMs: request.timeoutMs, outputBytesMax: bundle.manifest.outputBytesMax };
    try {
      const output = await this.#options.runner.run(
        bundle.moduleId,
        bundle.module,
        request.input,
        limits,
        job.controller.signal,
      );
      this.#completed++;
      this.#computeMs += this.#options.clock.now() - job.sinceMs;
      this.#answer(job, output);
    } catch (error) {
      if (!job.controller.signal.aborted && !isSeaError(error, 'ABORTED')) this.#failed++;
      if (!job.controller.signal.aborted) job.charge?.dropped();
      job.outcome.reject(asSeaError(error, 'HOST_FAILURE'));
    }
    this.#running.delete(job);
    this.#fill();
    this.#report();
  }

  /** What was taken back meanwhile is not owed. */
  #answer(job: Job, output: Uint8Array): void {
    if (job.controller.signal.aborted) return;
    job.charge?.computed(output);
    job.outcome.resolve(output);
  }

  #fill(): void {
    while (this.#running.size < this.#slots) {
      const job = this.#paid.shift() ?? this.#gifts.shift();
      if (job === undefined) return;
      this.#start(job);
    }
  }

  /** Its requester is answered now; its slot is free when the runner has let go of it. */
  #drop(job: Job, error: SeaError): void {
    if (job.controller.signal.aborted) return;
    job.controller.abort(error);
    job.charge?.dropped();
    job.outcome.reject(error);
    this.#queueOf(job).remove(job.requester.toString(), job);
  }

  #endAll(reason: SeaError): void {
    for (const job of [...this.#paid.drain(), ...this.#gifts.drain(), ...this.#running]) this.#drop(job, reason);
    this.#running.clear(); // the runner lets go of all of them at this moment
  }

  #report(): void {
    this.#options.onStatus(this.status());
  }
}
