/** Wallet: what was earned, what can be spent and what was given, never mixed; and the wallet that moves the first two. */

import { useEffect } from 'preact/hooks';
import type { ChainInfo } from '../../src/ports/chain-info.ts';
import type { PageState } from '../state/page-state.ts';
import { ComplaintNote } from './complaint-note.tsx';
import { VouchersPanel } from './earnings-vouchers.tsx';
import { WalletConnect } from './wallet-connect.tsx';
import { GiftsPanel } from './wallet-gifts.tsx';
import { PayKeyPanel } from './wallet-key.tsx';
import { PursePanel } from './wallet-purse.tsx';
import { ReceiptsPanel } from './wallet-receipts.tsx';

export function WalletPanel({ state }: { readonly state: PageState }) {
  const { chain, credit, section } = state;
  const isInFront = section.current.value === 'wallet';
  const { info } = chain;
  useEffect(() => {
    if (isInFront) credit.wake();
  }, [credit, isInFront]);
  return (
    <section class="wallet" aria-labelledby="wallet-heading">
      <div class="panel-head">
        <h2 id="wallet-heading">Wallet</h2>
        {info !== undefined && <ChainWords chain={info} />}
      </div>
      {info === undefined ? <Chainless state={state} /> : <Money state={state} chain={info} />}
    </section>
  );
}

function ChainWords({ chain: { name, chainId, development } }: { readonly chain: ChainInfo }) {
  return (
    <p class="panel-aside">
      {name} (number {chainId}) {development && <span class="test-money">test money, worth nothing</span>}
    </p>
  );
}

/** In the order in which a newcomer meets it: earning needs nothing, claiming a wallet, paying a purse. */
function Money({ state, chain }: { readonly state: PageState; readonly chain: ChainInfo }) {
  const complaint = state.wallet.complaint;
  return (
    <>
      {complaint !== undefined && <ComplaintNote complaint={complaint} gentle />}
      <WalletConnect state={state} chain={chain} />
      <div class="money-classes">
        <div class="money-column">
          <VouchersPanel state={state} chain={chain} />
          <PayKeyPanel state={state} />
        </div>
        <div class="money-column">
          <PursePanel state={state} chain={chain} />
          <GiftsPanel state={state} />
        </div>
        <ReceiptsPanel state={state} currency={chain.currency} />
      </div>
    </>
  );
}

/** All work is a gift where there is no chain; gifts have receipts too. */
function Chainless({ state }: { readonly state: PageState }) {
  const phase = state.chain.phase.value;
  return (
    <>
      {phase.state === 'asking' && <p class="note">Money is asked for when this page joins the sea.</p>}
      {phase.state === 'none' && (
        <p class="note" data-testid="no-chain">
          This sea names no chain, so nothing can be paid here and everything is free: what you compute for others is a
          gift, and so is what they compute for you. Whoever runs the bootstrap node can name a chain.
        </p>
      )}
      {phase.state === 'failed' && (
        <ComplaintNote
          complaint={phase.complaint}
          gentle
          action={{ name: 'Reload the page', run: () => location.reload() }}
        />
      )}
      <div class="money-classes">
        <GiftsPanel state={state} />
        <ReceiptsPanel state={state} currency={undefined} />
      </div>
    </>
  );
}
