/** What a failed attempt says, by its error code: about the task, about the provider, or about nobody. Pure. */

import type { ErrorCode, SeaError } from '../base/errors.ts';

export type AttemptFailure =
  /** The task came to this; every honest device would say so. */
  | 'result'
  /** The task ran out of its time: perhaps it never ends, perhaps the device is slow. */
  | 'timeout'
  /** The device will not run this bundle at all. */
  | 'refused'
  /** No slot at the moment. */
  | 'busy'
  /** The device has forgotten the bundle, or what was agreed with it. */
  | 'unprepared'
  /** The device left, or took its slots back. */
  | 'gone'
  /** Everything else: the device failed. */
  | 'fault';

const failureByCode: ReadonlyMap<ErrorCode, AttemptFailure> = new Map<ErrorCode, AttemptFailure>([
  ['TASK_TRAPPED', 'result'],
  ['OUTPUT_TOO_LARGE', 'result'],
  ['TASK_TIMEOUT', 'timeout'],
  ['NOT_WASM', 'refused'],
  ['NO_ABI', 'refused'],
  ['MEMORY_LIMIT', 'refused'],
  ['UNSUPPORTED', 'refused'],
  ['TOO_LARGE', 'refused'],
  ['NO_SLOT', 'busy'],
  ['OVERLOADED', 'busy'],
  ['CREDIT_LINE', 'busy'],
  ['BUNDLE_UNAVAILABLE', 'unprepared'],
  ['PAYMENT_REQUIRED', 'unprepared'],
  ['PEER_GONE', 'gone'],
  ['LINK_CLOSED', 'gone'],
  ['NO_ROUTE', 'gone'],
  ['NOT_ONLINE', 'gone'],
  ['ABORTED', 'gone'],
  ['CLOSED', 'gone'],
]);

/** What is said when there are no terms on which a device computes for us. */
const noTerms: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'PAYMENT_REQUIRED',
  'PRICE_TOO_HIGH',
  'PURSE_EMPTY',
  'CREDIT_LINE', // said of terms, not of a part: it holds as many of our vouchers as it trusts us for
  'BAD_QUOTE',
  'BAD_VOUCHER',
  'BAD_SIGNATURE',
  'WRONG_CHAIN',
  'CHAIN_FAILED',
  'NO_CHAIN',
]);

/** True when a provider that was asked to get ready is none on these terms. */
export function saysNoTerms(error: SeaError): boolean {
  return noTerms.has(error.code);
}

/** Time-outs reported before this share of the time has passed are lies or broken clocks: a fault. */
const TIMEOUT_SHARE_MIN = 0.9;

/** `elapsedMs`: how long the attempt took; `timeoutMs`: the time it was given. */
export function judgeFailure(error: SeaError, elapsedMs: number, timeoutMs: number): AttemptFailure {
  if (error.code === 'TASK_TIMEOUT' && elapsedMs < TIMEOUT_SHARE_MIN * timeoutMs) return 'fault';
  return failureByCode.get(error.code) ?? 'fault';
}
