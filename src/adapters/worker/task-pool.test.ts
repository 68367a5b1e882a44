import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expose } from 'comlink';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../base/clock.ts';
import { SeaError } from '../../base/errors.ts';
import type { RunReply } from './task-messages.ts';
import { TaskPool } from './task-pool.ts';
import type { SpawnedWorker, WorkerSpawner } from './worker-endpoint.ts';

const MODULE = new Uint8Array([1]);
const LIMITS = { timeoutMs: 1_000, outputBytesMax: 10 };

describe('workers', () => {
  it('are none without slots, and one to spare with a slot', async () => {
    const { pool, workers } = subject();
    expect(workers.length).toBe(0);
    pool.setSlots(2);
    expect(workers.length).toBe(1);
  });

  it('are one more than the runs, and never more than slots and a spare', async () => {
    const { pool, workers, living } = subject();
    pool.setSlots(2);
    const runs = [run(pool, 'endless'), run(pool, 'endless')];
    await started(workers[0]!, workers[1]!);
    expect([workers.length, living()]).toEqual([3, 3]);
    pool.setSlots(0);
    await Promise.allSettled(runs);
    expect([workers.length, living()]).toEqual([3, 0]);
  });

  it('are used again, by preference where the module is compiled', async () => {
    const { pool, workers } = subject();
    pool.setSlots(1);
    for (const id of ['a', 'b', 'a', 'b', 'a']) await run(pool, 'echo', id);
    expect(workers.map(({ log }) => log)).toEqual([
      ['prepare a', 'run a', 'prepare b', 'run b', 'run a', 'run b', 'run a'],
      [],
    ]);
  });

  it('compile a module again that they have forgotten, and only then', async () => {
    const { pool, workers } = subject();
    pool.setSlots(1);
    const ids = [...'abcdefghi']; // nine, where eight are kept
    for (const id of [...ids, 'i', 'b', 'a']) await run(pool, 'echo', id);
    expect(workers[0]?.log.slice(18)).toEqual(['run i', 'run b', 'prepare a', 'run a']);
  });

  it('keep the process alive only while they run', async () => {
    const { pool, workers } = subject();
    pool.setSlots(1);
    await started(workers[0]!);
    expect(workers[0]?.busy).toBe(false);
    const running = run(pool, 'echo');
    expect(workers[0]?.busy).toBe(true);
    await running;
    expect(workers.map(({ busy }) => busy)).toEqual([false, false]);
  });

  it('live on after a trap, and are replaced after a failure of the host', async () => {
    const { pool, workers, living } = subject();
    pool.setSlots(1);
    await expect(run(pool, 'trap')).rejects.toMatchObject({
      code: 'TASK_TRAPPED',
      message: 'TASK_TRAPPED: unreachable',
    });
    expect([workers.length, living()]).toEqual([2, 2]);
    await expect(run(pool, 'host')).rejects.toMatchObject({ code: 'HOST_FAILURE' });
    expect(living()).toBe(workers.length - 1);
    expect(await run(pool, 'echo')).toEqual(new Uint8Array([4]));
  });

  it('that answer nonsense or too much are not believed', async () => {
    const { pool, living, workers } = subject();
    pool.setSlots(1);
    await expect(run(pool, 'nonsense')).rejects.toMatchObject({ code: 'HOST_FAILURE' });
    await expect(run(pool, 'flood')).rejects.toMatchObject({ code: 'HOST_FAILURE' });
    expect(living()).toBe(workers.length - 2);
  });
});

