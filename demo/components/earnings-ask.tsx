/** What this device asks for computing, and what it has earned so far: the money part of what is lent. */

import { formatAmount } from '../../src/base/amount.ts';
import type { ChainInfo } from '../../src/ports/chain-info.ts';
import type { PageState } from '../state/page-state.ts';
import { ComplaintNote } from './complaint-note.tsx';
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
    <div class="ask">
      <div class="ask-head">
        <h3>Price</h3>
        <p class="fine" data-testid="earned" data-amount={String(credit.status.value.earned)}>
          Earned so far: <Money amount={credit.status.value.earned} currency={currency} />
        </p>
      </div>
      {asked !== undefined && (
        <AmountForm
          name="Price asked"
          currency={currency}
          fields={[
            {
              label: 'Ask per part',
              initial: formatAmount(asked.part, currency.decimals),
              hint: asked.part === 0n ? '0: what you compute is a gift.' : 'Paid in vouchers. See Wallet.',
            },
          ]}
          submit="Ask"
          onSubmit={([part = 0n]) => void credit.ask(part, asked.free)}
        />
      )}
      {asked !== undefined && asked.part > 0n && (
        <GiftsChoice gives={asked.free} onChange={free => void credit.ask(asked.part, free)} />
      )}
      {complaint !== undefined && <ComplaintNote complaint={complaint} gentle />}
    </div>
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
          ? 'Their parts are gifts, and wait while paid ones are there.'
          : 'Who cannot pay is told the price, and computed for no more.'}
      </p>
    </div>
  );
}
