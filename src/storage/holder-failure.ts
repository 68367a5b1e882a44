/** What a holder's error code says of a shard, in words of this side. */

import { type ErrorCode, isSeaError, SeaError } from '../base/errors.ts';

const words: { readonly [code in ErrorCode]?: string } = {
  NO_RIGHT: 'the holder knows no lease that this link gives a right to',
  NOT_FOUND: 'the holder has no such shard',
  DAMAGED: 'what the holder has of a shard is damaged',
  QUOTA: 'the holder lends nothing, or has no room',
  LEASE_TOO_LONG: 'the holder keeps nothing for that long',
  CLOCK_SKEW: 'the clocks of the holder and of this device differ too much',
  NO_STORAGE: 'the holder cannot write',
};

/** The error that a holder answered with, with what it means; any other error as it is. */
export function holderFailure(error: unknown): unknown {
  if (!isSeaError(error) || error.peer === undefined) return error;
  const text = words[error.code];
  return text === undefined ? error : new SeaError(error.code, text, { peer: error.peer, cause: error });
}
