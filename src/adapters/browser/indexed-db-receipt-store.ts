/** Receipts in IndexedDB, numbered on: an entry's key says how many receipts of its kind there were up to and with it. */

import { RECEIPTS_KEPT, type ReceiptEntry, type ReceiptKind, type ReceiptStore } from '../../ports/receipt-store.ts';
import { checkReceipts } from '../memory/store-rules.ts';
import type { PeerseaDatabase } from './peersea-database.ts';

export class IndexedDbReceiptStore implements ReceiptStore {
  readonly #database: PeerseaDatabase;
  readonly #keptMin: number;

  constructor(database: PeerseaDatabase, keptMin: number = RECEIPTS_KEPT) {
    this.#database = database;
    this.#keptMin = keptMin;
  }

  async add(kind: ReceiptKind, { bytes, count }: ReceiptEntry): Promise<void> {
    checkReceipts({ bytes, count });
    const own = bytes.slice(); // a view would be stored with all the memory behind it
    await this.#database.use(async connection => {
      const transaction = connection.transaction('receipts', 'readwrite');
      const { store } = transaction;
      const newest = await store.openKeyCursor(ofKind(kind), 'prev');
      const last = (newest?.key[1] ?? 0) + count;
      const over = last - this.#keptMin; // a range that ends before it begins is refused
      await Promise.all([
        store.put({ bytes: own, count }, [kind, last]),
        over > 0 ? store.delete(IDBKeyRange.bound([kind, 0], [kind, over])) : undefined,
        transaction.done,
      ]);
    });
  }

  async newest(kind: ReceiptKind, limit: number): Promise<ReceiptEntry[]> {
    return this.#database.use(async connection => {
      const found: ReceiptEntry[] = [];
      let cursor = await connection.transaction('receipts').store.openCursor(ofKind(kind), 'prev');
      for (let left = limit; cursor !== null && left > 0; cursor = await cursor.continue()) {
        found.push(cursor.value);
        left -= cursor.value.count;
      }
      return found;
    });
  }
}

function ofKind(kind: ReceiptKind): IDBKeyRange {
  return IDBKeyRange.bound([kind, 0], [kind, Number.MAX_SAFE_INTEGER]);
}
