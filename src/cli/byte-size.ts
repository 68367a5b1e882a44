/** Sizes as people type them: `500M`, `2G`, `1.5G`, `0`. Units are powers of 1024, as memory and disk tools have them. */

import { SeaError } from '../base/errors.ts';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  K: 1_024,
  M: 1_048_576,
  G: 1_073_741_824,
  T: 1_099_511_627_776,
};

const SIZE = /^(\d{1,6}(?:\.\d{1,3})?|\d{1,16})([KMGT]?)(?:i?B)?$/i;

/** Bytes; at most 2^53 - 1. Throws BAD_ARGUMENT naming the option. */
export function byteSize(text: string, option: string): number {
  const [, digits, unit] = SIZE.exec(text) ?? [];
  const bytes = Math.floor(Number(digits) * UNITS[unit?.toUpperCase() ?? '']!);
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new SeaError('BAD_ARGUMENT', `${option} takes a size such as 500M or 2G, not ${text}`);
}

/** A size that `byteSize` takes, in the unit it was typed in: `500M` as `500 MiB`. */
export function sizeWords(text: string): string {
  const [, digits, unit] = SIZE.exec(text) ?? [];
  return `${digits} ${unit ? `${unit.toUpperCase()}iB` : 'bytes'}`;
}
