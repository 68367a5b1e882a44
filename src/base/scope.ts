/** What must stop together: timers, undo functions and child scopes, closed in the reverse order of their making. */

import type { Cancel, Clock } from './clock.ts';
import { SeaError } from './errors.ts';

export class Scope {
  readonly #clock: Clock;
  readonly #undos = new Set<() => void>();
  readonly #controller = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get closed(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Fires when the scope closes; its reason is a SeaError of code CLOSED unless close() was given another. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Runs `fn` once after `delayMs`, unless the scope closes or the returned function is called first. */
  after(delayMs: number, fn: () => void): Cancel {
    if (this.closed) return () => {};
    const cancelTimer = this.#clock.after(delayMs, () => {
      this.#undos.delete(undo);
      fn();
    });
    const undo = (): void => {
      this.#undos.delete(undo);
      cancelTimer();
    };
    this.#undos.add(undo);
    return undo;
  }

  /** Runs `fn` every `periodMs`, first after `firstMs`. */
  every(periodMs: number, fn: () => void, firstMs: number = periodMs): Cancel {
    const run = (): void => {
      cancel = this.after(periodMs, run);
      fn();
    };
    let cancel = this.after(firstMs, run);
    return () => cancel();
  }

  /** Runs `undo` on close (at once when already closed). Returns a function that forgets it. */
  defer(undo: () => void): Cancel {
    if (this.closed) {
      undo();
      return () => {};
    }
    const entry = (): void => undo();
    this.#undos.add(entry);
    return () => {
      this.#undos.delete(entry);
    };
  }

  /** A child that closes with this scope and can close before it. */
  fork(): Scope {
    const child = new Scope(this.#clock);
    const forget = this.defer(() => child.close(this.signal.reason));
    child.defer(forget);
    return child;
  }

  /** Idempotent. Everything deferred runs once, newest first, even when one of them throws. */
  close(reason: unknown = new SeaError('CLOSED', 'the scope was closed')): void {
    if (this.closed) return;
    this.#controller.abort(reason);
    const failures: unknown[] = [];
    for (const undo of [...this.#undos].reverse()) {
      if (!this.#undos.delete(undo)) continue;
      try {
        undo();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
