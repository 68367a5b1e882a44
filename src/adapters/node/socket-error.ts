/** Errors of the `ws` package as ours. */

import { SeaError } from '../../base/errors.ts';

/** TOO_LARGE for a message over the cap, BAD_MESSAGE for what is not a websocket message, else LINK_CLOSED. */
export function explainSocketError(error: unknown): SeaError {
  const { code } = (error ?? {}) as { code?: unknown };
  const detail = error instanceof Error ? error.message : 'the websocket failed';
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return new SeaError('TOO_LARGE', detail, { cause: error });
  if (typeof code === 'string' && code.startsWith('WS_ERR_')) {
    return new SeaError('BAD_MESSAGE', detail, { cause: error });
  }
  return new SeaError('LINK_CLOSED', detail, { cause: error });
}
