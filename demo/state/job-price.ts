/** What a job may cost: a price for a part and a budget for all, as the visitor writes them. */

import { type Signal, signal } from '@preact/signals';
import { formatAmount } from '../../src/base/amount.ts';
import { formatPlural } from '../format.ts';
import { type Currency, formatMoney, parseMoney } from './chain-money.ts';

/** In the smallest unit of the chain's currency. */
export interface JobLimits {
  /** Undefined: whatever is asked. */
  readonly priceMax: bigint | undefined;
  /** Undefined: whatever the parts come to. */
  readonly budget: bigint | undefined;
}

export class JobPrice {
  /** Undefined until the visitor writes one: the purse's own. */
  readonly priceText: Signal<string | undefined> = signal<string | undefined>(undefined);
  /** Empty: no budget. */
  readonly budgetText: Signal<string> = signal('');

  /** The text in the field; empty: no limit. `priceMax`: what the purse was set to pay. */
  shownPrice(priceMax: bigint | undefined, { decimals }: Currency): string {
    return this.priceText.value ?? (priceMax === undefined ? '' : formatAmount(priceMax, decimals));
  }

  /** Throws PageError BAD_AMOUNT. */
  limits(priceMax: bigint | undefined, currency: Currency): JobLimits {
    const read = (text: string): bigint | undefined => (text.trim() === '' ? undefined : parseMoney(text, currency));
    return { priceMax: read(this.shownPrice(priceMax, currency)), budget: read(this.budgetText.value) };
  }
}

/** What the job can come to: "At most 0.0048 ETH: 24 parts, computed by 2 peers each, for up to 0.0001 ETH." */
export function mostWords(limits: JobLimits, parts: number, redundancy: number, currency: Currency): string {
  const { priceMax, budget } = limits;
  if (priceMax === undefined) {
    const end = budget === undefined ? '' : `, and ${formatMoney(budget, currency)} for all`;
    return `Whatever devices ask for a part, within what the purse holds${end}.`;
  }
  if (priceMax === 0n) return 'Nothing is paid: it is computed by devices that give their time.';
  const whole = priceMax * BigInt(parts) * BigInt(redundancy);
  const most = budget !== undefined && budget < whole ? budget : whole;
  const times = redundancy === 1 ? '' : `, computed by ${formatPlural(redundancy, 'peer')} each,`;
  const sum = `${formatPlural(parts, 'part')}${times} for up to ${formatMoney(priceMax, currency)}`;
  const end = most < whole ? ' The budget ends it before that, if all ask so much.' : '';
  return `At most ${formatMoney(most, currency)}: ${sum}.${end}`;
}
