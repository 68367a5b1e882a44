/**
 * How sure a requester may be of its results before it starts. Pure. It reckons with the worst that liars can do: they know
 * one another, always lie and tell the same wrong result; so what is measured is never below it while their share is right.
 */

import { SeaError } from '../base/errors.ts';
import { LIAR_SHARE_ASSUMED, REDUNDANCY_MAX } from './limits.ts';

/**
 * The probability that an accepted result is right, 0 to 1. `redundancy`: results that must agree, 1 to 8;
 * `liarShare`: the share of providers that lie, 0 to 1, default 0.1. Results are asked for one by one until `redundancy` agree, so it is
 * the chance that as many honest ones come before as many liars: the sum over k < r of C(r - 1 + k, k) (1 - f)^r f^k. Few
 * providers, each asked at most once, do better than that while most are honest. Throws BAD_ARGUMENT. Source: Sarmenta
 * 2002, Sabotage-tolerance mechanisms for volunteer computing systems, majority voting (the same sum, as 1 less the tail
 * of a binomial of 2r - 1).
 */
export function confidence(redundancy: number, liarShare: number = LIAR_SHARE_ASSUMED): number {
  if (!Number.isInteger(redundancy) || redundancy < 1 || redundancy > REDUNDANCY_MAX)
    throw new SeaError('BAD_ARGUMENT', `redundancy is a whole number from 1 to ${REDUNDANCY_MAX}, not ${redundancy}`);
  if (!(liarShare >= 0 && liarShare <= 1))
    throw new SeaError('BAD_ARGUMENT', `a share of liars is a number from 0 to 1, not ${liarShare}`);
  let term = 1;
  for (let i = 0; i < redundancy; i++) term *= 1 - liarShare;
  let sum = term;
  for (let liars = 1; liars < redundancy; liars++) {
    term *= (liarShare * (redundancy - 1 + liars)) / liars;
    sum += term;
  }
  return Math.min(sum, 1);
}
