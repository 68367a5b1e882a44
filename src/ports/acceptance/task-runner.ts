/** What every task runner must do, whatever its workers are made of. */

import { type ErrorCode, isSeaError } from '../../base/errors.ts';
import type { TaskRunner } from '../task-runner.ts';
import { type AcceptanceCase, expectCode, expectSame } from './case.ts';
import {
  counterModule,
  echoModule,
  endlessModule,
  hugeMemoryModule,
  importingModule,
  narrowRunModule,
  noRunModule,
  recursiveModule,
  strayAllocModule,
  strayDataModule,
  strayOutputModule,
  trappingModules,
  wideAllocModule,
  zerosModule,
} from './tiny-modules.ts';

/** Long enough for any run that ends by itself on a busy machine. */
const PATIENT_MS = 30_000;
const PATIENT = { timeoutMs: PATIENT_MS, outputBytesMax: 16_777_216 };
const BRIEF = { timeoutMs: 200, outputBytesMax: 64 };

interface RunOptions {
  readonly limits?: { readonly timeoutMs: number; readonly outputBytesMax: number };
  readonly signal?: AbortSignal;
  readonly id?: string;
}

/** `make` gives a runner without slots; each case closes its own. */
export function taskRunnerCases(make: () => TaskRunner): AcceptanceCase[] {
  const suites = [outputCases(), instanceCases(), failureCases(), refusalCases(), endingCases(), slotCases()];
  return suites.flat().map(({ name, slots = 1, check }) => ({
    name,
    async run() {
      const runner = make();
      try {
        runner.setSlots(slots);
        await check(runner);
      } finally {
        runner.close();
      }
    },
  }));
}

interface RunnerCase {
  readonly name: string;
  readonly slots?: number;
  readonly check: (runner: TaskRunner) => Promise<void>;
}

function outputCases(): RunnerCase[] {
  return [
    {
      name: 'gives the output of the task in memory of its own',
      async check(runner) {
        const output = await run(runner, echoModule(), pattern(65_536));
        expectSame(output, pattern(65_536), 'output');
        expectSame([output.byteOffset, output.buffer.byteLength], [0, 65_536], 'its buffer');
      },
    },
    {
      name: 'carries a megabyte there and back, and nothing there and back',
      async check(runner) {
        expectSame(await run(runner, echoModule(), pattern(1_048_576)), pattern(1_048_576), 'a megabyte');
        expectSame(await run(runner, echoModule(), new Uint8Array(0)), new Uint8Array(0), 'nothing');
      },
    },
    {
      name: 'takes an input that is a view, and leaves the rest of its buffer alone',
      async check(runner) {
        const whole = pattern(1_000);
        expectSame(await run(runner, echoModule(), whole.subarray(10, 20)), pattern(1_000).slice(10, 20), 'output');
        expectSame(whole, pattern(1_000), 'the buffer behind the view');
      },
    },
    {
      name: 'leaves the module as it is, also when it is a view',
      async check(runner) {
        const module = echoModule();
        const padded = new Uint8Array(module.length + 8);
        padded.set(module, 4);
        expectSame(await run(runner, padded.subarray(4, 4 + module.length), pattern(3)), pattern(3), 'output');
        expectSame(padded.subarray(4, 4 + module.length), echoModule(), 'module');
      },
    },
    {
      name: 'takes an output of exactly the limit, and none above it',
      async check(runner) {
        const limits = { timeoutMs: PATIENT_MS, outputBytesMax: 1_000 };
        expectSame((await run(runner, zerosModule(1_000), pattern(1), { limits })).length, 1_000, 'length');
        await expectCode(
          run(runner, zerosModule(1_001), pattern(1), { limits, id: 'one more' }),
          'OUTPUT_TOO_LARGE',
          'one byte more',
        );
      },
    },
  ];
}

function instanceCases(): RunnerCase[] {
  return [
    {
      name: 'gives each run a fresh instance',
      async check(runner) {
        for (const round of [1, 2, 3]) {
          expectSame(await run(runner, counterModule(), pattern(1)), new Uint8Array([1]), `count in run ${round}`);
        }
      },
    },
    {
      name: 'tells modules apart by their ids, and runs more of them in turn than a worker keeps',
      async check(runner) {
        for (const round of [1, 2]) {
          for (let length = 0; length < 20; length++) {
            const output = await run(runner, zerosModule(length), pattern(1), { id: `zeros ${length}` });
            expectSame(output.length, length, `length in round ${round}`);
          }
        }
      },
    },
    {
      name: 'runs as many tasks at once as it has slots',
      slots: 3,
      async check(runner) {
        const inputs = [pattern(10), pattern(20_000), pattern(300)];
        const outputs = await Promise.all(inputs.map(input => run(runner, echoModule(), input.slice())));
        expectSame(outputs, inputs, 'outputs');
      },
    },
  ];
}

