/** What the task runner's browser tests do inside the page. */

import { browserTaskRunner, TASK_FRAME_SCRIPT_HASH } from '../../src/adapters/browser/browser-task-runner.ts';
import { TaskFrame } from '../../src/adapters/browser/task-frame.ts';
import { WorkerClock } from '../../src/adapters/browser/worker-clock.ts';
import { browserTaskProgram } from '../../src/adapters/worker/generated/task-worker-source.ts';
import { TaskPool } from '../../src/adapters/worker/task-pool.ts';
import type { Clock } from '../../src/base/clock.ts';
import { isSeaError } from '../../src/base/errors.ts';
import { type CaseOutcome, runCases } from '../../src/ports/acceptance/case.ts';
import { taskRunnerCases } from '../../src/ports/acceptance/task-runner.ts';
import { echoModule, endlessModule } from '../../src/ports/acceptance/tiny-modules.ts';
import type { TaskRunner } from '../../src/ports/task-runner.ts';

const clock = new WorkerClock();
/** Waits a tenth of what it is asked for: for deadlines that a test wants to see pass. */
const hurriedClock: Clock = {
  now: () => clock.now(),
  wallMs: () => clock.wallMs(),
  after: (delayMs, fn) => clock.after(delayMs / 10, fn),
};

function runEcho(runner: TaskRunner, first = 1): Promise<string> {
  return outcome(run(runner, echoModule(), new Uint8Array([first, 2, 3])));
}

function run(runner: TaskRunner, module: Uint8Array, input: Uint8Array): Promise<Uint8Array> {
  const limits = { timeoutMs: 60_000, outputBytesMax: 1_000 };
  return runner.run(`module of ${module.length} bytes`, module, input, limits, new AbortController().signal);
}

/** The bytes as text, or the error's message. */
function outcome(output: Promise<Uint8Array>): Promise<string> {
  return output.then(String, (error: unknown) => (isSeaError(error) ? error.message : `not a SeaError: ${error}`));
}

const probe = {
  frameScriptHash: TASK_FRAME_SCRIPT_HASH,

  acceptance(): Promise<CaseOutcome[]> {
    return runCases(taskRunnerCases(() => browserTaskRunner(clock)));
  },

  /** Whether a run works on this page, with little patience for a frame that does not answer. */
  async echo(): Promise<string> {
    const runner = browserTaskRunner(hurriedClock);
    runner.setSlots(1);
    const text = await runEcho(runner);
    runner.close();
    return text;
  },

  /** Marks of the frames in this page: before the first slot, with one, and after close. */
  async frames(): Promise<string[][]> {
    const seen = (): string[] => [...document.querySelectorAll('iframe')].map(describeFrame);
    const runner = browserTaskRunner(clock);
    const stages = [seen()];
    runner.setSlots(1);
    await runEcho(runner);
    stages.push(seen());
    runner.close();
    stages.push(seen());
    return stages;
  },

  /** Leaves a runner open that has run something. */
  async open(): Promise<void> {
    const runner = browserTaskRunner(clock);
    runner.setSlots(1);
    await runEcho(runner);
  },

  /** A run during which a script removes the frame, and the run after it. */
  async loseFrame(): Promise<string[]> {
    const runner = browserTaskRunner(clock);
    runner.setSlots(1);
    await runEcho(runner);
    const endless = outcome(run(runner, endlessModule(), new Uint8Array(1)));
    document.querySelector('iframe')?.remove();
    const texts = [await endless, await runEcho(runner)];
    runner.close();
    return texts;
  },

  /** Runs in workers that throw outside a task when the input begins with 66. */
  async crash(): Promise<string[]> {
    const runner = new TaskPool(new TaskFrame(`${tearsAt66}${browserTaskProgram}`, clock), clock);
    runner.setSlots(1);
    const texts = [await runEcho(runner), await runEcho(runner, 66), await runEcho(runner)];
    runner.close();
    return texts;
  },

  /** Runs the text of a worker program, in a task frame or in a worker of the page's own; resolves to what it posts. */
  async runProgram(program: string, where: 'frame' | 'page'): Promise<unknown> {
    const { endpoint } = where === 'frame' ? await new TaskFrame(program, clock).spawn(() => {}) : ownWorker(program);
    return new Promise(resolve => {
      endpoint.addEventListener('message', event => resolve(event.data));
      endpoint.start?.();
    });
  },

  /** Names heard on a BroadcastChannel so far. */
  heard: [] as string[],
};

const tearsAt66 = `addEventListener('message', ({ ports: [port] }) => port?.addEventListener('message', event => {
  if (event.data.path[0] !== 'run' || event.data.argumentList[1].value[0] !== 66) return;
  event.stopImmediatePropagation();
  throw new Error('torn');
}));`;

function ownWorker(program: string): { endpoint: MessagePort } {
  const { port1, port2 } = new MessageChannel();
  new Worker(URL.createObjectURL(new Blob([program]))).postMessage(undefined, [port2]);
  return { endpoint: port1 };
}

function describeFrame(frame: HTMLIFrameElement): string {
  const { width, height } = frame.getBoundingClientRect();
  const marks = [frame.getAttribute('sandbox'), frame.getAttribute('aria-hidden'), frame.inert, frame.tabIndex];
  return `${marks.join(' ')} ${width}x${height}`;
}

new BroadcastChannel('escape').onmessage = event => probe.heard.push(String(event.data));

export type Probe = typeof probe;

Object.assign(globalThis, { probe });
