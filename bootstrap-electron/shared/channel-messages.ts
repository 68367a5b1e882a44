/** What the two ends of a channel over a port say to each other, and the reading of it. */

import { errorCode, errorNumber, SeaError } from '../../src/base/errors.ts';

export type ChannelMessage =
  | { readonly kind: 'frame'; readonly bytes: Uint8Array }
  /** So many bytes of frames have left the receiver's hands. */
  | { readonly kind: 'taken'; readonly count: number }
  /** The sender closes the channel; `code` is the number of its reason. */
  | { readonly kind: 'close'; readonly code: number }
  /** What the channel runs over has failed beyond the sender; `code` is the number of the error. */
  | { readonly kind: 'fault'; readonly code: number };

/** Undefined for anything else. */
export function readChannelMessage(data: unknown): ChannelMessage | undefined {
  const { kind, bytes, count, code } = fieldsOf(data);
  switch (kind) {
    case 'frame':
      return bytes instanceof Uint8Array ? { kind, bytes } : undefined;
    case 'taken':
      return isCount(count) ? { kind, count } : undefined;
    case 'close':
    case 'fault':
      return isCount(code) ? { kind, code } : undefined;
    default:
      return undefined;
  }
}

/** The message that ends a channel for a reason of this side's own, or of what lies behind it. */
export function endMessage(kind: 'close' | 'fault', reason: SeaError): ChannelMessage {
  return { kind, code: errorNumber(reason.code) };
}

/** Why the receiver of an end message loses its channel. Of a close it knows that; the other's word is text for people. */
export function reasonOfEnd(kind: 'close' | 'fault', number: number): SeaError {
  const code = errorCode(number);
  if (kind === 'fault') return new SeaError(code ?? 'LINK_CLOSED', 'what the channel ran over has ended');
  return new SeaError('LINK_CLOSED', `the other end closed it: ${code ?? 'no reason known here'}`);
}

/** The fields of any value; none for what is not an object. */
export function fieldsOf(data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
