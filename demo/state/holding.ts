/** What this device keeps for others. It changes with every shard, so it is shown with the page's beat. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { HolderStatus, Sea } from '../../src/index.ts';

const nothing: HolderStatus = { quotaBytes: 0, usedBytes: 0, shards: 0, endsAtMs: undefined, servedBytes: 0 };

export class Holding {
  readonly #status: Signal<HolderStatus> = signal(nothing);
  #sea: Sea | undefined;
  #isStale = false;

  get status(): ReadonlySignal<HolderStatus> {
    return this.#status;
  }

  follow(sea: Sea): void {
    this.#sea = sea;
    sea.on('holding', () => {
      this.#isStale = true;
    });
    this.#status.value = sea.storage.status();
  }

  /** Called a few times a second by the page's beat. What was given out changes without a word, so it is read now and then. */
  refresh(): void {
    if (!this.#isStale && this.#sea?.storage.status().servedBytes === this.#status.value.servedBytes) return;
    this.#isStale = false;
    if (this.#sea !== undefined) this.#status.value = this.#sea.storage.status();
  }
}
