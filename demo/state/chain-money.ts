/** Amounts of the chain's currency as people read and write them. Inside they are whole numbers of its smallest unit. */

import { formatAmount, parseAmount } from '../../src/base/amount.ts';
import type { ChainInfo } from '../../src/ports/chain-info.ts';
import { PageError } from '../errors.ts';

export type Currency = ChainInfo['currency'];

/** Digits that are shown of an amount, from the first that is not zero. */
const DIGITS_SHOWN = 6;

/** "0.0125 ETH": cut, not rounded, so that nobody reads more than there is. */
export function formatMoney(amount: bigint, currency: Currency): string {
  return `${shownDigits(formatAmount(amount, currency.decimals))} ${currency.symbol}`;
}

/** All digits. */
export function exactMoney(amount: bigint, { symbol, decimals }: Currency): string {
  return `${formatAmount(amount, decimals)} ${symbol}`;
}

/** What a person wrote, a comma for a point too. Throws PageError BAD_AMOUNT. */
export function parseMoney(text: string, { symbol, decimals }: Currency): bigint {
  try {
    return parseAmount(text.trim().replace(',', '.').replace(/^\./, '0.'), decimals);
  } catch {
    const said = text.trim() === '' ? 'There is no amount' : `“${text.trim().slice(0, 40)}” is not an amount`;
    throw new PageError('BAD_AMOUNT', `${said} of ${symbol}.`);
  }
}

/** A part of a whole: "0.8%", "below 0.1%", "100%". */
export function formatShare(part: bigint, whole: bigint): string {
  if (whole <= 0n) return '100%';
  const perMille = (part * 1000n + whole / 2n) / whole;
  if (perMille === 0n) return part === 0n ? '0%' : 'below 0.1%';
  return perMille % 10n === 0n || perMille >= 100n ? `${perMille / 10n}%` : `${perMille / 10n}.${perMille % 10n}%`;
}

/** "0x12ab…90cd". */
export function shortAccount(account: string): string {
  return account.length <= 13 ? account : `${account.slice(0, 6)}…${account.slice(-4)}`;
}

function shownDigits(text: string): string {
  const [whole = '0', fraction = ''] = text.split('.');
  const significant = whole.replace(/^-?0*/, '').length;
  const leadingZeros = significant > 0 ? 0 : fraction.length - fraction.replace(/^0+/, '').length;
  const kept = fraction.slice(0, Math.max(0, DIGITS_SHOWN - significant) + leadingZeros).replace(/0+$/, '');
  return kept === '' ? whole : `${whole}.${kept}`;
}
