/**
 * The job desk: at most one job at a time, from start to result. It drives `sea.map`, gives every output to the run's
 * view and counts who computed what. Figures are for the eye and refreshed by the page's beat, not per part.
 */

import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { isSeaError } from '../../src/base/errors.ts';
import type { Bundle, MapOptions, MapProgress, MapResult, Sea } from '../../src/index.ts';
import { type Complaint, complaintOf, PageError } from '../errors.ts';
import type { JobPlan, TaskName } from '../tasks/job-plan.ts';
import type { JobLimits } from './job-price.ts';

/** How a job is computed. */
export interface JobOptions {
  /** How many peers compute each part, 1 to 3. */
  readonly redundancy: number;
  /** Whether this device's lent cores may compute parts of it. */
  readonly local: boolean;
  /** What may be paid; undefined where this device pays nothing. In the smallest unit of the chain's currency. */
  readonly limits?: JobLimits | undefined;
}

/** Parts whose accepted output a peer computed. */
export interface PeerTally {
  readonly address: string;
  readonly parts: number;
}

export interface JobFigures {
  readonly done: number;
  readonly parts: number;
  readonly inFlight: number;
  readonly providers: number;
  readonly failedAttempts: number;
  readonly speculative: number;
  /** Size of the program, how many other devices were given it, and what was sent for that. */
  readonly bundleBytes: number;
  readonly supplied: number;
  readonly sentBytes: number;
  readonly elapsedMs: number;
  /** Parts per second since the first part began to be computed. */
  readonly perSecond: number;
  /** Owed and paid so far, in the smallest unit of the chain's currency. */
  readonly cost: bigint;
  /** Most parts first. */
  readonly tally: readonly PeerTally[];
}

/** Where outputs go; made by the page for each plan. */
export interface JobSink {
  /** Called once per part, in the order in which they come. Throws RangeError for an output that does not fit. */
  take(result: MapResult): void;
  /** True when the answer is there before all parts are. */
  settled(): boolean;
  /** Called by the beat and at the end: show what came. */
  refresh(): void;
}

/** One job and its figures. */
export interface JobRun<Sink extends JobSink = JobSink> {
  readonly plan: JobPlan;
  readonly options: JobOptions;
  readonly sink: Sink;
  readonly figures: ReadonlySignal<JobFigures>;
}

export type JobPhase<Sink extends JobSink = JobSink> =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly run: JobRun<Sink> }
  | { readonly state: 'done'; readonly run: JobRun<Sink> }
  | { readonly state: 'cancelled'; readonly run: JobRun<Sink> }
  | { readonly state: 'failed'; readonly run: JobRun<Sink> | undefined; readonly complaint: Complaint };

/** With too few providers for so long the page says that it waits, ms. */
const WAITING_AFTER_MS = 1_500;

/** How many more peers the job waits for; 0 while it goes on. It goes on by itself when they come. */
export function peersMissing({ figures, options }: Pick<JobRun, 'figures' | 'options'>): number {
  const { providers, inFlight, elapsedMs } = figures.value;
  if (inFlight > 0 || elapsedMs < WAITING_AFTER_MS) return 0;
  return Math.max(0, options.redundancy - providers);
}

interface RunningJob<Sink extends JobSink> {
  readonly run: JobRun<Sink>;
  readonly counter: JobCounter;
  readonly stop: AbortController;
}

/** What the desk needs from outside. */
export interface JobDeskSurroundings<Sink extends JobSink> {
  /** A steady clock, ms. */
  readonly now: () => number;
  /** Where the outputs of a plan go. May throw PageError. */
  readonly makeSink: (plan: JobPlan) => Sink;
  /** Loads a task's program. Throws PageError TASK_NOT_LOADED. */
  readonly loadBundle: (task: TaskName) => Promise<Bundle>;
}

export class JobDesk<Sink extends JobSink = JobSink> {
  readonly #surroundings: JobDeskSurroundings<Sink>;
  readonly #phase: Signal<JobPhase<Sink>> = signal<JobPhase<Sink>>({ state: 'idle' });
  #current: RunningJob<Sink> | undefined;

  constructor(surroundings: JobDeskSurroundings<Sink>) {
    this.#surroundings = surroundings;
  }

  get phase(): ReadonlySignal<JobPhase<Sink>> {
    return this.#phase;
  }

