/** What is there to claim, what a claim costs, and claiming. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { fromHex } from '../../src/base/bytes.ts';
import type { HeldVoucher } from '../../src/credit/credit.ts';
import type { ChainInfo } from '../../src/ports/chain-info.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import { type Complaint, complaintOf } from '../errors.ts';
import { formatMoney, shortAccount } from './chain-money.ts';
import type { CreditSource } from './credit.ts';
import {
  CLAIM_GAS,
  type ClaimOffer,
  type ClaimPlan,
  type EarnedLane,
  earnedLane,
  planClaim,
  SWEEP_GAS,
} from './wallet-claim-plan.ts';
import type { Act } from './wallet-deeds.ts';
import type { ConnectedWallet, WalletTools } from './wallet-tools.ts';

/** Vouchers looked up on the chain at once; the worthiest come first. */
const LANES_READ_MAX = 64;
/** A signed claim is good for so long, seconds: the wallet's owner may take a while. */
const CLAIM_VALID_S = 3_600;

/** What claiming needs of this moment. */
export interface ClaimPlace {
  readonly credit: CreditSource;
  readonly chain: ChainInfo;
  readonly tools: WalletTools;
}

export interface Claimant {
  readonly purses: ConnectedWallet;
  readonly account: string;
}

export class Claims {
  readonly #lanes: Signal<readonly EarnedLane[]> = signal<readonly EarnedLane[]>([]);
  readonly #offer: Signal<ClaimOffer | undefined> = signal<ClaimOffer | undefined>(undefined);
  readonly #dust: Signal<bigint> = signal(0n);
  readonly #resting: Signal<bigint> = signal(0n);
  readonly #complaint: Signal<Complaint | undefined> = signal<Complaint | undefined>(undefined);
  #ledger: Promise<Ledger> | undefined;
  #reading: Promise<void> | undefined;
  #wanted: { readonly place: ClaimPlace; readonly claimant: Claimant | undefined } | undefined;

  /** The worthiest first. */
  get lanes(): ReadonlySignal<readonly EarnedLane[]> {
    return this.#lanes;
  }

  /** What the connected wallet could claim now; undefined without one, and when there is nothing. */
  get offer(): ReadonlySignal<ClaimOffer | undefined> {
    return this.#offer;
  }

  /** What it takes to claim at all, now: less is not worth a claim. */
  get dust(): ReadonlySignal<bigint> {
    return this.#dust;
  }

  /** What lies at the pay key's own address: a batch paid it there and it was not sent on. */
  get resting(): ReadonlySignal<bigint> {
    return this.#resting;
  }

  get complaint(): ReadonlySignal<Complaint | undefined> {
    return this.#complaint;
  }

  /**
   * Asks the chain what it has paid, and what a claim by this wallet would cost. One reading at a time: who asks meanwhile
   * waits for one more. Never rejects.
   */
  read(place: ClaimPlace, claimant: Claimant | undefined): Promise<void> {
    this.#wanted = { place, claimant };
    this.#reading ??= this.#readWanted().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** The claim that was offered, for `Deeds.run`. */
  claim({ credit, chain, tools }: ClaimPlace, { purses, account }: Claimant, { plan }: ClaimOffer): Act {
    return async options => {
      if (plan.way === 'claim') {
        const { voucher, claim } = await signedClaim(credit, plan, account, (await tools.conditions(chain)).timeS);
        const { amount } = await purses.claimFor(voucher, claim, 0n, options);
        return arrived(amount, account, chain);
      }
      const packed = plan.lanes.map(({ voucher }) => voucher.packed);
      await purses.redeemBatch(await credit.payAddress(), packed, options);
      const { amount } = await tools.sweep(credit, account, chain, options);
      return arrived(amount, account, chain);
    };
  }

  /** Sends on what lies at the pay key's own address. */
  sendOn({ credit, chain, tools }: ClaimPlace, account: string): Act {
    return async options => arrived((await tools.sweep(credit, account, chain, options)).amount, account, chain);
  }

  async #readWanted(): Promise<void> {
    for (let wanted = this.#wanted; wanted !== undefined; wanted = this.#wanted) {
      this.#wanted = undefined;
      await this.#read(wanted.place, wanted.claimant);
    }
  }

