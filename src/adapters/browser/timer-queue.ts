/**
 * Many timers on one alarm. The queue asks for a wake-up at the time of its earliest entry and for no other, so that a
 * timer which is set and cancelled (a call that is answered in time) costs no message to whoever rings.
 */

import type { Cancel } from '../../base/clock.ts';

interface Entry {
  readonly dueMs: number;
  /** Order of asking: decides between equal times. */
  readonly number: number;
  /** Undefined once run or cancelled. */
  fn: (() => void) | undefined;
}

/** Cancelled entries are swept out when there are more than so many and more than live ones. */
const DEAD_KEPT_MAX = 64;

export class TimerQueue {
  readonly #now: () => number;
  readonly #arm: (delayMs: number) => void;
  #heap: Entry[] = []; // binary heap, earliest first
  #dead = 0;
  #asked = 0;
  #alarmsMs: number[] = []; // when the alarms that were asked for will ring: only ever earlier ones are added, so the last rings first

  /** `arm` asks for one call of `wake` after a delay, beside those asked for before. Further calls of `wake` do no harm. */
  constructor(now: () => number, arm: (delayMs: number) => void) {
    this.#now = now;
    this.#arm = arm;
  }

  /** Runs `fn` once, in a later `wake`, `delayMs` from now or a little later. */
  after(delayMs: number, fn: () => void): Cancel {
    const entry: Entry = { dueMs: this.#now() + Math.max(0, delayMs), number: this.#asked++, fn };
    this.#push(entry);
    this.#askForAlarm();
    return () => {
      if (entry.fn === undefined) return;
      entry.fn = undefined;
      this.#dead++;
      if (this.#dead > DEAD_KEPT_MAX && this.#dead * 2 > this.#heap.length) this.#sweep();
    };
  }

  /** Runs what is due. An exception of one call is reported as uncaught and does not keep the others from running. */
  wake(): void {
    this.#alarmsMs.pop();
    const now = this.#now();
    const before = this.#asked; // what these calls ask for waits for the next wake-up
    for (let entry = this.#heap[0]; entry !== undefined && entry.dueMs <= now; entry = this.#heap[0]) {
      if (entry.number >= before) break;
      this.#pop();
      this.#run(entry);
    }
    this.#askForAlarm();
  }

  /** Asks again for the wake-up: whoever was asked before will not ring. */
  rearm(): void {
    this.#alarmsMs = [];
    this.#askForAlarm();
  }

  /** Forgets every call. */
  clear(): void {
    for (const entry of this.#heap) entry.fn = undefined;
    this.#heap = [];
    this.#dead = 0;
  }

  #run(entry: Entry): void {
    const { fn } = entry;
    if (fn === undefined) {
      this.#dead--;
      return;
    }
    entry.fn = undefined;
    try {
      fn();
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  #askForAlarm(): void {
    const next = this.#heap[0];
    if (next === undefined || next.dueMs >= (this.#alarmsMs.at(-1) ?? Number.POSITIVE_INFINITY)) return;
    this.#alarmsMs.push(next.dueMs);
    this.#arm(Math.max(0, Math.ceil(next.dueMs - this.#now())));
  }

  #sweep(): void {
    this.#heap = this.#heap.filter(entry => entry.fn !== undefined).sort((a, b) => (isEarlier(a, b) ? -1 : 1)); // sorted is a heap
    this.#dead = 0;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isEarlier(entry, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isEarlier(heap[child + 1]!, heap[child]!)) child++;
      if (!isEarlier(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function isEarlier(a: Entry, b: Entry): boolean {
  return a.dueMs === b.dueMs ? a.number < b.number : a.dueMs < b.dueMs;
}
