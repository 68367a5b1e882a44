/** What this device computes for others: the sea's own figures, and the rate of the last minute. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { ContributionStatus, Sea } from '../../src/index.ts';
import { Throughput } from '../throughput.ts';

/** Parts of one requester and task that run now. */
export interface RunningGroup {
  readonly taskName: string;
  readonly requester: string;
  readonly parts: number;
}

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
    if (stopped) this.refresh(); // a stop is shown at once
  }

  #measured(): ContributionFigures {
    const { slots, completed, failed, computeMs } = this.#status;
    const nowMs = this.#now();
    return {
      slots,
      completed,
      failed,
      computeMs,
      running: groupRunning(this.#status),
      perMinute: this.#throughput.perMinute(nowMs),
      series: this.#throughput.series(nowMs),
    };
  }
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
