/** Money earned: what waits to be claimed and at whom, what came when, and claiming it. */

import type { ChainInfo } from '../../src/ports/chain-info.ts';
import { formatPlural } from '../format.ts';
import { shortAccount } from '../state/chain-money.ts';
import type { PageState } from '../state/page-state.ts';
import type { EarnedLane } from '../state/wallet-claim-plan.ts';
import { EarningsChart } from './earnings-chart.tsx';
import { ClaimBox } from './earnings-claim.tsx';
import { ScrollFrame } from './scroll-frame.tsx';
import { DeedNote } from './wallet-deed.tsx';
import { Money, MoneyFigure } from './wallet-money.tsx';

export function VouchersPanel({ state, chain }: { readonly state: PageState; readonly chain: ChainInfo }) {
  const { currency } = chain;
  const { earned, unredeemed, atRisk, redeemFirst, given } = state.credit.status.value;
  const { lanes } = state.wallet.claims;
  return (
    <section class="sheet money-class vouchers" aria-labelledby="vouchers-heading">
      <div class="panel-head">
        <h3 id="vouchers-heading">Vouchers</h3>
        <p class="panel-aside">money you earned</p>
      </div>
      <p class="rate-line" data-testid="unredeemed" data-amount={String(unredeemed)}>
        <MoneyFigure amount={unredeemed} currency={currency} />
        <span class="figure-unit">to claim</span>
      </p>
      <dl class="money-facts">
        <div>
          <dt>Earned in all</dt>
          <dd>
            <Money amount={earned} currency={currency} />
          </dd>
        </div>
        <div>
          <dt>Could still be lost</dt>
          <dd>
            <Money amount={atRisk} currency={currency} />
          </dd>
        </div>
        <div>
          <dt>In this visit</dt>
          <dd>{formatPlural(given.paid, 'paid part')}</dd>
        </div>
      </dl>
      {atRisk > 0n && (
        <p class="fine">What is computed and not paid, and vouchers on a purse that others can claim from first.</p>
      )}
      {redeemFirst === true && (
        <p class="note waiting">
          <strong>Claim soon.</strong> Much is promised from one purse: its owner gets less computed here on credit
          until you have claimed.
        </p>
      )}
      <EarningsChart earnings={state.credit.earnings} currency={currency} />
      <Lanes lanes={lanes.value.filter(({ due }) => due > 0n)} chain={chain} />
      <ClaimBox state={state} chain={chain} />
      <DeedNote wallet={state.wallet} at="vouchers" />
    </section>
  );
}

function Lanes({ lanes, chain }: { readonly lanes: readonly EarnedLane[]; readonly chain: ChainInfo }) {
  if (lanes.length === 0) {
    return (
      <p class="fine">
        A voucher is a signed promise out of somebody’s purse, for parts that this device computed. It costs nothing to
        take, and is worth what its purse holds.
      </p>
    );
  }
  return (
    <ScrollFrame label="Vouchers held, table">
      <table>
        <caption class="visually-hidden">Vouchers held</caption>
        <thead>
          <tr>
            <th scope="col">From the purse of</th>
            <th scope="col" class="number">
              To claim
            </th>
            <th scope="col">Backed</th>
          </tr>
        </thead>
        <tbody>
          {lanes.map(lane => (
            <tr key={`${lane.voucher.payer} ${lane.voucher.key} ${lane.voucher.lane}`}>
              <th scope="row">
                <code title={lane.voucher.payer}>{shortAccount(lane.voucher.payer)}</code>
              </th>
              <td class="number">
                <Money amount={lane.due} currency={chain.currency} />
              </td>
              <td>{backing(lane)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollFrame>
  );
}

/** Whether the purse holds it, and for how long that is sure. */
function backing({ due, payable, purse, unlockAt }: EarnedLane): string {
  if (payable === 0n) return purse === 'closed' ? 'no more: the purse is closed' : 'no: the purse is empty';
  const until = unlockAt === 0 ? '' : `, claim before ${new Date(unlockAt * 1000).toLocaleString('en')}`;
  return `${payable < due ? 'in part' : 'in full'}${until}`;
}
