/** Amounts and account addresses as bytes and as text. An amount is a bigint from 0 to AMOUNT_MAX, the smallest unit. */

import { fromHex, toHex } from '../base/bytes.ts';
import { SeaError } from '../base/errors.ts';
import type { PayAddress } from '../ports/pay-keys.ts';
import { AMOUNT_MAX } from './limits.ts';

export { fromBytes, toBytes } from '../base/amount.ts';

export const AMOUNT_BYTES = 12;
export const PAY_ADDRESS_BYTES = 20;

/** The amount itself. Throws BAD_ARGUMENT for what is none. */
export function checkAmount(name: string, value: bigint): bigint {
  if (typeof value === 'bigint' && value >= 0n && value <= AMOUNT_MAX) return value;
  throw new SeaError('BAD_ARGUMENT', `${name} is a bigint from 0 to 2^96 - 1, not ${String(value)}`);
}

/** 0x and 40 hex digits, lower case. */
export function formatPayAddress(address: PayAddress): string {
  return `0x${toHex(address)}`;
}

/** Takes either case; checksums are not checked. Throws BAD_ARGUMENT. */
export function parsePayAddress(text: string): PayAddress {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw new SeaError('BAD_ARGUMENT', 'an account is 0x and 40 hex digits');
  return fromHex(text.slice(2));
}

export function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

export function greatest(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** a - b, or 0 where that is negative. */
export function excess(a: bigint, b: bigint): bigint {
  return a > b ? a - b : 0n;
}
