/** How much room this browser has for shards, and whether it keeps them when the disk runs full. Asking changes nothing. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';

/** The part of `navigator.storage` that is needed; a browser may lack any of it. */
export type StorageEstate = Partial<Pick<StorageManager, 'estimate' | 'persist' | 'persisted'>>;

/** Sizes that can be lent, bytes, smallest first. */
const SIZES = [0, 1e8, 2.5e8, 5e8, 1e9, 2e9, 5e9, 1e10, 2e10, 5e10, 1e11] as const;
/** Where the browser tells nothing of its room. */
const UNTOLD_FREE_BYTES = 5e8;
const DEFAULT_BYTES = 1e9;

/** The sizes within half of the room; nothing at least. */
export function sizesWithin(freeBytes: number): readonly number[] {
  return SIZES.filter(size => size <= freeBytes / 2);
}

/** 1 GB where that is no more than a quarter of the room, else the largest size that is. */
export function defaultSize(freeBytes: number): number {
  return SIZES.findLast(size => size <= Math.min(DEFAULT_BYTES, freeBytes / 4)) ?? 0;
}

/** 'may go': the browser clears it when the disk runs full, and was not asked or declined. */
export type Keeping = 'may go' | 'kept' | 'declined';

export class BrowserRoom {
  readonly #estate: StorageEstate;
  readonly #freeBytes: Signal<number> = signal(UNTOLD_FREE_BYTES);
  readonly #keeping: Signal<Keeping> = signal<Keeping>('may go');

  constructor(estate: StorageEstate) {
    this.#estate = estate;
  }

  /** Bytes that this site could still take, as the browser tells. */
  get freeBytes(): ReadonlySignal<number> {
    return this.#freeBytes;
  }

  get keeping(): ReadonlySignal<Keeping> {
    return this.#keeping;
  }

  /** Asks the browser how much room there is; stores nothing. */
  async measure(): Promise<void> {
    try {
      const { quota, usage = 0 } = (await this.#estate.estimate?.()) ?? {};
      if (quota !== undefined) this.#freeBytes.value = Math.max(0, quota - usage);
      if (await this.#estate.persisted?.()) this.#keeping.value = 'kept';
    } catch {
      // what a browser does not tell is taken as little room that may go
    }
  }

  /** Asks the browser to keep what is stored here even when the disk runs full. Some ask the visitor. */
  async askToKeep(): Promise<void> {
    const isKept = await this.#estate.persist?.().catch(() => false);
    this.#keeping.value = isKept === true ? 'kept' : 'declined';
  }
}
