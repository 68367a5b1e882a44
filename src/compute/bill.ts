/** What one map owes and to whom: names its parts for the purser, and tells it how each attempt ended. */

import type { ContentId } from '../address/content-id.ts';
import type { HashAddress } from '../address/hash-address.ts';
import type { Random } from '../base/random.ts';
import { SUBTASK_BYTES } from './limits.ts';
import type { Part } from './part-table.ts';
import type { Purser, Subtask } from './payment.ts';

const MAP_BYTES = 8;

export interface BillOptions {
  readonly random: Random;
  readonly bundle: ContentId;
  readonly purser: Purser;
  /** What this node computes for itself costs nothing. */
  readonly self: HashAddress;
}

export class Bill {
  readonly #options: BillOptions;
  readonly #map: Uint8Array;

  constructor(options: BillOptions) {
    this.#options = options;
    this.#map = options.random.bytes(MAP_BYTES);
  }

  get cost(): bigint {
    return this.#options.purser.cost;
  }

  get spent(): boolean {
    return this.#options.purser.spent;
  }

  hasTerms(provider: HashAddress): boolean {
    return this.#isSelf(provider) || this.#options.purser.hasTerms(provider);
  }

  mayStart(provider: HashAddress): boolean {
    return this.#isSelf(provider) || this.#options.purser.mayStart(provider);
  }

  /** A provider is given a part. Returns the part's name in both sides' books. */
  started(part: Part, provider: HashAddress): Uint8Array {
    const subtask = this.#subtask(part);
    if (!this.#isSelf(provider)) this.#options.purser.started(provider, subtask);
    return subtask.id;
  }

  /** Its attempt came to nothing. */
  ended(part: Part, provider: HashAddress): void {
    if (!this.#isSelf(provider)) this.#options.purser.ended(provider, this.#subtask(part));
  }

  /** A part is decided: who gave the accepted output is paid (this node with nothing), who gave another is not. */
  decided(part: Part, output: Uint8Array | undefined, agreed: readonly HashAddress[]): void {
    const subtask = this.#subtask(part);
    for (const { provider } of part.votes) {
      const pays = output !== undefined && agreed.some(address => address.equals(provider));
      if (pays) this.#options.purser.accepted(provider, subtask, part.input, output);
      else if (!this.#isSelf(provider)) this.#options.purser.refused(provider, subtask);
    }
  }

  close(): void {
    void this.#options.purser.close();
  }

  #isSelf(provider: HashAddress): boolean {
    return provider.equals(this.#options.self);
  }

  #subtask({ index }: Part): Subtask {
    const id = new Uint8Array(SUBTASK_BYTES);
    id.set(this.#map);
    new DataView(id.buffer).setBigUint64(MAP_BYTES, BigInt(index));
    return { id, bundle: this.#options.bundle };
  }
}
