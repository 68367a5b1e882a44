/** Money to spend: opening a purse, what is in it, adding, and taking it back. */

import { useSignal } from '@preact/signals';
import { formatAmount } from '../../src/base/amount.ts';
import type { ChainInfo } from '../../src/ports/chain-info.ts';
import { formatDuration, formatPlural } from '../format.ts';
import { shortAccount } from '../state/chain-money.ts';
import type { PageState } from '../state/page-state.ts';
import type { PurseFigures } from '../state/wallet-purse.ts';
import { AmountForm } from './wallet-amount.tsx';
import { DeedNote } from './wallet-deed.tsx';
import { Money, MoneyFigure } from './wallet-money.tsx';

interface PurseProps {
  readonly state: PageState;
  readonly chain: ChainInfo;
}

export function PursePanel({ state, chain }: PurseProps) {
  const figures = state.wallet.purse.figures.value;
  return (
    <section class="sheet money-class purse" aria-labelledby="purse-heading">
      <div class="panel-head">
        <h3 id="purse-heading">Purse</h3>
        <p class="panel-aside">money you can spend</p>
      </div>
      {figures === undefined ? (
        <OpenPurse state={state} chain={chain} />
      ) : (
        <PurseInUse state={state} chain={chain} figures={figures} />
      )}
      <DeedNote wallet={state.wallet} at="purse" />
    </section>
  );
}

function OpenPurse({ state: { wallet }, chain }: PurseProps) {
  return (
    <>
      <p class="fine">
        Money set aside in a contract, to pay those who compute for you. This page pays from it with a session key that
        only this browser has, so that the wallet asks once and not for every part.{' '}
        <strong>Whoever steals that key can empty the purse, and nothing else: keep it small.</strong>
      </p>
      <AmountForm
        name="Open a purse"
        currency={chain.currency}
        fields={[
          { label: 'Amount', min: 1n, hint: 'What is left comes back to you when you unlock the purse.' },
          { label: 'At most for one part', initial: '0', hint: 'Where a job says nothing else. 0 takes gifts only.' },
        ]}
        submit="Open the purse"
        isPrimary
        whyNot={whyNot(wallet)}
        onSubmit={([amount = 0n, priceMax = 0n]) => void wallet.openPurse(amount, priceMax)}
      />
    </>
  );
}

function PurseInUse({ state, chain, figures }: PurseProps & { readonly figures: PurseFigures }) {
  const { wallet, credit } = state;
  const { currency } = chain;
  const { spent, owedByMe, taken } = credit.status.value;
  const { use, view, deposited } = figures;
  const left = deposited === undefined ? view?.free : deposited > spent ? deposited - spent : 0n;
  if (view !== undefined && view.state !== 'open')
    return <EndedPurse isClosed={view.state === 'closed'} onLetGo={() => void wallet.letGo()} />;
  return (
    <>
      <p class="rate-line" data-testid="purse-left" data-amount={String(left ?? '')}>
        {left === undefined ? (
          <span class="soft">Asking the chain …</span>
        ) : (
          <MoneyFigure amount={left} currency={currency} />
        )}
        {left !== undefined && (
          <span class="figure-unit">{deposited === undefined ? 'in the purse' : 'left to spend'}</span>
        )}
      </p>
      <dl class="money-facts">
        <div>
          <dt>Paid in vouchers so far</dt>
          <dd data-testid="purse-spent" data-amount={String(spent)}>
            <Money amount={spent} currency={currency} />
          </dd>
        </div>
        <div>
          <dt>Owed, not paid yet</dt>
          <dd>
            <Money amount={owedByMe} currency={currency} />
          </dd>
        </div>
        {view !== undefined && (
          <div>
            <dt>In the contract now</dt>
            <dd data-testid="purse-free" data-amount={String(view.free)}>
              <Money amount={view.free} currency={currency} />
            </dd>
          </div>
        )}
        <div>
          <dt>In this visit</dt>
          <dd>{formatPlural(taken.paid, 'part')} paid for</dd>
        </div>
        <div>
          <dt>Opened by</dt>
          <dd>
            <code title={use.payer}>{shortAccount(use.payer)}</code>
          </dd>
        </div>
      </dl>
      {view !== undefined && <PurseActions state={state} chain={chain} figures={figures} />}
    </>
  );
}

