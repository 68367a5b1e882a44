/** The chain as credit reads it: what a purse holds and what a lane has paid. Writing is a wallet's. */

import type { PayAddress } from './pay-keys.ts';

/** Which contract on which chain honours vouchers. */
export interface Chain {
  /** EIP-155. */
  readonly id: bigint;
  /** SeaPurse, 20 bytes. */
  readonly contract: PayAddress;
}

/** `purse[payer][key]` of SeaPurse. */
export interface PurseView {
  readonly state: 'none' | 'open' | 'closed';
  /** Not paid out and not reserved, in the asset's smallest unit. */
  readonly free: bigint;
  /** Unix seconds of a pending withdrawal; 0 when none was asked for. */
  readonly unlockAt: number;
  /** Unix seconds; 0 for never. */
  readonly expiry: number;
}

/** `lane[…]` of SeaPurse. */
export interface LaneView {
  /** Paid out so far. */
  readonly paid: bigint;
  readonly reserved: bigint;
  /** Unix seconds to which the reservation holds. */
  readonly until: number;
}

export interface Ledger {
  readonly chain: Chain;
  /** Throws CHAIN_FAILED when no answer can be had. */
  purse(payer: PayAddress, key: PayAddress, signal?: AbortSignal): Promise<PurseView>;
  lane(payer: PayAddress, key: PayAddress, payee: PayAddress, lane: number, signal?: AbortSignal): Promise<LaneView>;
}
