/**
 * The requester: runs a task over many inputs on many providers. Acts on what `part-table.ts`, `provider-table.ts`,
 * `quorum.ts` and `pace.ts` decide. Driven by events (an answer, a candidate, an input, a consumer that takes), never
 * by polling.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { checkAborted, whenAborted } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import { type Deferred, deferred } from '../base/deferred.ts';
import { asSeaError, isSeaError, SeaError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import type { Log } from '../ports/log.ts';
import { judgeFailure } from './attempt-failure.ts';
import { Bill } from './bill.ts';
import type { Bundle } from './bundle.ts';
import type { Candidates } from './candidates.ts';
import { Crew, type Row } from './crew.ts';
import { Doubts } from './doubts.ts';
import type { Executor, Run } from './executor.ts';
import type { Inputs } from './input-source.ts';
import { Intake } from './intake.ts';
import { ERROR_VOTES_MIN, PART_FAILURES_MAX, PART_TIMEOUTS_MAX, TAIL_STEAL_MS_MIN } from './limits.ts';
import { budgetSpent, disagreement, partFailed, type Standstill, standstill } from './map-failures.ts';
import { type MapOptions, readMapOptions } from './map-options.ts';
import { Pace } from './pace.ts';
import { type Attempt, type NextPart, type Part, PartTable } from './part-table.ts';
import type { Hire, Purser } from './payment.ts';
import type { ProviderTable } from './provider-table.ts';
import type { Outcome } from './quorum.ts';
import { type MapResult, ResultBuffer } from './result-buffer.ts';
import { WakeUp } from './wake-up.ts';

/** What a map needs of its node. */
export interface MapHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly scope: Scope;
  readonly log: Log;
  readonly self: HashAddress;
  readonly candidates: Candidates;
  readonly pin: (address: HashAddress, reason: string) => () => void;
  /** Serves the bundle to providers until the returned function is called; `onSent` hears the bytes that leave. */
  readonly serve: (bundle: Bundle, onSent: (bytes: number) => void) => () => void;
  readonly remote: (bundle: Bundle, purser: Purser) => Executor;
  readonly local: (bundle: Bundle) => Executor;
  /** Who pays for it. */
  readonly hire: Hire;
}

/** One map under way. Results are taken by next(); whoever made it closes it. */
export class MapRun {
  readonly #host: MapHost;
  readonly #bundle: Bundle;
  readonly #options: MapOptions;
  readonly #scope: Scope;
  readonly #timeoutMs: number;
  readonly #redundancy: number;
  readonly #intake: Intake;
  readonly #parts: PartTable;
  readonly #crew: Crew;
  readonly #providers: ProviderTable<Attempt, Run>;
  readonly #doubts: Doubts;
  readonly #bill: Bill;
  readonly #results: ResultBuffer;
  readonly #pace = new Pace();
  readonly #lateness: WakeUp;
  readonly #stall: WakeUp;
  #failure: unknown;
  #failed = false;
  #waiter: Deferred<void> | undefined;
  #done = 0;
  #failedAttempts = 0;
  #speculative = 0;

