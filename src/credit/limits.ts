/** Bounds of the credit service. Value, unit, and the attack or the accident that each bounds. */

import { assert } from '../base/assert.ts';
import type { Rate } from '../base/token-bucket.ts';

// --- Terms ---

/** The largest amount: what SeaPurse's vouchers hold (uint96). */
export const AMOUNT_MAX: bigint = (1n << 96n) - 1n;
/** KiB of one output that are charged at most: what a part can cost is known before it starts. */
export const EGRESS_KIB_MAX = 256;
/** How long a quote holds, ms: a change of price reaches everybody after so long. */
export const QUOTE_VALID_MS = 600_000;
/** The same of a gift to one whose purse could not pay now, ms: perhaps it soon can. */
export const GIFT_INSTEAD_MS = 20_000;
/** The longest that a requester believes, ms. */
export const QUOTE_VALID_MS_MAX = 86_400_000;
/** Terms that are this young are not asked for again, ms. */
export const AGREE_AGAIN_MS = 1_000;
/** How much longer the provider honours it, ms: for what was on its way. */
export const QUOTE_GRACE_MS = 30_000;
/** A quote is asked for again when this share of its time is left. */
export const QUOTE_RENEW_SHARE = 0.25;
/** Time from a part's output to its verdict, ms: after that the provider stops until it comes. */
export const VERDICT_MS = 60_000;
/**
 * How long what was computed and is not paid stays against a line, ms: a purse can cost one line in so long and no more; and one
 * whose page was closed too soon a few times, and which knows of nothing, is not shut out for ever.
 */
export const LOSS_KEPT_MS = 3_600_000;
/** Parts per slot that a provider computes before it wants to be paid: a window of two batches, each of two a slot. */
export const LINE_PARTS_PER_SLOT = 4;

// --- The provider's books ---

/** Parts under way and unpaid for one debtor: bounds memory where parts cost nothing. */
export const PARTS_PER_DEBTOR_MAX = 1_024;
/** Quotes that one requester may ask for: each costs some ms of curves and a look at the chain. */
export const QUOTE_RATE: Rate = { burst: 10, perSecond: 1 };
/** Settlements of one requester that bring nothing: each can cost some ms of curves and a write. Honest ones come once. */
export const FUTILE_RATE: Rate = { burst: 20, perSecond: 1 };
/** Requesters with terms; those without parts on the books make room, the one heard of longest ago first. */
export const REQUESTERS_MAX = 4_096;
/** Lanes that one requester may pay in at a time: that of the purse in use, and those that it still owes in. */
export const LANES_SHOWN_MAX = 4;
/**
 * Lanes with vouchers that are kept; where they are full, the one with least to redeem makes room for one with more. So a
 * table full of other people's lanes costs them money that is worth more than what it keeps out.
 */
export const LANES_MAX = 1_024;
/** The same for the lanes of one purse: one a process of the payer's device. */
export const LANES_PER_PURSE_MAX = 32;
/**
 * Other payees' vouchers on the same purse cannot be seen, so what is held unredeemed and unreserved of one is bounded: by a
 * share of what the purse holds free, 1/4; or by this many lines where that is more, so that small purses are not bounded.
 */
export const UNREDEEMED_SHARE = 4n;
export const UNREDEEMED_LINES = 16n;
/** Purses with a line here. */
export const PURSES_MAX = 1_024;
/** How long what the ledger said of a purse is believed, ms. */
export const PURSE_VIEW_MS = 10_000;
/** The same where it keeps work from being begun, ms: somebody may have redeemed meanwhile, or filled the purse. */
export const PURSE_VIEW_REFUSED_MS = 1_000;
/** Time for the ledger's answer, ms. */
export const LEDGER_TIMEOUT_MS = 8_000;

// --- The requester's books ---

/** Payees of one purse whose sums are kept: all are written with each voucher. Those beyond show what they hold. */
export const PAYEES_MAX = 512;
/** Lanes of the 256 that are a device's own; the rest is for further processes of it, which draw theirs at random. */
export const DEVICE_LANES = 64;
/** Session keys made on this device that are looked through for a purse. */
export const SESSION_KEYS_MAX = 1_024;
/** Providers with books; those with nothing open make room. */
export const PROVIDERS_MAX = 4_096;

// --- Settling ---

/** Receipts under one signature, parts in one settlement. */
export const BATCH_MAX = 64;
/** A settlement leaves at the latest so long after its first part was accepted, ms. */
export const SETTLE_AFTER_MS = 400;
/** The same where nothing is to be paid: only receipts wait, and each settlement costs both sides some ms of curves. */
export const GIFTS_SETTLE_AFTER_MS = 5_000;
/** Time for its answer, ms. */
export const SETTLE_TIMEOUT_MS = 10_000;
/** Time for a quote, ms. */
export const QUOTE_TIMEOUT_MS = 10_000;
/** First wait before an unanswered settlement is sent again, ms (doubles), and the longest. */
export const SETTLE_RETRY_MS = 1_000;
export const SETTLE_RETRY_MS_MAX = 60_000;
/** Times that it is sent while nothing else happens; then with the next link or agreement. */
export const SETTLE_TRIES_MAX = 6;

/** Changes of the figures are told together, ms. */
export const STATUS_AFTER_MS = 200;
/** Receipts that a query gives when it names no number. */
export const RECEIPTS_SHOWN = 100;

assert(SETTLE_AFTER_MS * 10 < VERDICT_MS, 'a verdict comes in time also when its settlement is lost some times');
