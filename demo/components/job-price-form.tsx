/** What the job costs, before it starts: free where this device has no purse, else a price for a part and a budget. */

import { useId } from 'preact/hooks';
import { complaintOf } from '../errors.ts';
import type { Currency } from '../state/chain-money.ts';
import { type JobPrice, mostWords } from '../state/job-price.ts';
import type { PageState } from '../state/page-state.ts';

export function JobPriceForm({ state }: { readonly state: PageState }) {
  const { chain, wallet } = state;
  const purse = wallet.purse.figures.value;
  if (chain.info === undefined) return <p class="fine">Free: it is computed by devices that give their time.</p>;
  if (purse === undefined) {
    return (
      <p class="fine">
        Free: it is computed by devices that give their time. To pay for more of them, open a purse in{' '}
        <a href="#wallet">Wallet</a>.
      </p>
    );
  }
  return <PriceFields state={state} priceMax={purse.use.priceMax} currency={chain.info.currency} />;
}

interface PriceFieldsProps {
  readonly state: PageState;
  /** What the purse was set to pay for a part; undefined: whatever is asked. */
  readonly priceMax: bigint | undefined;
  readonly currency: Currency;
}

function PriceFields({ state: { choices, jobPrice }, priceMax, currency }: PriceFieldsProps) {
  const id = useId();
  const { words, isWrong } = estimate(
    jobPrice,
    priceMax,
    currency,
    () => choices.plan().parts,
    choices.redundancy.value,
  );
  return (
    <fieldset class="bare job-price">
      <legend class="visually-hidden">Price</legend>
      <div class="price-fields">
        <div class="field">
          <label class="field-label" for={`${id}-price`}>
            Pay up to, per part
          </label>
          <div class="amount-input">
            <input
              id={`${id}-price`}
              type="text"
              inputMode="decimal"
              autocomplete="off"
              placeholder="no limit"
              value={jobPrice.shownPrice(priceMax, currency)}
              aria-invalid={isWrong}
              aria-describedby={`${id}-most`}
              onInput={event => (jobPrice.priceText.value = event.currentTarget.value)}
            />
            <span aria-hidden="true">{currency.symbol}</span>
          </div>
        </div>
        <div class="field">
          <label class="field-label" for={`${id}-budget`}>
            Whole job at most
          </label>
          <div class="amount-input">
            <input
              id={`${id}-budget`}
              type="text"
              inputMode="decimal"
              autocomplete="off"
              placeholder="no limit"
              value={jobPrice.budgetText.value}
              aria-invalid={isWrong}
              aria-describedby={`${id}-most`}
              onInput={event => (jobPrice.budgetText.value = event.currentTarget.value)}
            />
            <span aria-hidden="true">{currency.symbol}</span>
          </div>
        </div>
      </div>
      <p class={isWrong ? 'fine fault' : 'fine'} id={`${id}-most`} data-testid="job-most">
        {words}
      </p>
    </fieldset>
  );
}

/** In words, or what is wrong with the amounts. Settings that are not complete yet give no number of parts. */
function estimate(
  price: JobPrice,
  priceMax: bigint | undefined,
  currency: Currency,
  parts: () => number,
  redundancy: number,
): { readonly words: string; readonly isWrong: boolean } {
  try {
    const limits = price.limits(priceMax, currency);
    return { words: mostWords(limits, partsOrNone(parts), redundancy, currency), isWrong: false };
  } catch (error) {
    const { what, todo } = complaintOf(error);
    return { words: `${what} ${todo}`, isWrong: true };
  }
}

function partsOrNone(parts: () => number): number {
  try {
    return parts();
  } catch {
    return 0; // the field that is wrong says so when the job is started
  }
}