  /** Runs a job to its end; failures become the phase. A job that still runs is cancelled first. */
  async start(sea: Sea, makePlan: () => JobPlan, options: JobOptions): Promise<void> {
    this.cancel();
    let plan: JobPlan;
    let sink: Sink;
    try {
      plan = makePlan();
      sink = this.#surroundings.makeSink(plan);
    } catch (error) {
      this.fail(error);
      return;
    }
    const counter = new JobCounter(plan.parts, this.#surroundings.now);
    const run: JobRun<Sink> = { plan, options, sink, figures: counter.figures };
    const stop = new AbortController();
    const current: RunningJob<Sink> = { run, counter, stop };
    this.#current = current;
    this.#phase.value = { state: 'running', run };
    try {
      const bundle = await this.#surroundings.loadBundle(plan.task);
      stop.signal.throwIfAborted();
      await compute(sea, bundle, run, counter, stop.signal);
      this.#end(current, { state: 'done', run });
    } catch (error) {
      const cancelled = stop.signal.aborted || isSeaError(error, 'ABORTED');
      this.#end(
        current,
        cancelled ? { state: 'cancelled', run } : { state: 'failed', run, complaint: complaintOf(error) },
      );
    }
  }

  /** Breaks the running job off at once; what has come stays. */
  cancel(): void {
    const current = this.#current;
    if (current === undefined) return;
    current.stop.abort();
    this.#end(current, { state: 'cancelled', run: current.run });
  }

  /** Shows an error that kept a job from starting. */
  fail(error: unknown): void {
    this.#phase.value = { state: 'failed', run: undefined, complaint: complaintOf(error) };
  }

  /** Puts the last job away. Does nothing while one runs. */
  clear(): void {
    if (this.#current === undefined) this.#phase.value = { state: 'idle' };
  }

  /** Brings figures and view up to now. */
  refresh(): void {
    if (this.#current !== undefined) show(this.#current);
  }

  #end(current: RunningJob<Sink>, phase: JobPhase<Sink>): void {
    if (this.#current !== current) return; // cancelled before, or another job took its place
    this.#current = undefined;
    batch(() => {
      show(current);
      this.#phase.value = phase;
    });
  }
}

function show({ run, counter }: { readonly run: JobRun; readonly counter: JobCounter }): void {
  counter.refresh();
  run.sink.refresh();
}

/** What no price exceeds: an emptied field takes devices as they ask, whatever the purse was set to. */
const ANY_PRICE = 2n ** 96n - 1n;

async function compute(sea: Sea, bundle: Bundle, run: JobRun, counter: JobCounter, signal: AbortSignal): Promise<void> {
  const { plan, options, sink } = run;
  const { redundancy, local, limits } = options;
  const mapOptions: MapOptions = {
    redundancy,
    local,
    priceMax: limits === undefined ? undefined : (limits.priceMax ?? ANY_PRICE),
    budget: limits?.budget,
    ordered: false,
    signal,
    onProgress: progress => counter.progress(progress),
  };
  for await (const result of sea.map(bundle, plan.inputs(), mapOptions)) {
    if (signal.aborted) return;
    take(sink, result);
    counter.took(result);
    if (sink.settled()) return;
  }
  signal.throwIfAborted();
}

/** A provider may send anything: what does not fit is told apart from faults of the page. */
function take(sink: JobSink, result: MapResult): void {
  try {
    sink.take(result);
  } catch (error) {
    if (error instanceof RangeError)
      throw new PageError('BAD_OUTPUT', `Part ${result.index} does not fit the task: ${error.message}.`);
    throw error;
  }
}

/** Counts a run; its figures are a signal. */
class JobCounter {
  readonly #parts: number;
  readonly #now: () => number;
  readonly #startedMs: number;
  readonly #tally = new Map<string, number>();
  readonly #figures: Signal<JobFigures>;
  #progress: MapProgress = {
    pulled: 0,
    done: 0,
    inFlight: 0,
    providers: 0,
    failedAttempts: 0,
    speculative: 0,
    bundleBytes: 0,
    supplied: 0,
    sentBytes: 0,
    cost: 0n,
  };
  #computingSinceMs: number | undefined;
  #done = 0;

  constructor(parts: number, now: () => number) {
    this.#parts = parts;
    this.#now = now;
    this.#startedMs = now();
    this.#figures = signal(this.#measured());
  }

  get figures(): ReadonlySignal<JobFigures> {
    return this.#figures;
  }

  progress(progress: MapProgress): void {
    this.#progress = progress;
    if (progress.inFlight > 0) this.#computingSinceMs ??= this.#now();
  }

  took(result: MapResult): void {
    this.#done += 1;
    this.#computingSinceMs ??= this.#now();
    for (const provider of result.providers) {
      const address = provider.toString();
      this.#tally.set(address, (this.#tally.get(address) ?? 0) + 1);
    }
  }

  refresh(): void {
    this.#figures.value = this.#measured();
  }

  #measured(): JobFigures {
    const nowMs = this.#now();
    const computingMs = nowMs - (this.#computingSinceMs ?? nowMs);
    const { pulled: _, ...progress } = this.#progress;
    return {
      ...progress,
      done: this.#done,
      parts: this.#parts,
      elapsedMs: nowMs - this.#startedMs,
      perSecond: computingMs > 0 ? (this.#done * 1000) / computingMs : 0,
      tally: [...this.#tally].map(([address, parts]) => ({ address, parts })).sort((a, b) => b.parts - a.parts),
    };
  }
}
