/** One timer that is set anew only when it must ring earlier: events move it for free. */

import type { Cancel, Clock } from '../base/clock.ts';
import type { Scope } from '../base/scope.ts';

export class WakeUp {
  readonly #clock: Clock;
  readonly #scope: Scope;
  readonly #ring: () => void;
  #set: { readonly dueMs: number; readonly cancel: Cancel } | undefined;

  constructor(clock: Clock, scope: Scope, ring: () => void) {
    this.#clock = clock;
    this.#scope = scope;
    this.#ring = ring;
  }

  /** Rings at `dueMs` of the clock or before: whoever is rung looks again at what is due and sets it anew. */
  by(dueMs: number): void {
    if (this.#set !== undefined && this.#set.dueMs <= dueMs) return;
    this.cancel();
    const cancel = this.#scope.after(Math.max(dueMs - this.#clock.now(), 1), () => {
      this.#set = undefined;
      this.#ring();
    });
    this.#set = { dueMs, cancel };
  }

  cancel(): void {
    this.#set?.cancel();
    this.#set = undefined;
  }
}
