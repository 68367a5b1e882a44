/** What an application sees of credit. Amounts are in the asset's smallest unit, addresses of accounts are 0x and 40 hex digits. */

import type { HashAddress } from '../address/hash-address.ts';
import type { Chain } from '../ports/ledger.ts';
import type { PayAddress } from '../ports/pay-keys.ts';
import type { ReceiptKind } from '../ports/receipt-store.ts';

export type { ReceiptKind } from '../ports/receipt-store.ts';

/** What this device asks for computing; per part, and per KiB of its output. */
export interface Ask {
  readonly part: bigint;
  readonly egress: bigint;
  /** Whether strangers without a purse are computed for as a gift. */
  readonly free: boolean;
}

/** The same as it is announced to the sea, with where it is to be paid; see compute's `provider-record.ts`. */
export interface AskedPrice extends Ask {
  readonly chain: Chain;
  readonly payee: PayAddress;
  /** 64 bytes by the pay key: it stands for the node. */
  readonly binding: Uint8Array;
}

/** What a map says of its costs. */
export interface PriceLimits {
  readonly priceMax?: bigint | undefined;
  readonly budget?: bigint | undefined;
}

/** The purse that this device pays from: whoever opened it, and the session key it was opened for. */
export interface PurseUse {
  readonly payer: string;
  readonly key: string;
  /** Most for one part where a map says nothing else; default 0: then only maps that name a price or a budget pay. */
  readonly priceMax?: bigint | undefined;
}

/** A voucher for this device's pay key: the newest of its lane, worth all that lane has earned. */
export interface HeldVoucher {
  readonly chainId: bigint;
  readonly contract: string;
  readonly payer: string;
  /** The purse's session key: whose signature this is. */
  readonly key: string;
  readonly payee: string;
  readonly lane: number;
  readonly cumulative: bigint;
  /** 64 bytes, EIP-2098. */
  readonly signature: Uint8Array;
  /** 97 bytes, as `redeemBatch` takes them. */
  readonly packed: Uint8Array;
}

/** Says to whom and at which fee a relayer may bring a voucher. */
export interface ClaimTerms {
  readonly voucher: HeldVoucher;
  /** 0x and 40 hex digits. */
  readonly to: string;
  readonly maxFee: bigint;
  /** Unix seconds. */
  readonly deadline: number;
  readonly onlyWhileUnlocking?: boolean | undefined;
}

/** A Claim with the payee's signature, as `claimFor` takes both. */
export interface SignedClaim {
  readonly payer: string;
  readonly key: string;
  readonly lane: number;
  readonly to: string;
  readonly maxFee: bigint;
  readonly onlyWhileUnlocking: boolean;
  readonly deadline: number;
  /** 64 bytes, EIP-2098. */
  readonly signature: Uint8Array;
}

/** What a provider asks of this node. */
export interface QuoteView {
  readonly provider: HashAddress;
  readonly payee: string;
  /** For one part; `egress` per KiB of its output, `egressKiBMax` of them at most. */
  readonly part: bigint;
  readonly egress: bigint;
  readonly egressKiBMax: number;
  /** What the provider computes before it wants to be paid: all that it can lose. */
  readonly line: bigint;
  readonly verdictMs: number;
  /** How long it holds from now, ms. */
  readonly validMs: number;
  /** Nothing is to be paid. */
  readonly gift: boolean;
}

export interface CreditStatus {
  /** In vouchers held, redeemed ones included. */
  readonly earned: bigint;
  /** Of that, what the chain has not paid yet, as far as it was asked. */
  readonly unredeemed: bigint;
  /** In vouchers signed from the purse in use. */
  readonly spent: bigint;
  /**
   * What could be lost now: computed for others and not paid, or under way (a credit line a purse at most); and what is held
   * unredeemed and not reserved, which is paid to whoever comes first to the chain.
   */
  readonly atRisk: bigint;
  /** Some purse gets less credit, or none, until its vouchers are redeemed: so much is held of it. */
  readonly redeemFirst?: true;
  /** Accounts whose purses hold enough, and of which no further part is taken until vouchers of theirs are redeemed. */
  readonly stoppedPayers?: readonly string[];
  /** Computed for this node, accepted, and not yet paid. */
  readonly owedByMe: bigint;
  /** Parts since the node was made: computed for others, and by others, paid and as gifts. */
  readonly given: PartCount;
  readonly taken: PartCount;
}

export interface PartCount {
  readonly paid: number;
  readonly gifts: number;
}

/** One part's receipt. Hashes are SHA-256, 64 hex digits. */
export interface ReceiptView {
  /** Unix ms, when it was kept. */
  readonly keptMs: number;
  readonly class: 'gift' | 'paid';
  readonly subtask: string;
  /** Text form of the bundle's content id. */
  readonly bundle: string;
  readonly input: string;
  readonly output: string;
  readonly price: bigint;
  /** Node addresses; `payee` is the provider's pay address. */
  readonly requester: string;
  readonly provider: string;
  readonly payee: string;
}

export interface ReceiptQuery {
  /** 'given': computed here, signed by this device. 'taken': computed by others, signed by them. */
  readonly kind: ReceiptKind;
  /** Default 100. */
  readonly limit?: number | undefined;
}
