/** Whether a holder was not there, as against one that answered with a refusal. */

import { type ErrorCode, isSeaError } from '../base/errors.ts';

/** What a call fails with that did not arrive, or whose answer did not. */
const unreached: readonly ErrorCode[] = ['TIMEOUT', 'PEER_GONE', 'NO_ROUTE', 'LINK_CLOSED', 'ABORTED', 'CLOSED'];

export function isUnreached(error: unknown): boolean {
  return unreached.some(code => isSeaError(error, code));
}
