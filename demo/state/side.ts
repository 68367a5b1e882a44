/** The panels beside every section, and which of them are unfolded where they stand below it, on a small screen. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';

export const sideNames = ['Contribute', 'Sea'] as const;

export type SideName = (typeof sideNames)[number];

export class Side {
  readonly #open: Signal<ReadonlySet<SideName>> = signal<ReadonlySet<SideName>>(new Set());

  get open(): ReadonlySignal<ReadonlySet<SideName>> {
    return this.#open;
  }

  unfold(name: SideName): void {
    this.#open.value = new Set([...this.#open.value, name]);
  }

  toggle(name: SideName): void {
    if (!this.#open.value.has(name)) return this.unfold(name);
    this.#open.value = new Set([...this.#open.value].filter(each => each !== name));
  }
}
