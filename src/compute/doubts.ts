/**
 * Errors that one provider alone has told of a part whose redundancy asks for no second: it may lie, so another's word is
 * waited for; but the task may fail indeed and nobody else be there, so not for ever.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { SeaError } from '../base/errors.ts';
import type { Scope } from '../base/scope.ts';
import type { Row } from './crew.ts';
import type { Run } from './executor.ts';
import { ALONE_MS, UNJUDGED_MS } from './limits.ts';
import { unjudged } from './map-failures.ts';
import type { Attempt, Part, PartTable } from './part-table.ts';
import type { ProviderTable } from './provider-table.ts';

export interface DoubtsOptions {
  /** The map's. */
  readonly scope: Scope;
  readonly self: HashAddress;
  readonly parts: PartTable;
  readonly providers: ProviderTable<Attempt, Run>;
  /** Nobody else says anything about the part: the error holds. */
  readonly onStands: (part: Part, row: Row, error: SeaError) => void;
}

export class Doubts {
  readonly #options: DoubtsOptions;

  constructor(options: DoubtsOptions) {
    this.#options = options;
  }

  /** A provider has told an error of an open part. This device is believed at once. */
  heard(part: Part, row: Row, error: SeaError): void {
    if (row.address.equals(this.#options.self)) this.#options.onStands(part, row, error);
    else this.#wait(part, row, error, 0);
  }

  /** `idleMs`: for how long nobody has been at it. */
  #wait(part: Part, row: Row, error: SeaError, idleMs: number): void {
    const { scope, parts, onStands } = this.#options;
    scope.after(ALONE_MS, () => {
      if (!parts.isOpen(part)) return;
      if (part.live.size > 0) this.#wait(part, row, error, 0);
      else if (this.#hasOther(part) && idleMs < UNJUDGED_MS) this.#wait(part, row, error, idleMs + ALONE_MS);
      else onStands(part, row, unjudged(error));
    });
  }

  /** True when somebody is known who has not judged the part and may. */
  #hasOther(part: Part): boolean {
    for (const row of this.#options.providers.rows())
      if (row.usable && !part.votes.some(({ provider }) => provider.equals(row.address))) return true;
    return false;
  }
}
