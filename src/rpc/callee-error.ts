/** A callee's error code in words of this side: nothing that a stranger wrote is shown. */

import type { HashAddress } from '../address/hash-address.ts';
import { type ErrorCode, SeaError } from '../base/errors.ts';

const SHOWN_DIGITS = 8;

/** What happened there; % stands for what was called. */
const words: { readonly [code in ErrorCode]?: string } = {
  NO_HANDLER: 'nobody handles %',
  HANDLER_FAILED: 'the handler of % failed',
  OVERLOADED: 'too much was under way to take %',
  DECLINED: '% was declined',
  TIMEOUT: '% took too long',
  ABORTED: '% was ended',
  CLOSED: '% was ended',
  NOT_FOUND: '% found nothing',
  BAD_MESSAGE: '% was not understood',
  BAD_ARGUMENT: '% does not take what it was given',
  PAYMENT_REQUIRED: '% is not for free',
};

/** The error that a callee answered with. `about`: words for what was called; an application's scope in quotes. */
export function calleeError(code: ErrorCode, about: string, callee: HashAddress): SeaError {
  const peer = callee.toString();
  const text = (words[code] ?? '% was answered with this code').replace('%', () => about);
  return new SeaError(code, `${text} at ${peer.slice(0, SHOWN_DIGITS)}…`, { peer });
}
