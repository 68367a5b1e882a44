import { expect, it } from 'vitest';
import { type Deferred, deferred } from '../../base/deferred.ts';
import type { TaskRunner } from '../../ports/task-runner.ts';
import { LateTaskRunner } from './late-task-runner.ts';

const limits = { timeoutMs: 1_000, outputBytesMax: 1_000 };

/** Gives every input back, and notes what it is told. */
class EchoRunner implements TaskRunner {
  readonly told: string[] = [];
  slots = 0;

  setSlots(slots: number): void {
    this.slots = slots;
    this.told.push(`slots ${slots}`);
  }

  async run(_id: string, _module: Uint8Array, input: Uint8Array): Promise<Uint8Array> {
    return input;
  }

  close(): void {
    this.told.push('close');
  }
}

function lateRunner(): {
  late: LateTaskRunner;
  loads: Deferred<TaskRunner>[];
  run: (signal?: AbortSignal) => Promise<string>;
} {
  const loads: Deferred<TaskRunner>[] = [];
  const late = new LateTaskRunner(() => {
    const load = deferred<TaskRunner>();
    loads.push(load);
    return load.promise;
  });
  const run = (signal: AbortSignal = new AbortController().signal): Promise<string> =>
    late.run('m', new Uint8Array(1), Uint8Array.of(7), limits, signal).then(String, error => error.code);
  return { late, loads, run };
}

it('loads with the first slot, and passes everything on from then', async () => {
  const { late, loads, run } = lateRunner();
  late.setSlots(0);
  expect([loads.length, await run()]).toEqual([0, 'NO_SLOT']);
  late.setSlots(2);
  const runs = [run(), run(), run()];
  expect([loads.length, late.slots]).toEqual([1, 2]);
  const runner = new EchoRunner();
  loads[0]!.resolve(runner);
  expect(await Promise.all(runs)).toEqual(['7', '7', 'NO_SLOT']);
  late.setSlots(1);
  late.close();
  expect([runner.told, late.slots, loads.length]).toEqual([['slots 2', 'slots 1', 'close'], 0, 1]);
});

it('ends runs that wait for it as it would end those that go on', async () => {
  const { late, loads, run } = lateRunner();
  late.setSlots(3);
  const abort = new AbortController();
  const [oldest, middle, newest] = [run(), run(abort.signal), run()];
  late.setSlots(2);
  expect(await newest).toBe('ABORTED');
  abort.abort();
  const next = run(); // the slot is free at that moment
  expect(await middle).toBe('ABORTED');
  late.close();
  expect([await oldest, await next, await run()]).toEqual(['CLOSED', 'CLOSED', 'CLOSED']);
  const runner = new EchoRunner();
  loads[0]!.resolve(runner);
  await loads[0]!.promise;
  await Promise.resolve();
  await Promise.resolve();
  expect(runner.told).toEqual(['close']);
});

it('fails with HOST_FAILURE where it cannot be had, and the next run tries again', async () => {
  const { late, loads, run } = lateRunner();
  late.setSlots(1);
  const first = run();
  loads[0]!.reject(new TypeError('Failed to fetch dynamically imported module'));
  expect(await first).toBe('HOST_FAILURE');
  const second = run();
  loads[1]!.resolve(new EchoRunner());
  expect(await second).toBe('7');
});