describe('a run', () => {
  it('that does not end is ended at its deadline, not before, and the spare is there at once', async () => {
    const { pool, workers, clock } = subject();
    pool.setSlots(1);
    const endless = run(pool, 'endless');
    await started(workers[0]!);
    clock.pass(999);
    expect(workers[0]?.terminated).toBe(false);
    clock.pass(1);
    expect(workers[0]?.terminated).toBe(true);
    const next = run(pool, 'echo'); // in the same turn: the slot is free already
    await expect(endless).rejects.toMatchObject({ code: 'TASK_TIMEOUT' });
    expect(await next).toEqual(new Uint8Array([4]));
    expect(workers[1]?.log).toEqual(['prepare m', 'run m']);
  });

  it('that has ended leaves no timer and no listener behind', async () => {
    const { pool, clock, workers } = subject();
    const controller = new AbortController();
    pool.setSlots(1);
    await pool.run('m', MODULE, new Uint8Array([1]), LIMITS, controller.signal);
    await started(workers[1]!); // the spare's own timer
    expect(clock.waiting).toBe(0);
    controller.abort();
    expect(workers.map(({ terminated }) => terminated)).toEqual([false, false]);
  });

  it('that has ended keeps none of its memory', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const { pool } = subject();
    pool.setSlots(1);
    const outputs: WeakRef<Uint8Array>[] = [];
    for (let i = 0; i < 3; i++) outputs.push(new WeakRef(await run(pool, 'echo')));
    await settle();
    collect();
    expect(outputs.map(output => output.deref())).toEqual([undefined, undefined, undefined]);
  });

  it('whose worker crashes fails at once', async () => {
    const { pool, workers } = subject();
    pool.setSlots(1);
    const endless = run(pool, 'endless');
    await started(workers[0]!);
    workers[0]?.crash('torn');
    await expect(endless).rejects.toMatchObject({ code: 'HOST_FAILURE', message: 'HOST_FAILURE: a worker died: torn' });
    expect(await run(pool, 'echo')).toEqual(new Uint8Array([4]));
  });

  it('waits for a worker that starts, but not for ever', async () => {
    const { pool, workers, clock } = subject({ mute: 2 });
    pool.setSlots(1);
    const running = run(pool, 'echo');
    await clock.untilWaiting(2);
    clock.pass(14_999);
    expect(workers[0]?.terminated).toBe(false);
    clock.pass(1);
    await expect(running).rejects.toMatchObject({ code: 'HOST_FAILURE' });
    expect(workers[0]?.terminated).toBe(true);
    expect(await run(pool, 'echo')).toEqual(new Uint8Array([4]));
  });

  it('can be given up while its worker starts', async () => {
    const { pool, workers, clock } = subject({ mute: 1 });
    pool.setSlots(1);
    const controller = new AbortController();
    const running = pool.run('m', MODULE, new Uint8Array([1]), LIMITS, controller.signal);
    await clock.untilWaiting(1);
    expect(workers[0]?.busy).toBe(true);
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'ABORTED' });
    await expect.poll(() => workers[0]?.terminated).toBe(true);
  });
});

describe('where workers cannot start', () => {
  it('each run says why, and nothing spins', async () => {
    const refusal = new SeaError('UNSUPPORTED', 'forbidden here');
    const { pool, asked } = subject({ refusal });
    pool.setSlots(1);
    await settle();
    expect(asked()).toBe(1);
    for (const round of [1, 2, 3]) {
      await expect(run(pool, 'echo')).rejects.toBe(refusal);
      await settle();
      expect(asked()).toBeLessThanOrEqual(1 + 3 * round);
    }
  });

  it('a spare that dies is not replaced until it is needed', async () => {
    const { pool, workers } = subject();
    pool.setSlots(1);
    await started(workers[0]!);
    workers[0]?.crash('torn');
    await settle();
    expect(workers.length).toBe(1);
    expect(await run(pool, 'echo')).toEqual(new Uint8Array([4]));
  });
});

it('closing while a worker starts ends it as soon as it is there', async () => {
  const { pool, workers, spawner } = subject();
  pool.setSlots(1);
  pool.close();
  await expect.poll(() => workers[0]?.terminated).toBe(true);
  expect(spawner.closed).toBe(1);
  pool.close();
  pool.setSlots(3);
  expect([spawner.closed, pool.slots, workers.length]).toEqual([1, 0, 1]);
});

it.each([-1, 0.5, Number.NaN, 257, Number.POSITIVE_INFINITY])('%s slots are BAD_ARGUMENT', slots => {
  const { pool } = subject();
  expect(() => pool.setSlots(slots)).toThrow('BAD_ARGUMENT');
  expect(pool.slots).toBe(0);
});

/** Deeds of the scripted workers, by the first byte of the input. */
const deeds = ['echo', 'trap', 'host', 'endless', 'nonsense', 'flood'] as const;

