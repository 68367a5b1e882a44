/**
 * The clock of a page. Its timers ring in a worker of their own: browsers hold back the timers of a hidden page to one a
 * second and then one a minute, those of a worker they let run. Until that worker answers, and for good where a policy
 * forbids it (worker-src without blob:), the page's own timers ring.
 */

import type { Cancel, Clock } from '../../base/clock.ts';
import { TimerQueue } from './timer-queue.ts';

/** Longest delay that setTimeout takes; a longer wait is asked for again when this one rings. */
const TIMEOUT_MS_MAX = 0x7fff_ffff;

/** One alarm for each delay it is sent. */
const WORKER_SOURCE = 'onmessage = ({ data }) => setTimeout(postMessage, data, 0); postMessage(0);';

export class WorkerClock implements Clock {
  readonly #timers: TimerQueue;
  #alarm: { state: 'page' } | { state: 'worker'; worker: Worker } | { state: 'closed' } = { state: 'page' };
  #stopWorker: () => void;

  constructor() {
    this.#timers = new TimerQueue(
      () => performance.now(),
      delayMs => this.#arm(Math.min(delayMs, TIMEOUT_MS_MAX)),
    );
    this.#stopWorker = this.#startWorker();
  }

  /** What rings the timers now. */
  get source(): 'page' | 'worker' | 'closed' {
    return this.#alarm.state;
  }

  now(): number {
    return performance.now();
  }

  wallMs(): number {
    return Date.now();
  }

  after(delayMs: number, fn: () => void): Cancel {
    return this.#alarm.state === 'closed' ? () => {} : this.#timers.after(delayMs, fn);
  }

  /** Ends the worker; what was to run does not. Idempotent. */
  close(): void {
    this.#alarm = { state: 'closed' };
    this.#timers.clear();
    this.#stopWorker();
  }

  #arm(delayMs: number): void {
    if (this.#alarm.state === 'worker') this.#alarm.worker.postMessage(delayMs);
    else setTimeout(() => this.#timers.wake(), delayMs);
  }

  #startWorker(): () => void {
    const worker = makeWorker();
    if (worker === undefined) return () => {};
    worker.onmessage = () => {
      worker.onmessage = () => this.#timers.wake();
      this.#ringBy({ state: 'worker', worker });
    };
    worker.onerror = event => {
      event.preventDefault(); // a policy that forbids the worker is no fault of the page
      worker.terminate();
      this.#ringBy({ state: 'page' });
    };
    return () => worker.terminate();
  }

  #ringBy(alarm: { state: 'page' } | { state: 'worker'; worker: Worker }): void {
    if (this.#alarm.state === 'closed') return;
    this.#alarm = alarm;
    this.#timers.rearm();
  }
}

/** Undefined where there are no workers or a policy forbids this one at once; others report it by an error event. */
function makeWorker(): Worker | undefined {
  try {
    const url = URL.createObjectURL(new Blob([WORKER_SOURCE], { type: 'text/javascript' }));
    return new Worker(url, { name: 'peersea clock' }); // the URL, a few bytes, lives as long as the page
  } catch {
    return undefined; // the page's own timers do
  }
}
