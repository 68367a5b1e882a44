/** Which result of a part holds: results compared by hash, one vote per provider. Pure. */

import { sha256 } from '@noble/hashes/sha2.js';
import type { HashAddress } from '../address/hash-address.ts';
import { toHex } from '../base/bytes.ts';
import type { SeaError } from '../base/errors.ts';
import { ERROR_VOTES_MIN } from './limits.ts';

/** What a deterministic task comes to: the same on every honest device. */
export type Outcome =
  | { readonly kind: 'output'; readonly output: Uint8Array }
  | { readonly kind: 'error'; readonly error: SeaError };

export interface Vote {
  readonly provider: HashAddress;
  readonly outcome: Outcome;
  /** Equal for equal outcomes. Empty where it is not compared. */
  readonly fingerprint: string;
}

export type Verdict =
  /** `missing` further results may suffice. */
  | { readonly state: 'open'; readonly missing: number }
  | { readonly state: 'accepted'; readonly outcome: Outcome; readonly providers: readonly HashAddress[] }
  | { readonly state: 'disagreed' };

/** A provider's vote. With a redundancy of 1 outputs are not compared, so they are not hashed. */
export function castVote(provider: HashAddress, outcome: Outcome, redundancy: number): Vote {
  const compared = redundancy > 1 || outcome.kind === 'error';
  return { provider, outcome, fingerprint: compared ? fingerprint(outcome) : '' };
}

/** Results of one part that are taken at most before its providers are said to disagree. */
export function votesMax(redundancy: number): number {
  return 2 * redundancy + 1;
}

/**
 * `redundancy` agreeing votes accept, for an error ERROR_VOTES_MIN at least: it ends the whole map, so the word of one is
 * not enough. When votesMax can no longer bring them together the providers disagree. `votes` are of distinct providers.
 */
export function decide(votes: readonly Vote[], redundancy: number): Verdict {
  let nearest: readonly Vote[] = [];
  let missing = redundancy;
  for (const { outcome, fingerprint } of votes) {
    const alike = votes.filter(vote => vote.fingerprint === fingerprint);
    const lacks = (outcome.kind === 'error' ? Math.max(redundancy, ERROR_VOTES_MIN) : redundancy) - alike.length;
    if (lacks < missing) [nearest, missing] = [alike, lacks];
  }
  const [first] = nearest;
  if (missing <= 0 && first !== undefined) {
    return { state: 'accepted', outcome: first.outcome, providers: nearest.map(vote => vote.provider) };
  }
  return votes.length + missing > votesMax(redundancy) ? { state: 'disagreed' } : { state: 'open', missing };
}

function fingerprint(outcome: Outcome): string {
  return outcome.kind === 'error' ? outcome.error.code : toHex(sha256(outcome.output));
}
