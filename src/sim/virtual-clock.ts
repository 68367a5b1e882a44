/** Time that passes only when it is told to: a queue of events in order of time, then of scheduling. */

import type { Cancel, Clock } from '../base/clock.ts';

interface Event {
  readonly atMs: number;
  readonly order: number;
  run: (() => void) | undefined;
}

/** Unix time at the start of every run: a fixed moment, so that signed timestamps replay. */
const EPOCH_WALL_MS = 1_700_000_000_000;

export class VirtualClock implements Clock {
  readonly #heap: Event[] = [];
  #nowMs = 0;
  #order = 0;
  #waiting = 0;

  now(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return EPOCH_WALL_MS + Math.floor(this.#nowMs); // whole, as every platform's is
  }

  after(delayMs: number, fn: () => void): Cancel {
    const event: Event = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, run: fn };
    this.#push(event);
    this.#waiting++;
    return () => {
      if (event.run !== undefined) this.#waiting--;
      event.run = undefined;
    };
  }

  /** Events that will run. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Moves to the next event and runs it. False when there is none before `untilMs` (time then stands at `untilMs`). */
  step(untilMs: number): boolean {
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.atMs > untilMs) {
        this.#nowMs = untilMs;
        return false;
      }
      this.#pop();
      if (next.run === undefined) continue;
      this.#nowMs = next.atMs;
      this.#waiting--;
      const { run } = next;
      next.run = undefined;
      run();
      return true;
    }
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(event, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function before(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
