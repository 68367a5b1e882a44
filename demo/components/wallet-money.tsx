/** An amount of the chain's currency, shortened for the eye; all digits on hover. */

import { type Currency, exactMoney, formatMoney } from '../state/chain-money.ts';

interface MoneyProps {
  readonly amount: bigint;
  readonly currency: Currency;
}

export function Money({ amount, currency }: MoneyProps) {
  return (
    <span class="money" title={exactMoney(amount, currency)}>
      {formatMoney(amount, currency)}
    </span>
  );
}

/** The same, large: the number, and the currency small behind it. */
export function MoneyFigure({ amount, currency }: MoneyProps) {
  const [number, ...symbol] = formatMoney(amount, currency).split(' ');
  return (
    <span class="money money-figure" title={exactMoney(amount, currency)}>
      <strong class="figure">{number}</strong> <span class="figure-unit">{symbol.join(' ')}</span>
    </span>
  );
}