function EndedPurse({ isClosed, onLetGo }: { readonly isClosed: boolean; readonly onLetGo: () => void }) {
  return (
    <>
      <p data-testid="purse-ended">
        {isClosed
          ? 'The purse was taken back. A closed purse stays closed; you can open another.'
          : 'The chain knows nothing of the purse that this browser pays from. Perhaps it was begun anew; then open another.'}
      </p>
      <button type="button" class="button" onClick={onLetGo}>
        Open another purse
      </button>
    </>
  );
}

function PurseActions({ state: { wallet }, chain, figures }: PurseProps & { readonly figures: PurseFigures }) {
  const unlocksInS = wallet.unlocksInS(figures);
  const { account } = wallet.connection.ready ?? {};
  const isPayer = account === figures.use.payer.toLowerCase();
  if (unlocksInS !== undefined) {
    return (
      <div class="purse-unlock">
        <p data-testid="unlock-state">
          {unlocksInS > 0
            ? `Being unlocked: you can take it back in ${secondsWords(unlocksInS)}. Until then vouchers are still paid from it, and nobody takes new ones.`
            : 'Unlocked: vouchers that are not claimed until you take it back are worth nothing then.'}
        </p>
        <button
          type="button"
          class="button primary"
          disabled={unlocksInS > 0 || !isPayer || wallet.deeds.isBusy}
          onClick={() => void wallet.withdraw(figures)}
        >
          Take it back
        </button>
        {!isPayer && <p class="fine">{payerWords(figures)}</p>}
      </div>
    );
  }
  return (
    <>
      <AmountForm
        name="Add to the purse"
        currency={chain.currency}
        fields={[{ label: 'Add', min: 1n }]}
        submit="Top up"
        whyNot={whyNot(wallet)}
        onSubmit={([amount = 0n]) => void wallet.topUp(figures, amount)}
      />
      <AmountForm
        name="Price for a part"
        currency={chain.currency}
        fields={[
          {
            label: 'At most for one part',
            initial: formatAmount(figures.use.priceMax ?? 0n, chain.currency.decimals),
            hint: 'Where a job says nothing else. 0 takes gifts only.',
          },
        ]}
        submit="Set"
        onSubmit={([priceMax = 0n]) => void wallet.setPriceMax(priceMax)}
      />
      <Unlock state={wallet} figures={figures} delayS={chain.delayS} isPayer={isPayer} />
    </>
  );
}

interface UnlockProps {
  readonly state: PageState['wallet'];
  readonly figures: PurseFigures;
  readonly delayS: number;
  readonly isPayer: boolean;
}

/** In two steps: it cannot be taken back. */
function Unlock({ state, figures, delayS, isPayer }: UnlockProps) {
  const isSure = useSignal(false);
  const isBusy = state.deeds.isBusy;
  if (!isPayer) return <p class="fine">{payerWords(figures)}</p>;
  if (!isSure.value) {
    return (
      <button type="button" class="button small" disabled={isBusy} onClick={() => (isSure.value = true)}>
        Unlock the purse …
      </button>
    );
  }
  return (
    <div class="two-steps">
      <p class="fine">
        After {secondsWords(delayS)} you can take back what is left. That cannot be stopped once it has begun, and the
        purse is closed for good.
      </p>
      <button
        type="button"
        class="button stop small"
        disabled={isBusy}
        onClick={() => {
          isSure.value = false;
          void state.requestUnlock(figures);
        }}
      >
        Unlock it now
      </button>
      <button type="button" class="button quiet small" onClick={() => (isSure.value = false)}>
        Keep it
      </button>
    </div>
  );
}

/** "58 s", "2 min 05 s". */
function secondsWords(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000);
}

function payerWords({ use }: PurseFigures): string {
  return `Only the account that opened it, ${shortAccount(use.payer)}, can take it back: show that one in your wallet.`;
}

function whyNot({ connection, deeds }: PageState['wallet']): string | undefined {
  const phase = connection.phase.value;
  if (deeds.isBusy) return 'Your wallet is busy with something else.';
  if (phase.state !== 'connected') return 'Connect a wallet first.';
  return phase.shown.state === 'ready' ? undefined : 'Switch the wallet to this sea’s chain first.';
}
