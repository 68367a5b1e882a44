/** Receipts in memory: for tests, the simulator and nodes that keep nothing. */

import type { ReceiptEntry, ReceiptKind, ReceiptStore } from '../../ports/receipt-store.ts';
import { RECEIPTS_KEPT } from '../../ports/receipt-store.ts';
import { checkReceipts } from './store-rules.ts';

export class MemoryReceiptStore implements ReceiptStore {
  readonly #keptMin: number;
  readonly #entries: Record<ReceiptKind, ReceiptEntry[]> = { given: [], taken: [] }; // oldest first
  readonly #counts: Record<ReceiptKind, number> = { given: 0, taken: 0 };

  constructor(keptMin: number = RECEIPTS_KEPT) {
    this.#keptMin = keptMin;
  }

  async add(kind: ReceiptKind, entry: ReceiptEntry): Promise<void> {
    checkReceipts(entry);
    const entries = this.#entries[kind];
    entries.push({ bytes: entry.bytes.slice(), count: entry.count });
    this.#counts[kind] += entry.count;
    while (this.#counts[kind] - entries[0]!.count >= this.#keptMin) this.#counts[kind] -= entries.shift()!.count;
  }

  async newest(kind: ReceiptKind, limit: number): Promise<ReceiptEntry[]> {
    const found: ReceiptEntry[] = [];
    const entries = this.#entries[kind];
    for (let at = entries.length - 1, left = limit; at >= 0 && left > 0; at--) {
      const { bytes, count } = entries[at]!;
      found.push({ bytes: bytes.slice(), count });
      left -= count;
    }
    return found;
  }
}