function failureCases(): RunnerCase[] {
  const traps: RunnerCase[] = trappingModules().map(({ kind, title, module }) => ({
    name: `${title} is TASK_TRAPPED, ${kind}`,
    check: runner => expectTrap(runner, module, kind),
  }));
  return [
    ...traps,
    {
      name: 'a data segment outside the memory is TASK_TRAPPED, out-of-bounds',
      check: runner => expectTrap(runner, strayDataModule(), 'out-of-bounds'),
    },
    {
      name: 'a place for the input outside the memory is TASK_TRAPPED, stray-alloc',
      check: runner => expectTrap(runner, strayAllocModule(), 'stray-alloc'),
    },
    {
      name: 'an output outside the memory is TASK_TRAPPED, stray-output',
      check: runner => expectTrap(runner, strayOutputModule(), 'stray-output'),
    },
    {
      name: 'recursion without end is HOST_FAILURE: how deep a stack goes is no fault of the task',
      async check(runner) {
        await expectCode(run(runner, recursiveModule(), pattern(1)), 'HOST_FAILURE', 'recursion');
        await expectWorks(runner);
      },
    },
  ];
}

function refusalCases(): RunnerCase[] {
  return [
    {
      name: 'bytes that are no module are NOT_WASM',
      async check(runner) {
        await expectCode(run(runner, pattern(100), pattern(1)), 'NOT_WASM', 'a pattern');
        await expectCode(run(runner, new Uint8Array(0), pattern(1), { id: 'none' }), 'NOT_WASM', 'no bytes');
        await expectCode(run(runner, echoModule().slice(0, -3), pattern(1), { id: 'cut' }), 'NOT_WASM', 'a cut module');
        await expectWorks(runner);
      },
    },
    {
      name: 'a module without the ABI is NO_ABI',
      async check(runner) {
        await expectCode(run(runner, noRunModule(), pattern(1)), 'NO_ABI', 'no run');
        await expectCode(run(runner, wideAllocModule(), pattern(1)), 'NO_ABI', 'alloc takes an i64');
        await expectCode(run(runner, narrowRunModule(), pattern(1)), 'NO_ABI', 'run returns an i32');
        await expectCode(run(runner, importingModule(), pattern(1)), 'NO_ABI', 'an import');
        await expectWorks(runner);
      },
    },
    {
      name: 'a module that wants 4 GiB is refused, by the engine or by the limit',
      async check(runner) {
        const code = await codeOf(run(runner, hugeMemoryModule(), pattern(1)));
        expectSame(code === 'HOST_FAILURE' || code === 'MEMORY_LIMIT', true, `refused, got ${code}`);
        await expectWorks(runner);
      },
    },
  ];
}

function endingCases(): RunnerCase[] {
  return [
    {
      name: 'a task that never ends is TASK_TIMEOUT, and the next one runs, three times over',
      async check(runner) {
        for (const round of ['first', 'second', 'third']) {
          await expectCode(run(runner, endlessModule(), pattern(1), { limits: BRIEF }), 'TASK_TIMEOUT', round);
          await expectWorks(runner);
        }
      },
    },
    {
      name: 'an aborted run is ABORTED, and its slot is free at that moment',
      async check(runner) {
        const controller = new AbortController();
        const endless = run(runner, endlessModule(), pattern(1), { signal: controller.signal });
        await expectWorksNot(runner);
        controller.abort();
        const next = run(runner, echoModule(), pattern(5), { id: 'echo' });
        await expectCode(endless, 'ABORTED', 'the endless run');
        expectSame(await next, pattern(5), 'the next run');
      },
    },
    {
      name: 'a signal that has fired starts nothing',
      async check(runner) {
        const controller = new AbortController();
        controller.abort();
        const input = pattern(5);
        await expectCode(run(runner, echoModule(), input, { signal: controller.signal }), 'ABORTED', 'run');
        expectSame(input, pattern(5), 'input');
      },
    },
    {
      name: 'close() ends runs and lets none begin; twice is once',
      async check(runner) {
        const endless = run(runner, endlessModule(), pattern(1));
        runner.close();
        runner.close();
        await expectCode(endless, 'CLOSED', 'the endless run');
        await expectCode(run(runner, echoModule(), pattern(1)), 'CLOSED', 'a run after close');
        expectSame(runner.slots, 0, 'slots');
      },
    },
  ];
}

