/** How a map that cannot go on says why. */

import { SeaError } from '../base/errors.ts';
import { judgeFailure, saysNoTerms } from './attempt-failure.ts';
import { ALONE_MS, NO_PROVIDER_MS, NO_TERMS_MS } from './limits.ts';

export interface Wanting {
  /** The first part that waits. */
  readonly part: number | undefined;
  /** Providers that are known and may be asked. */
  readonly known: number;
  /** Providers that each part needs. */
  readonly needed: number;
  /** How a provider failed last. */
  readonly last: SeaError | undefined;
}

export interface Standstill {
  /** How long a map in which nothing goes on waits for that to change, ms. */
  readonly waitMs: number;
  /** What it ends with then. */
  readonly error: SeaError;
}

/** Where all failed for want of terms, or refused the bundle, the code of the last says more than NO_PROVIDER. */
export function standstill({ part, known, needed, last }: Wanting): Standstill {
  if (last !== undefined && (last.code === 'CREDIT_LINE' || (known === 0 && saysNoTerms(last)))) {
    const detail = `no provider agreed on terms for part ${part}: ${last.message}`;
    const waitMs = last.code === 'CREDIT_LINE' ? NO_PROVIDER_MS : NO_TERMS_MS; // it may pass at any moment
    return { waitMs, error: new SeaError(last.code, detail, { cause: last }) };
  }
  if (known === 0 && last !== undefined && judgeFailure(last, 0, 0) === 'refused')
    return { waitMs: ALONE_MS, error: last };
  const why = last === undefined ? '' : `; the last failure was ${last.code}`;
  const asked = `${known} known, ${needed} needed for each part${why}`;
  const detail = `no provider could take part ${part} for ${NO_PROVIDER_MS} ms (${asked})`;
  return { waitMs: NO_PROVIDER_MS, error: new SeaError('NO_PROVIDER', detail, { cause: last }) };
}

export function budgetSpent(cost: bigint, budget: bigint | undefined, open: number): SeaError {
  return new SeaError('BUDGET_SPENT', `${cost} of ${budget} are spent or owed, and ${open} parts are open`);
}

export function disagreement(part: number, votes: number): SeaError {
  return new SeaError('DISAGREEMENT', `part ${part}: ${votes} providers gave results of which too few agree`);
}

/** `error` of one part, told by `provider` (hex address) if the error names nobody. */
export function partFailed(part: number, provider: string, error: SeaError): SeaError {
  const detail = `part ${part}: ${textOf(error)}`;
  return new SeaError(error.code, detail, { cause: error, peer: error.peer ?? provider });
}

/** An error that one provider alone has told. */
export function unjudged(error: SeaError): SeaError {
  const detail = `${textOf(error)} (one provider alone: no other was there to ask)`;
  return new SeaError(error.code, detail, error.peer === undefined ? {} : { peer: error.peer });
}

/** Without the code in front. */
function textOf({ code, message }: SeaError): string {
  return message.slice(code.length + 2);
}
