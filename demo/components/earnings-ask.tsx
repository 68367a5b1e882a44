/** What this device asks for computing, and what it has earned so far: the money part of what is lent. */

import { formatAmount } from '../../src/base/amount.ts';
import type { Ask } from '../../src/credit/credit.ts';
import type { ChainInfo } from '../../src/ports/chain-info.ts';
import { formatPlural } from '../format.ts';
import { type Currency, exactMoney } from '../state/chain-money.ts';
import { PART_PRICE_MAX } from '../state/credit.ts';
import type { PageState } from '../state/page-state.ts';
import { ComplaintNote } from './complaint-note.tsx';
import { Fold } from './fold.tsx';
import { AmountForm } from './wallet-amount.tsx';
import { Money } from './wallet-money.tsx';

export function EarningsAsk({ state }: { readonly state: PageState }) {
  const { info } = state.chain;
  if (info === undefined) return null; // nothing can be asked where nothing can be paid
  if (!state.session.isKeeper.value)
    return <p class="fine ask">Another tab of this browser asks the price and earns.</p>;
  return <AskForm state={state} chain={info} />;
}

function AskForm({ state, chain: { currency } }: { readonly state: PageState; readonly chain: ChainInfo }) {
  const { credit } = state;
  const asked = credit.asked.value;
  const complaint = credit.complaint.value;
  return (
    <Fold title="Price" words={priceWords(asked, currency)} inFront={state.section.current.value === 'wallet'}>
      <p class="fine" data-testid="earned" data-amount={String(credit.status.value.earned)}>
        Earned so far: <Money amount={credit.status.value.earned} currency={currency} />
      </p>
      {asked !== undefined && (
        <AmountForm
          name="Price asked"
          currency={currency}
          fields={[
            {
              label: 'Ask per part',
              initial: formatAmount(asked.part, currency.decimals),
              max: PART_PRICE_MAX,
            },
          ]}
          submit="Ask"
          onSubmit={([part = 0n]) => void credit.ask(part, asked.free)}
        />
      )}
      {asked !== undefined && <PriceInForce part={asked.part} currency={currency} />}
      {asked !== undefined && asked.part > 0n && (
        <GiftsChoice gives={asked.free} onChange={free => void credit.ask(asked.part, free)} />
      )}
      {complaint !== undefined && <ComplaintNote complaint={complaint} gentle />}
    </Fold>
  );
}

/** What holds now, whatever stands in the field. */
function PriceInForce({ part, currency }: { readonly part: bigint; readonly currency: Currency }) {
  return (
    <p class="fine" role="status" aria-label="Price in force" data-testid="price-asked" data-amount={String(part)}>
      {part === 0n ? (
        'You ask nothing: what you compute is a gift.'
      ) : (
        <>
          You ask {exactMoney(part, currency)} for a part. Paid in vouchers; see <a href="#wallet">Wallet</a>.
        </>
      )}
    </p>
  );
}

/** The same in two words. */
function priceWords(asked: Ask | undefined, currency: Currency): string {
  if (asked === undefined) return '';
  return asked.part === 0n ? 'you ask nothing' : `you ask ${exactMoney(asked.part, currency)} a part`;
}

/** While a price is asked: what is not paid after all, and why. */
export function UnpaidNote({ state: { credit } }: { readonly state: PageState }) {
  const gifts = credit.giftsWhileAsking.value;
  const isHeldUp = credit.status.value.redeemFirst === true;
  if (gifts === 0 && !isHeldUp) return null;
  return (
    <p class="note waiting" data-testid="unpaid">
      {isHeldUp && <>Who pays you gets less credit, or none, until you have claimed what you hold. </>}
      {gifts > 0 && (
        <>
          {formatPlural(gifts, 'part')} computed since you asked a price {gifts === 1 ? 'was a gift' : 'were gifts'}:
          who asked for {gifts === 1 ? 'it' : 'them'} showed no purse, or had agreed on a gift before.{' '}
        </>
      )}
      See <a href="#wallet">Wallet</a>.
    </p>
  );
}

interface GiftsChoiceProps {
  readonly gives: boolean;
  readonly onChange: (gives: boolean) => void;
}

/** Beside a price: whether who cannot pay it gets nothing, or what is left. */
function GiftsChoice({ gives, onChange }: GiftsChoiceProps) {
  return (
    <div class="gifts-choice">
      <label class="check">
        <input
          type="checkbox"
          checked={gives}
          aria-describedby="gifts-choice-help"
          onChange={event => onChange(event.currentTarget.checked)}
        />
        Also compute for those who cannot pay
      </label>
      <p class="fine" id="gifts-choice-help">
        {gives
          ? 'Their parts are gifts, and wait while paid ones are there. Who has a purse pays, or waits until you have claimed.'
          : 'Who cannot pay is told the price, and computed for no more.'}
      </p>
    </div>
  );
}
