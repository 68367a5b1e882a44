/**
 * Receipts kept on this device as evidence and history, in the order of their coming. The store does not read them; its
 * callers do. Losing them costs history, no money.
 */

/** Receipts of each kind that are kept at least; of those beyond, the oldest go. */
export const RECEIPTS_KEPT = 10_000;

/** Bytes of one entry at most. */
export const RECEIPT_ENTRY_BYTES_MAX = 65_536;

/** 'given' by this device, or 'taken' from others. */
export type ReceiptKind = 'given' | 'taken';

/** Receipts that were signed as one. */
export interface ReceiptEntry {
  readonly bytes: Uint8Array;
  /** How many receipts it holds, 1 or more. */
  readonly count: number;
}

export interface ReceiptStore {
  /** Keeps an entry. Throws NO_STORAGE, TOO_LARGE. */
  add(kind: ReceiptKind, entry: ReceiptEntry): Promise<void>;
  /** The newest entries, newest first, as many as hold `limit` receipts (or all there are). */
  newest(kind: ReceiptKind, limit: number): Promise<ReceiptEntry[]>;
}
