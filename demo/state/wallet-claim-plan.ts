/** Which vouchers are worth bringing to the chain, and what that costs of them. */

import type { HeldVoucher } from '../../src/credit/credit.ts';
import type { PurseView } from '../../src/ports/ledger.ts';

/** A held voucher beside what the chain says of its purse. */
export interface EarnedLane {
  readonly voucher: HeldVoucher;
  /** Earned and not paid out yet. */
  readonly due: bigint;
  /** Of that, what the purse still holds. */
  readonly payable: bigint;
  readonly purse: PurseView['state'];
  /** Unix seconds after which the payer may take the purse back; 0 while nobody asked for that. */
  readonly unlockAt: number;
}

export type ClaimPlan =
  | { readonly way: 'none' }
  /** One voucher, paid straight to the connected account. */
  | { readonly way: 'claim'; readonly lane: EarnedLane; readonly amount: bigint }
  /** Several at once to the pay key's own address, and from there to the account. */
  | { readonly way: 'batch'; readonly lanes: readonly EarnedLane[]; readonly amount: bigint };

/** What a claim costs of what it brings. */
export interface ClaimOffer {
  readonly plan: Exclude<ClaimPlan, { way: 'none' }>;
  /** Of all its transactions, in the coin's smallest unit. */
  readonly fee: bigint;
  /** False where the fee eats it up. */
  readonly isWorth: boolean;
}

/** Gas that a further voucher of a batch takes; `npm run bench -- gas`. */
const BATCHED_GAS = 25_000n;
/** Gas of the smallest claim there is; what is worth less than that at the price of now is dust. */
export const CLAIM_GAS = 70_000n;
/** Gas of sending on what a batch paid, with what its price may rise. */
export const SWEEP_GAS = 27_000n;
/** As many as go into one transaction. */
const BATCH_VOUCHERS_MAX = 256;

/** Vouchers worth less than their own gas are left for later, unless there is only one. */
export function planClaim(lanes: readonly EarnedLane[], gasPrice: bigint): ClaimPlan {
  const payable = lanes.filter(lane => lane.payable > 0n).sort((a, b) => (a.payable < b.payable ? 1 : -1));
  const worthy = payable.filter(lane => lane.payable > BATCHED_GAS * gasPrice).slice(0, BATCH_VOUCHERS_MAX);
  const [first] = payable;
  if (first === undefined) return { way: 'none' };
  if (worthy.length <= 1) return { way: 'claim', lane: first, amount: first.payable };
  return { way: 'batch', lanes: worthy, amount: worthy.reduce((sum, lane) => sum + lane.payable, 0n) };
}

/** The lane with what the chain knows of it. */
export function earnedLane(voucher: HeldVoucher, redeemed: bigint, reserved: bigint, purse: PurseView): EarnedLane {
  const due = voucher.cumulative > redeemed ? voucher.cumulative - redeemed : 0n;
  const held = reserved + (purse.state === 'open' ? purse.free : 0n);
  return { voucher, due, payable: due < held ? due : held, purse: purse.state, unlockAt: purse.unlockAt };
}