function slotCases(): RunnerCase[] {
  return [
    {
      name: 'without a free slot a run is NO_SLOT and keeps its input',
      slots: 2,
      async check(runner) {
        const endless = [0, 1].map(() => run(runner, endlessModule(), pattern(1)));
        const input = pattern(5);
        await expectCode(run(runner, echoModule(), input), 'NO_SLOT', 'a third run');
        expectSame(input, pattern(5), 'input');
        runner.setSlots(3);
        expectSame(await run(runner, echoModule(), input, { id: 'echo' }), pattern(5), 'with one slot more');
        runner.setSlots(0);
        for (const one of endless) await expectCode(one, 'ABORTED', 'an endless run');
      },
    },
    {
      name: 'setSlots(0) ends all runs and pauses; more slots go on',
      slots: 2,
      async check(runner) {
        const endless = [0, 1].map(() => run(runner, endlessModule(), pattern(1)));
        runner.setSlots(0);
        expectSame(runner.slots, 0, 'slots');
        for (const one of endless) await expectCode(one, 'ABORTED', 'an endless run');
        await expectCode(run(runner, echoModule(), pattern(1)), 'NO_SLOT', 'a run without slots');
        runner.setSlots(1);
        await expectWorks(runner);
      },
    },
    {
      name: 'fewer slots end the newest runs only',
      slots: 3,
      async check(runner) {
        const settled: string[] = [];
        const endless = ['first', 'second', 'third'].map(name =>
          codeOf(run(runner, endlessModule(), pattern(1))).then(code => settled.push(`${name} ${code}`)),
        );
        runner.setSlots(1);
        await Promise.all(endless.slice(1));
        expectSame(settled, ['second ABORTED', 'third ABORTED'], 'ended');
        runner.setSlots(0);
        await endless[0];
        expectSame(settled[2], 'first ABORTED', 'ended by pausing');
      },
    },
    {
      name: 'a run that fails does not touch the one beside it',
      slots: 2,
      async check(runner) {
        const endless = codeOf(run(runner, endlessModule(), pattern(1), { limits: { ...BRIEF, timeoutMs: 1_500 } }));
        await expectTrap(runner, trappingModules()[0]!.module, 'unreachable');
        await expectCode(run(runner, recursiveModule(), pattern(1), { id: 'deep' }), 'HOST_FAILURE', 'recursion');
        expectSame(await endless, 'TASK_TIMEOUT', 'the run beside them');
      },
    },
  ];
}

let modulesRun = 0;

/** A run with patience, under a module id of its own unless one is named. */
function run(runner: TaskRunner, module: Uint8Array, input: Uint8Array, options: RunOptions = {}): Promise<Uint8Array> {
  const { limits = PATIENT, signal = new AbortController().signal, id = `module ${++modulesRun}` } = options;
  const output = runner.run(id, module, input, limits, signal);
  output.catch(() => {}); // a case may look at a failure later than it happens
  return output;
}

async function expectWorks(runner: TaskRunner): Promise<void> {
  expectSame(await run(runner, echoModule(), pattern(5), { id: 'echo' }), pattern(5), 'the next run');
}

async function expectWorksNot(runner: TaskRunner): Promise<void> {
  await expectCode(run(runner, echoModule(), pattern(5), { id: 'echo' }), 'NO_SLOT', 'a run beside it');
}

/** The trap's kind is the whole text after the code. */
async function expectTrap(runner: TaskRunner, module: Uint8Array, kind: string): Promise<void> {
  const error = await run(runner, module, pattern(1)).catch((reason: unknown) => reason);
  expectSame(error instanceof Error ? error.message : error, `TASK_TRAPPED: ${kind}`, 'error');
  await expectWorks(runner);
}

async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | 'none'> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return isSeaError(error) ? error.code : 'none';
}

/** Bytes that differ from their neighbours. */
function pattern(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
}
