/** How a map that cannot go on says why. */

import { SeaError } from '../base/errors.ts';
import { NO_PROVIDER_MS } from './limits.ts';

export interface Wanting {
  /** The first part that waits. */
  readonly part: number | undefined;
  /** Providers that are known and may be asked. */
  readonly known: number;
  /** Providers that each part needs. */
  readonly needed: number;
}

/** `last`: how a provider failed last. Where all failed for want of terms, its code says more than NO_PROVIDER. */
export function noProvider(
  { part, known, needed }: Wanting,
  last: SeaError | undefined,
  lacksTerms: boolean,
): SeaError {
  if (lacksTerms && last !== undefined) {
    return new SeaError(last.code, `no provider agreed on terms for part ${part}: ${last.message}`, { cause: last });
  }
  const why = last === undefined ? '' : `; the last failure was ${last.code}`;
  const asked = `${known} known, ${needed} needed for each part${why}`;
  const detail = `no provider could take part ${part} for ${NO_PROVIDER_MS} ms (${asked})`;
  return new SeaError('NO_PROVIDER', detail, { cause: last });
}

export function budgetSpent(cost: bigint, budget: bigint | undefined, open: number): SeaError {
  return new SeaError('BUDGET_SPENT', `${cost} of ${budget} are spent or owed, and ${open} parts are open`);
}
