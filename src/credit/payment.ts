/**
 * What computing needs of credit, said here in credit's own words: compute declares the same shapes (`compute/payment.ts`)
 * and `services.ts` joins the two, for services do not import each other.
 */

import type { ContentId } from '../address/content-id.ts';
import type { HashAddress } from '../address/hash-address.ts';

/** One part as both sides name it. */
export interface Subtask {
  /** SUBTASK_BYTES: 8 drawn at random for the map, then the part's index. Alike for every attempt at it. */
  readonly id: Uint8Array;
  readonly bundle: ContentId;
}

/** The provider's side. */
export interface Till {
  /**
   * Takes a place in the requester's credit line for one part. The input is read now: running may detach it. Throws
   * PAYMENT_REQUIRED (nothing was agreed, it has run out or holds no longer), CREDIT_LINE (what is owed and under way
   * fills the line, or a verdict is overdue).
   */
  admit(requester: HashAddress, subtask: Subtask, input: Uint8Array): Charge;
}

/** A part's place in a credit line, until exactly one of its ends. */
export interface Charge {
  /** Parts that are paid for are computed before gifts. */
  readonly paid: boolean;
  /** The part was computed and its output leaves: it is owed from now on. Called before the bytes are given away. */
  computed(output: Uint8Array): void;
  /** It came to nothing: its place is free again. */
  dropped(): void;
}

/** The requester's side: one for each map. */
export interface Purser {
  /**
   * Agrees on terms with a provider before its first part, or again when they have run out. Throws PAYMENT_REQUIRED (it asks
   * for money and there is no purse), PRICE_TOO_HIGH, PURSE_EMPTY, CREDIT_LINE (it must redeem first), WRONG_CHAIN,
   * BAD_QUOTE, BAD_VOUCHER (it refused an earlier payment) and what calls throw.
   */
  agree(provider: HashAddress, signal: AbortSignal): Promise<void>;
  /** False when a provider must be agreed with anew before it is given anything more. */
  hasTerms(provider: HashAddress): boolean;
  /** False while one more part would overrun the provider's credit line or what is left of the budget. */
  mayStart(provider: HashAddress): boolean;
  started(provider: HashAddress, subtask: Subtask): void;
  /**
   * Its output equals the accepted one: it will be paid, and so are attempts at the part that were taken back, if it turns
   * out that they came to the same. For this node itself only the latter.
   */
  accepted(provider: HashAddress, subtask: Subtask, input: Uint8Array, output: Uint8Array): void;
  /** It came to nothing here: failed, taken back, late. If the provider had computed it as accepted, it is paid all the same. */
  ended(provider: HashAddress, subtask: Subtask): void;
  /** It gave another output than the accepted one: it is not paid, whatever it says later. */
  refused(provider: HashAddress, subtask: Subtask): void;
  /** What has been owed and paid for this map so far, in the asset's smallest unit. */
  readonly cost: bigint;
  /** True when the budget does not reach for one more part, and nothing under way can change that. */
  readonly spent: boolean;
  /** Pays what is open and lets go. Never rejects: what could not be paid stays in the books. */
  close(): Promise<void>;
}

export interface PurserOptions {
  /** Most for one part, in the asset's smallest unit; undefined: what `usePurse` said, else the budget, else nothing. */
  readonly priceMax: bigint | undefined;
  /** Most for the whole map. */
  readonly budget: bigint | undefined;
  /** Room where there was none, or a figure changed. */
  readonly onChange: () => void;
}

/** Makes the purser of one map. */
export type Hire = (options: PurserOptions) => Purser;