type Deed = (typeof deeds)[number];

function run(pool: TaskPool, deed: Deed, moduleId = 'm'): Promise<Uint8Array> {
  const input = deed === 'echo' ? new Uint8Array([4]) : new Uint8Array([deeds.indexOf(deed), 0]);
  return pool.run(moduleId, MODULE, input, LIMITS, new AbortController().signal);
}

interface Trouble {
  /** How many workers never answer, counted from the first. */
  readonly mute?: number;
  /** What every spawn is answered with. */
  readonly refusal?: SeaError;
}

function subject({ mute = 0, refusal }: Trouble = {}) {
  const clock = new ManualClock();
  const workers: ScriptedWorker[] = [];
  let asked = 0;
  const spawner = {
    closed: 0,
    async spawn(onCrash: (detail: string) => void): Promise<SpawnedWorker> {
      asked++;
      if (refusal !== undefined) throw refusal;
      const worker = new ScriptedWorker(onCrash, workers.length < mute);
      workers.push(worker);
      return worker;
    },
    close(): void {
      this.closed++;
    },
  } satisfies WorkerSpawner & { closed: number };
  const pool = new TaskPool(spawner, clock);
  const living = (): number => workers.filter(({ terminated }) => !terminated).length;
  return { pool, workers, clock, spawner, living, asked: () => asked };
}

/** A worker in this very thread, whose program does what the input says. */
class ScriptedWorker implements SpawnedWorker {
  readonly endpoint: MessagePort;
  readonly log: string[] = [];
  readonly crash: (detail: string) => void;
  terminated = false;
  busy = false;
  greeted = false;
  readonly #far: MessagePort;

  constructor(onCrash: (detail: string) => void, isMute: boolean) {
    const { port1, port2 } = new MessageChannel();
    this.endpoint = port1;
    this.#far = port2;
    this.crash = onCrash;
    if (!isMute) expose(this.#program(), port2);
  }

  setBusy(busy: boolean): void {
    this.busy = busy;
  }

  terminate(): void {
    this.terminated = true;
    this.#far.close();
    this.endpoint.close();
  }

  #program(): object {
    return {
      ready: () => {
        this.greeted = true;
        return true;
      },
      prepare: (id: string) => {
        this.log.push(`prepare ${id}`);
        return { outcome: 'ok' };
      },
      run: (id: string, input: Uint8Array<ArrayBuffer>) => {
        this.log.push(`run ${id}`);
        return reply(input);
      },
    };
  }
}

function reply(input: Uint8Array<ArrayBuffer>): RunReply | Promise<never> | string {
  const deed = input.length === 1 ? 'echo' : deeds[input[0]!];
  switch (deed) {
    case 'trap':
      return { outcome: 'failed', code: 'TASK_TRAPPED', detail: 'unreachable' };
    case 'host':
      return { outcome: 'failed', code: 'HOST_FAILURE', detail: 'out-of-memory: no' };
    case 'endless':
      return new Promise<never>(() => {});
    case 'nonsense':
      return 'nonsense';
    case 'flood':
      return { outcome: 'ok', output: new Uint8Array(LIMITS.outputBytesMax + 1) };
    default:
      return { outcome: 'ok', output: input };
  }
}

/** Resolves when these workers have answered and what follows from it has happened. */
async function started(...workers: readonly ScriptedWorker[]): Promise<void> {
  await expect.poll(() => workers.every(({ greeted }) => greeted), { interval: 5 }).toBe(true);
  await settle();
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setTimeout(resolve, 2));
}

/** Time that stands still until it is told to pass. */
class ManualClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ readonly at: number; readonly fn: () => void }>();

  now(): number {
    return this.#now;
  }

  wallMs(): number {
    return this.#now;
  }

  get waiting(): number {
    return this.#timers.size;
  }

  after(delayMs: number, fn: () => void): () => void {
    const timer = { at: this.#now + delayMs, fn };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  pass(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.#timers]) {
      if (timer.at > this.#now) continue;
      this.#timers.delete(timer);
      timer.fn();
    }
  }

  async untilWaiting(timers: number): Promise<void> {
    await expect.poll(() => this.#timers.size, { interval: 5 }).toBe(timers);
  }
}
