/** Bounds of talking to a chain. Value, unit, and the attack or the accident that each bounds. */

/** Time for one answer of a chain's node, ms: one that accepts and says nothing. */
export const RPC_TIMEOUT_MS = 10_000;
/** Longest answer taken, bytes: a node must not fill memory. A receipt of the largest batch has some 400 KB. */
export const RPC_ANSWER_BYTES_MAX = 1_048_576;
/** A receipt is asked for this often at first, ms, then ever more seldom. */
export const RECEIPT_POLL_MS = 50;
/** Between two questions at most, ms: a public chain has a block every 2 to 12 s. */
export const RECEIPT_POLL_MS_MAX = 2_000;
/** Time for a transaction to be mined, ms: one whose fee is too low may wait for ever. */
export const MINED_TIMEOUT_MS = 600_000;
/** Vouchers in one transaction: 256 of them need some 10 million gas where every lane is new, below any block's limit. */
export const BATCH_VOUCHERS_MAX = 256;
/** Wallets listed: a page that announces itself without end. */
export const WALLETS_MAX = 32;
