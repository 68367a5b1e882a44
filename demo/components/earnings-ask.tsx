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
          onSubmit={([part = 0n]) => void credit.ask(part, part === 0n || (asked.part > 0n && asked.free))}
        />
      )}
      {asked !== undefined && asked.part > 0n && (
        <label class="check">
          <input
            type="checkbox"
            checked={asked.free}
            onChange={event => void credit.ask(asked.part, event.currentTarget.checked)}
          />
          Also give to those who cannot pay
        </label>
      )}
      {complaint !== undefined && <ComplaintNote complaint={complaint} gentle />}
    </div>
  );
}
