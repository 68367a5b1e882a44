/** Claiming: what it brings, what it costs of that, and why it cannot be done now where it cannot. */

import type { ChainInfo } from '../../src/ports/chain-info.ts';
import { formatPlural } from '../format.ts';
import { formatMoney, formatShare } from '../state/chain-money.ts';
import type { PageState } from '../state/page-state.ts';
import type { ClaimOffer } from '../state/wallet-claim-plan.ts';

interface ClaimBoxProps {
  readonly state: PageState;
  readonly chain: ChainInfo;
}

export function ClaimBox({ state, chain }: ClaimBoxProps) {
  const { wallet, credit } = state;
  const { unredeemed } = credit.status.value;
  const offer = wallet.claims.offer.value;
  const resting = wallet.claims.resting.value;
  const isReady = wallet.connection.ready !== undefined;
  const isBusy = wallet.deeds.isBusy;
  const { coin, owed = 0n } = wallet.connection.balances.value ?? {};
  const isShort = offer !== undefined && coin !== undefined && coin < offer.fee;
  return (
    <div class="claim-box">
      {unredeemed > 0n && !isReady && <p class="fine">Connect a wallet above to claim it. Until then it waits here.</p>}
      {offer !== undefined && (
        <>
          <p data-testid="claim-cost" class={offer.isWorth ? 'fine' : 'fine fault'}>
            {costWords(offer, chain)}
          </p>
          <button
            type="button"
            class="button primary"
            disabled={!offer.isWorth || isShort || isBusy}
            onClick={() => void wallet.claim(offer)}
          >
            Claim {formatMoney(offer.plan.amount, chain.currency)}
          </button>
          {isShort && (
            <p class="fine">
              The wallet’s account does not hold the fee. Send it a little of the chain’s coin first, or show another
              account; the vouchers wait.
            </p>
          )}
        </>
      )}
      {resting > 0n && (
        <>
          <p class="fine">
            {formatMoney(resting, chain.currency)} lie at your pay address: claimed, and not sent on to your wallet.
          </p>
          <button type="button" class="button" disabled={!isReady || isBusy} onClick={() => void wallet.sendOn()}>
            Send it to your wallet
          </button>
        </>
      )}
      {owed > 0n && (
        <>
          <p class="fine">
            A payment to your wallet’s account failed: {formatMoney(owed, chain.currency)} wait for it in the contract.
          </p>
          <button type="button" class="button" disabled={!isReady || isBusy} onClick={() => void wallet.take()}>
            Take it
          </button>
        </>
      )}
    </div>
  );
}

function costWords({ plan, fee, isWorth }: ClaimOffer, { currency }: ChainInfo): string {
  const from = plan.way === 'batch' ? formatPlural(plan.lanes.length, 'voucher') : 'one voucher';
  const cost = `The chain’s fee for ${from} is about ${formatMoney(fee, currency)}`;
  if (!isWorth)
    return `${cost}, more than the ${formatMoney(plan.amount, currency)} it brings. Wait until more has come.`;
  return `${cost}: this claim costs ${formatShare(fee, plan.amount)} of it.`;
}
