/** A job from start to end, cancelled, failed, settled early. */

import { beforeEach, describe, expect, it } from 'vitest';
import { SeaError } from '../../src/base/errors.ts';
import type { Bundle, MapProgress, MapResult } from '../../src/index.ts';
import { PageError } from '../errors.ts';
import type { JobPlan } from '../tasks/job-plan.ts';
import { addressOf, FakeSea } from '../testing/fake-sea.ts';
import { JobDesk, type JobSink, peersMissing } from './job.ts';

const options = { redundancy: 1, local: true };
const view: JobPlan['view'] = {
  kind: 'picture',
  width: 1,
  height: 1,
  fileName: 'x.png',
  tileAt: () => ({ x: 0, y: 0, width: 1, height: 1 }),
  pixelsOf: () => new Uint8ClampedArray(4),
};

const noProgress: MapProgress = {
  pulled: 1,
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

class ListSink implements JobSink {
  readonly taken: number[] = [];
  settledAt = Number.POSITIVE_INFINITY;
  take({ index }: MapResult): void {
    if (index === 13) throw new RangeError('of another length');
    this.taken.push(index);
  }
  settled = (): boolean => this.taken.length >= this.settledAt;
  refresh(): void {}
}

let sea: FakeSea;
let sink: ListSink;
let nowMs: number;
let desk: JobDesk<ListSink>;
let loading: () => Promise<Bundle>;

function planOf(parts: number): JobPlan {
  return {
    task: 'picture',
    summary: 'a plan',
    parts,
    endsEarly: false,
    inputs: () => Array.from({ length: parts }, (_, at) => new Uint8Array([at])),
    view,
  };
}

function resultOf(index: number, ...providers: number[]): MapResult {
  return { index, output: new Uint8Array(0), providers: providers.map(addressOf) };
}

async function* nothing(inputs: Iterable<Uint8Array>): AsyncIterable<MapResult> {
  for (const [index] of inputs) yield resultOf(index!);
}

beforeEach(() => {
  sea = new FakeSea();
  sink = new ListSink();
  nowMs = 1_000;
  loading = async () => ({}) as Bundle;
  desk = new JobDesk({ now: () => nowMs, makeSink: () => sink, loadBundle: () => loading() });
});

describe('a job', () => {
  it('gives each output to its sink and counts who computed it', async () => {
    sea.mapping = async function* (inputs) {
      for (const [index] of inputs) yield resultOf(index!, index === 0 ? 5 : 6, 7);
      nowMs = 3_000;
    };
    await desk.start(sea.asSea(), () => planOf(3), { redundancy: 2, local: false });
    const phase = desk.phase.value;
    if (phase.state !== 'done') throw new Error(phase.state);
    expect(sink.taken).toEqual([0, 1, 2]);
    expect(phase.run.figures.value).toMatchObject({ done: 3, parts: 3, elapsedMs: 2_000, perSecond: 1.5 });
    expect(phase.run.figures.value.tally).toEqual([
      { address: addressOf(7).toString(), parts: 3 },
      { address: addressOf(6).toString(), parts: 2 },
      { address: addressOf(5).toString(), parts: 1 },
    ]);
  });

  it('tells what was tried again and what of the program was sent', async () => {
    const told = {
      ...noProgress,
      failedAttempts: 2,
      speculative: 1,
      bundleBytes: 9_000,
      supplied: 3,
      sentBytes: 9_100,
    };
    sea.mapping = async function* (_inputs, { onProgress }) {
      onProgress?.({ ...told, done: 7, cost: 5n });
      yield resultOf(0, 5);
    };
    await desk.start(sea.asSea(), () => planOf(1), options);
    const { pulled: _, ...figures } = told;
    expect(desk.phase.value).toMatchObject({ run: { figures: { value: { ...figures, done: 1, cost: 5n } } } });
  });

  it('is mapped unordered with the options chosen', async () => {
    let seen: unknown;
    sea.mapping = (inputs, given) => {
      seen = { redundancy: given.redundancy, local: given.local, ordered: given.ordered };
      return nothing(inputs);
    };
    await desk.start(sea.asSea(), () => planOf(0), { redundancy: 3, local: false });
    expect(seen).toEqual({ redundancy: 3, local: false, ordered: false });
  });

  it('ends early when its sink is settled', async () => {
    let ended = false;
    sea.mapping = async function* () {
      try {
        for (let index = 0; ; index++) yield resultOf(index, 5);
      } finally {
        ended = true;
      }
    };
    sink.settledAt = 2;
    await desk.start(sea.asSea(), () => planOf(100), options);
    expect(desk.phase.value.state).toBe('done');
    expect(sink.taken).toEqual([0, 1]);
    expect(ended).toBe(true);
  });

  it('keeps what came when it is cancelled, at once', async () => {
    let signal: AbortSignal | undefined;
    sea.mapping = async function* (_inputs, given) {
      signal = given.signal;
      yield resultOf(0, 5);
      await new Promise((_resolve, reject) => {
        signal!.addEventListener('abort', () => reject(signal!.reason));
      });
    };
    const started = desk.start(sea.asSea(), () => planOf(2), options);
    while (sink.taken.length === 0) await Promise.resolve();
    desk.cancel();
    expect(desk.phase.value.state).toBe('cancelled');
    expect(signal?.aborted).toBe(true);
    await started;
    expect(desk.phase.value.state).toBe('cancelled');
  });

  it('takes the place of one that runs', async () => {
    sea.mapping = async function* (_inputs, { signal }) {
      yield resultOf(0, 5);
      await new Promise((_resolve, reject) => {
        signal!.addEventListener('abort', () => reject(signal!.reason));
      });
    };
    const first = desk.start(sea.asSea(), () => planOf(2), options);
    sea.mapping = async function* () {
      yield resultOf(0, 6);
    };
    await desk.start(sea.asSea(), () => ({ ...planOf(1), summary: 'the second' }), options);
    await first;
    expect(desk.phase.value).toMatchObject({ state: 'done', run: { plan: { summary: 'the second' } } });
  });
});

describe('an error', () => {
  it('of the sea ends the job with its code; what came stays', async () => {
    sea.mapping = async function* () {
      yield resultOf(0, 5);
      throw new SeaError('TASK_TRAPPED', 'unreachable');
    };
    await desk.start(sea.asSea(), () => planOf(2), options);
    expect(desk.phase.value).toMatchObject({ state: 'failed', complaint: { code: 'TASK_TRAPPED' } });
    expect(sink.taken).toEqual([0]);
  });

  it('of an output that does not fit is the provider’s, not the page’s', async () => {
    sea.mapping = async function* () {
      yield resultOf(13, 5);
    };
    await desk.start(sea.asSea(), () => planOf(20), options);
    expect(desk.phase.value).toMatchObject({ state: 'failed', complaint: { code: 'BAD_OUTPUT' } });
  });

  it('of the plan or the program keeps the job from starting', async () => {
    const refuse = (): JobPlan => {
      throw new PageError('BAD_NUMBER', 'That is no number.');
    };
    await desk.start(sea.asSea(), refuse, options);
    expect(desk.phase.value).toMatchObject({ state: 'failed', run: undefined, complaint: { code: 'BAD_NUMBER' } });
    loading = async () => {
      throw new PageError('TASK_NOT_LOADED', 'The server answered 404.');
    };
    await desk.start(sea.asSea(), () => planOf(1), options);
    expect(desk.phase.value).toMatchObject({ state: 'failed', complaint: { code: 'TASK_NOT_LOADED' } });
  });
});

describe('waiting', () => {
  it('is said only after a moment with too few peers and nothing in hand', async () => {
    const missing: number[] = [];
    sea.mapping = (inputs, { onProgress }) => {
      const look = (): void => {
        desk.refresh();
        const phase = desk.phase.value;
        if (phase.state === 'running') missing.push(peersMissing(phase.run));
      };
      onProgress?.(noProgress);
      look();
      nowMs += 2_000;
      look();
      onProgress?.({ ...noProgress, providers: 1, inFlight: 1 });
      look();
      onProgress?.({ ...noProgress, providers: 1 });
      look();
      onProgress?.({ ...noProgress, providers: 2 });
      look();
      return nothing(inputs);
    };
    await desk.start(sea.asSea(), () => planOf(1), { redundancy: 2, local: true });
    expect(missing).toEqual([0, 2, 0, 1, 0]);
  });
});
