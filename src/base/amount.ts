/** Amounts of money as bytes, and as people write them: whole units inside, a decimal fraction outside. */

import { fromHex, toHex } from './bytes.ts';
import { SeaError } from './errors.ts';

/** `1500000000000000000n` with 18 decimals as `1.5`; nothing is rounded. */
export function formatAmount(amount: bigint, decimals: number): string {
  const digits = `${amount < 0n ? -amount : amount}`.padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${amount < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The opposite: a decimal number, not negative, with no more digits than there are units. Throws BAD_ARGUMENT. */
export function parseAmount(text: string, decimals: number): bigint {
  const [, whole, fraction = ''] = /^(\d{1,30})(?:\.(\d{1,40}))?$/.exec(text.trim()) ?? [];
  const significant = fraction.replace(/0+$/, '');
  if (whole === undefined || significant.length > decimals)
    throw new SeaError('BAD_ARGUMENT', `${JSON.stringify(text)} is not an amount with at most ${decimals} decimals`);
  return BigInt(whole + significant.padEnd(decimals, '0'));
}

/** The number as `length` bytes, big-endian. It must fit. */
export function toBytes(value: bigint, length: number): Uint8Array<ArrayBuffer> {
  return fromHex(value.toString(16).padStart(2 * length, '0'));
}

/** The number of big-endian bytes. */
export function fromBytes(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`);
}
