/** What this device computes for others: the sea's own figures, and the rate of the last minute. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { ContributionStatus, Sea } from '../../src/index.ts';
import { Throughput } from '../throughput.ts';

/** A task that runs here for somebody. */
export interface RunningGroup {
  readonly taskName: string;
  readonly requester: string;
  /** At this moment; 0 between one part and the next. */
  readonly parts: number;
}

/** Parts may take less time than one needs to read: a task is shown so long after its last one, ms. */
export const LINGER_MS = 1_500;

/** The figures as the panel shows them. */
export interface ContributionFigures {
  readonly slots: number;
  readonly running: readonly RunningGroup[];
  readonly completed: number;
  readonly failed: number;
  readonly computeMs: number;
  readonly perMinute: number;
  /** Parts of each of the last 60 seconds, oldest first. */
  readonly series: readonly number[];
}

const nothing: ContributionStatus = { slots: 0, running: [], completed: 0, failed: 0, computeMs: 0 };

export class Contribution {
  readonly #throughput: Throughput = new Throughput();
  readonly #now: () => number;
  readonly #figures: Signal<ContributionFigures>;
  /** What ran last and until when it is shown, by requester and task. */
  readonly #lingering = new Map<string, { readonly group: RunningGroup; readonly untilMs: number }>();
  #status: ContributionStatus = nothing;

  /** `now`: a steady clock, ms. */
  constructor(now: () => number) {
    this.#now = now;
    this.#figures = signal(this.#measured());
  }

  get figures(): ReadonlySignal<ContributionFigures> {
    return this.#figures;
  }

  /** Follows a sea. Finished parts are counted at once, shown with the next `refresh`. */
  follow(sea: Sea): void {
    this.#take(sea.contribution());
    sea.on('contribution', status => this.#take(status));
  }

  /** Brings the figures up to now; called a few times a second by the page's beat. */
  refresh(): void {
    this.#figures.value = this.#measured();
  }

  #take(status: ContributionStatus): void {
    this.#throughput.add(Math.max(0, status.completed - this.#status.completed), this.#now());
    const stopped = status.slots !== this.#status.slots;
    this.#status = status;
    const untilMs = this.#now() + LINGER_MS;
    for (const group of groupRunning(status)) this.#lingering.set(keyOf(group), { group, untilMs });
    if (stopped && status.slots === 0) this.#lingering.clear();
    if (stopped) this.refresh(); // a stop is shown at once
  }

  /** What runs, and what ran a moment ago. */
  #running(nowMs: number): RunningGroup[] {
    const running = groupRunning(this.#status);
    const now = new Set(running.map(keyOf));
    for (const [key, { group, untilMs }] of this.#lingering) {
      if (untilMs <= nowMs) this.#lingering.delete(key);
      else if (!now.has(key)) running.push({ ...group, parts: 0 });
    }
    return running;
  }

  #measured(): ContributionFigures {
    const { slots, completed, failed, computeMs } = this.#status;
    const nowMs = this.#now();
    return {
      slots,
      completed,
      failed,
      computeMs,
      running: this.#running(nowMs),
      perMinute: this.#throughput.perMinute(nowMs),
      series: this.#throughput.series(nowMs),
    };
  }
}

function keyOf({ requester, taskName }: RunningGroup): string {
  return `${requester} ${taskName}`;
}

/** One row per requester and task, most parts first. */
export function groupRunning(status: ContributionStatus): RunningGroup[] {
  const groups = new Map<string, RunningGroup>();
  for (const part of status.running) {
    const requester = part.requester.toString();
    const key = `${requester} ${part.bundleId}`;
    const parts = (groups.get(key)?.parts ?? 0) + 1;
    groups.set(key, { taskName: part.taskName, requester, parts });
  }
  return [...groups.values()].sort((a, b) => b.parts - a.parts || a.requester.localeCompare(b.requester));
}