  async #read(place: ClaimPlace, claimant: Claimant | undefined): Promise<void> {
    const { credit, chain, tools } = place;
    try {
      const { timeS, gasPrice } = await tools.conditions(chain);
      this.#dust.value = CLAIM_GAS * gasPrice;
      const lanes = await this.#readLanes(place);
      this.#lanes.value = lanes;
      const plan = planClaim(lanes, gasPrice);
      this.#offer.value =
        claimant === undefined ? undefined : await offerOf(credit, plan, claimant, { timeS, gasPrice });
      if (claimant !== undefined) {
        const { coin } = await claimant.purses.balances(await credit.payAddress());
        this.#resting.value = coin > SWEEP_GAS * gasPrice ? coin : 0n;
      }
      this.#complaint.value = undefined;
    } catch (error) {
      this.#offer.value = undefined;
      this.#complaint.value = complaintOf(error);
    }
  }

  async #readLanes({ credit, chain, tools }: ClaimPlace): Promise<EarnedLane[]> {
    this.#ledger ??= tools.ledger(chain);
    const ledger = await this.#ledger;
    const lanes: EarnedLane[] = [];
    for (const voucher of (await credit.vouchers()).slice(0, LANES_READ_MAX)) {
      const before = this.#lanes.value.find(lane => isPaidOut(lane, voucher));
      if (before !== undefined) {
        lanes.push(before);
        continue;
      }
      const [payer, key, payee] = [bytes(voucher.payer), bytes(voucher.key), bytes(voucher.payee)];
      const [redeemed, { reserved }, purse] = await Promise.all([
        credit.redeemed(voucher),
        ledger.lane(payer, key, payee, voucher.lane),
        ledger.purse(payer, key),
      ]);
      lanes.push(earnedLane(voucher, redeemed, reserved, purse));
    }
    return lanes;
  }
}

/** The fee is what the node says the transaction takes; without the coin for it there is no offer but a complaint. */
async function offerOf(
  credit: CreditSource,
  plan: ClaimPlan,
  { purses, account }: Claimant,
  { timeS, gasPrice }: { readonly timeS: number; readonly gasPrice: bigint },
): Promise<ClaimOffer | undefined> {
  if (plan.way === 'none') return undefined;
  if (plan.way === 'batch') {
    const packed = plan.lanes.map(({ voucher }) => voucher.packed);
    const redeeming = await purses.estimate({ call: 'redeemBatch', payee: await credit.payAddress(), packed });
    const fee = redeeming.fee + SWEEP_GAS * gasPrice;
    return { plan, fee, isWorth: fee < plan.amount };
  }
  const { voucher, claim } = await signedClaim(credit, plan, account, timeS);
  const { fee } = await purses.estimate({ call: 'claimFor', voucher, claim, fee: 0n });
  return { plan, fee, isWorth: fee < plan.amount };
}

async function signedClaim(
  credit: CreditSource,
  { lane: { voucher } }: Extract<ClaimPlan, { way: 'claim' }>,
  to: string,
  timeS: number,
) {
  const deadline = timeS + CLAIM_VALID_S;
  return { voucher, claim: await credit.signClaim({ voucher, to, maxFee: 0n, deadline }) };
}

function arrived(amount: bigint, account: string, { currency }: ChainInfo): string {
  return `${formatMoney(amount, currency)} arrived at ${shortAccount(account)}.`;
}

/** The chain has paid all of it, and there is nothing to ask until it grows. */
function isPaidOut({ due, voucher }: EarnedLane, { payer, key, lane, cumulative }: HeldVoucher): boolean {
  return (
    due === 0n &&
    voucher.payer === payer &&
    voucher.key === key &&
    voucher.lane === lane &&
    voucher.cumulative === cumulative
  );
}

function bytes(account: string): Uint8Array {
  return fromHex(account.slice(2));
}