  /** Starts at once. Throws BAD_ARGUMENT, the signal's reason if it has fired, OVERLOADED. */
  constructor(host: MapHost, bundle: Bundle, inputs: Inputs, options: MapOptions) {
    checkAborted(options.signal);
    this.#host = host;
    this.#bundle = bundle;
    this.#options = options;
    ({ timeoutMs: this.#timeoutMs, redundancy: this.#redundancy } = readMapOptions(options));
    this.#intake = new Intake(inputs, bundle.manifest.inputBytesMax, {
      onInput: (index, input, later) => this.#add(index, input, later),
      onOver: () => this.#wake(),
      onError: error => this.#fail(error),
    });
    this.#parts = new PartTable(this.#redundancy);
    this.#results = new ResultBuffer(options.ordered ?? true);
    this.#scope = host.scope.fork();
    this.#lateness = new WakeUp(host.clock, this.#scope, () => this.#lookForLate());
    this.#stall = new WakeUp(host.clock, this.#scope, () => this.#fail(this.#standstill.error));
    this.#scope.defer(() => this.#end());
    const { priceMax, budget } = options;
    const purser = host.hire({ priceMax, budget, onChange: () => this.#pump() });
    this.#bill = new Bill({ random: host.random, bundle: bundle.id, purser, self: host.self });
    this.#scope.defer(() => this.#bill.close());
    this.#scope.defer(whenAborted(options.signal, error => this.#fail(error)));
    this.#crew = new Crew({
      ...host,
      scope: this.#scope,
      remote: host.remote(bundle, purser),
      local: host.local(bundle),
      hasTerms: address => this.#bill.hasTerms(address),
      onChange: () => this.#pump(),
      onRefused: error => this.#refused(error),
    });
    this.#scope.defer(host.serve(bundle, bytes => this.#crew.sent(bytes)));
    this.#providers = this.#crew.table;
    this.#doubts = new Doubts({
      scope: this.#scope,
      self: host.self,
      parts: this.#parts,
      providers: this.#providers,
      onStands: (part, row, error) => this.#failPart(part, row, error),
    });
    this.#scope.defer(host.candidates.onChange(() => this.#candidatesChanged()));
    this.#candidatesChanged();
  }

  /**
   * The next result; undefined after the last. Throws what ended the map; results not taken by then are dropped, but not
   * when it was the budget: they are paid for.
   */
  async next(): Promise<MapResult | undefined> {
    for (;;) {
      if (this.#failed && !isSeaError(this.#failure, 'BUDGET_SPENT')) throw this.#failure;
      const result = this.#results.take();
      if (result !== undefined) {
        this.#intake.delivered(result.output);
        this.#pump();
        return result;
      }
      if (this.#failed) throw this.#failure;
      if (this.#intake.over && this.#parts.open === 0) return undefined;
      this.#waiter = deferred();
      await this.#waiter.promise;
    }
  }

  /** Takes all work back and lets the source end. Idempotent. */
  close(): void {
    this.#scope.close();
  }

  // --- Moving on: called after every event ---

  #pump(): void {
    if (this.#scope.closed) return;
    this.#fill(row => row.hasIdleSlot);
    this.#fill(row => row.hasRoom);
    if (!this.#parts.hasFresh) this.#pull(); // one input stands ready for the next room
    if (this.#parts.short > 0) this.#crew.engage(this.#attemptsWanted());
    if (!this.#mayPull()) this.#copyTail();
    this.#watchLateness();
    this.#watchStall();
    this.#report();
  }

  /** As long as inputs may follow, as many as there can be. */
  #attemptsWanted(): number {
    return this.#intake.over ? this.#parts.short * this.#redundancy : Number.POSITIVE_INFINITY;
  }

  /** One part to each provider in turn, until none has room or nothing is left to give. */
  #fill(hasRoom: (row: Row) => boolean): void {
    for (let gave = true; gave; ) {
      gave = false;
      for (const row of this.#providers.rows()) {
        const takes = !this.#scope.closed && hasRoom(row) && this.#bill.mayStart(row.address);
        const next = takes ? this.#nextFor(row) : undefined;
        if (next === undefined) continue;
        this.#start(row, next);
        gave = true;
      }
    }
  }

  #nextFor(row: Row): NextPart | undefined {
    for (;;) {
      const next = this.#parts.next(row.key, this.#providers.usable);
      if (next !== undefined || !this.#pull()) return next;
    }
  }

  #pull(): boolean {
    return this.#intake.pull(this.#providers.windows);
  }

  #mayPull(): boolean {
    return this.#intake.mayPull(this.#providers.windows);
  }

  #add(index: number, input: Uint8Array, later: boolean): void {
    this.#parts.add(index, input);
    if (later) this.#pump();
  }

  // --- Providers ---

  #candidatesChanged(): void {
    const candidates = new Map(this.#host.candidates.list());
    if (this.#options.local === false) candidates.delete(this.#host.self.toString());
    for (const row of this.#crew.update(candidates)) this.#lost(row);
    this.#pump();
  }

  /** A provider that left gives its parts back at once. */
  #lost(row: Row): void {
    for (const [attempt, run] of row.inFlight) {
      this.#failedAttempts++;
      this.#parts.fail(attempt);
      this.#bill.ended(attempt.part, row.address);
      run.cancel();
    }
    row.inFlight.clear();
  }

  /** A bundle that nobody has run so far, refused by most of those known, is refused for good. */
  #refused(error: SeaError): void {
    const { refused, usable } = this.#providers;
    if (this.#done === 0 && refused >= ERROR_VOTES_MIN && refused > usable) this.#fail(error);
  }

  // --- Attempts ---

  #start(row: Row, next: NextPart): void {
    const attempt = this.#parts.start(next, row.key, this.#host.clock.now());
    if (next.speculative) this.#speculative++;
    const subtask = this.#bill.started(next.part, row.address);
    const run = this.#crew.executor(row).run(row.address, subtask, next.part.input, this.#timeoutMs);
    row.inFlight.set(attempt, run);
    run.result.then(
      output => this.#answered(row, attempt, output),
      (error: unknown) => this.#attemptFailed(row, attempt, asSeaError(error)),
    );
  }

  #answered(row: Row, attempt: Attempt, output: Uint8Array): void {
    const { outputBytesMax } = this.#bundle.manifest;
    if (output.length > outputBytesMax) {
      const detail = `an output of ${output.length} bytes where the task allows ${outputBytesMax}`;
      this.#attemptFailed(row, attempt, new SeaError('BAD_MESSAGE', detail, { peer: row.key }));
      return;
    }
    if (!row.inFlight.delete(attempt)) return; // taken back meanwhile
    this.#pace.record(this.#host.clock.now() - attempt.startedMs);
    this.#vote(row, attempt, { kind: 'output', output });
    this.#pump();
  }

  #attemptFailed(row: Row, attempt: Attempt, error: SeaError): void {
    if (!row.inFlight.delete(attempt)) return;
    const { part } = attempt;
    const failure = judgeFailure(error, this.#host.clock.now() - attempt.startedMs, this.#timeoutMs);
    if (failure === 'result') {
      this.#vote(row, attempt, { kind: 'error', error });
      return this.#pump();
    }
    this.#bill.ended(attempt.part, row.address);
    if (failure === 'busy') {
      this.#parts.withdraw(attempt);
      this.#crew.penalise(row, error);
    } else {
      this.#failedAttempts++;
      this.#parts.fail(attempt);
      if (failure === 'timeout') part.timeouts++;
      else this.#crew.penalise(row, error);
      if (failure === 'fault') part.faults++;
      if (part.timeouts >= PART_TIMEOUTS_MAX || part.faults >= PART_FAILURES_MAX) this.#failPart(part, row, error);
    }
    this.#pump();
  }

  #vote(row: Row, attempt: Attempt, outcome: Outcome): void {
    const { part } = attempt;
    if (outcome.kind === 'output') row.answered();
    const verdict = this.#parts.vote(attempt, row.address, outcome);
    if (verdict.state === 'open') {
      if (outcome.kind === 'error' && this.#redundancy === 1) this.#doubts.heard(part, row, outcome.error);
      return;
    }
    this.#takeBack(part);
    const accepted =
      verdict.state === 'accepted' && verdict.outcome.kind === 'output' ? verdict.outcome.output : undefined;
    this.#bill.decided(part, accepted, verdict.state === 'accepted' ? verdict.providers : []);
    if (verdict.state === 'disagreed') return this.#fail(disagreement(part.index, part.votes.length));
    if (verdict.outcome.kind === 'error') return this.#failPart(part, row, verdict.outcome.error);
    this.#crew.outvoted(part, verdict.providers);
    const { output } = verdict.outcome;
    this.#intake.accepted(part.input, output);
    this.#done++;
    this.#results.put({ index: part.index, output, providers: verdict.providers });
    this.#wake();
  }

  /** Ends the other attempts at a part that is decided. */
  #takeBack(part: Part): void {
    for (const [key, attempt] of part.live) {
      const row = this.#providers.get(key);
      if (row === undefined) continue;
      row.inFlight.get(attempt)?.cancel();
      row.inFlight.delete(attempt);
      this.#bill.ended(attempt.part, row.address);
    }
  }

  // --- Lateness, the tail, and waiting in vain ---

  /** Whoever has nothing to do takes what waits in another's queue. */
  #copyTail(): void {
    if ((this.#pace.medianMs ?? 0) < TAIL_STEAL_MS_MIN) return;
    for (const row of this.#providers.rows()) {
      const takes = row.hasIdleSlot && this.#bill.mayStart(row.address);
      const next = takes ? this.#parts.steal(row.key, this.#providers.waitingAttempts()) : undefined;
      if (next !== undefined) this.#start(row, next);
    }
  }

  #watchLateness(): void {
    const oldestMs = this.#parts.oldestStartMs;
    if (oldestMs !== undefined) this.#lateness.by(oldestMs + this.#lateAfterMs());
  }

  #lookForLate(): void {
    this.#parts.markLate(this.#host.clock.now() - this.#lateAfterMs());
    this.#pump();
  }

  /** At the end, while somebody is idle, patience is short. */
  #lateAfterMs(): number {
    const tail = !this.#mayPull() && this.#providers.hasIdleSlot;
    return tail ? this.#pace.tailLateAfterMs : this.#pace.silentAfterMs;
  }

  #watchStall(): void {
    const stalled = this.#parts.open > 0 && this.#parts.live === 0 && this.#providers.preparing === 0;
    if (stalled && this.#bill.spent) this.#fail(budgetSpent(this.#bill.cost, this.#options.budget, this.#parts.open));
    else if (stalled) this.#stall.by(this.#host.clock.now() + this.#standstill.waitMs);
    else this.#stall.cancel();
  }

  get #standstill(): Standstill {
    const { usable: known } = this.#providers;
    const last = this.#crew.lastError;
    return standstill({ part: this.#parts.firstOpen?.index, known, needed: this.#redundancy, last });
  }

  // --- Ending ---

  #failPart({ index }: Part, row: Row, error: SeaError): void {
    this.#fail(partFailed(index, row.key, error));
  }

  #fail(error: unknown): void {
    if (this.#scope.closed) return;
    this.#failed = true;
    this.#failure = error;
    this.#scope.close();
  }

  /** The scope has closed: by close(), by a failure, or with the node. */
  #end(): void {
    const over = this.#intake.over && this.#parts.open === 0;
    if (!this.#failed && !over) {
      this.#failed = true;
      this.#failure = new SeaError('CLOSED', 'the map was closed');
    }
    this.#intake.close();
    this.#wake();
  }

  #wake(): void {
    this.#waiter?.resolve();
    this.#waiter = undefined;
  }

  #report(): void {
    if (this.#options.onProgress === undefined) return;
    try {
      this.#options.onProgress({
        pulled: this.#intake.count,
        done: this.#done,
        inFlight: this.#parts.live,
        providers: this.#providers.ready,
        failedAttempts: this.#failedAttempts,
        speculative: this.#speculative,
        bundleBytes: this.#bundle.manifestBytes.length + this.#bundle.module.length,
        ...this.#crew.supply,
        cost: this.#bill.cost,
      });
    } catch (error) {
      this.#host.log.write('warn', 'onProgress threw', { error });
    }
  }
}
