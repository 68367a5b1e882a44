/**
 * Receipts as two files a kind, each appended to until it holds as many as must be kept: then it becomes the old one, and
 * the old one goes. An entry is its length (u32), its count (u32) and its bytes; what a process that died left half
 * written is cut off. One process at a time uses a folder (see `FileLock`).
 */

import { appendFile, readFile, rename, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { concat } from '../../base/bytes.ts';
import {
  RECEIPT_ENTRY_BYTES_MAX,
  RECEIPTS_KEPT,
  type ReceiptEntry,
  type ReceiptKind,
  type ReceiptStore,
} from '../../ports/receipt-store.ts';
import { checkReceipts } from '../memory/store-rules.ts';
import { ifThere, makeFolder, stored } from './data-folder.ts';

const HEAD_BYTES = 8;

export class FileReceiptStore implements ReceiptStore {
  readonly #folder: string;
  readonly #keptMin: number;
  /** Receipts in the newer file of each kind, once it was read. */
  readonly #counts = new Map<ReceiptKind, number>();
  #last: Promise<unknown> = Promise.resolve();

  /** `folder` is for receipts alone; it is made with the first. */
  constructor(folder: string, keptMin: number = RECEIPTS_KEPT) {
    this.#folder = folder;
    this.#keptMin = keptMin;
  }

  async add(kind: ReceiptKind, entry: ReceiptEntry): Promise<void> {
    checkReceipts(entry);
    const head = new DataView(new ArrayBuffer(HEAD_BYTES));
    head.setUint32(0, entry.bytes.length);
    head.setUint32(4, entry.count);
    const line = concat(new Uint8Array(head.buffer), entry.bytes);
    await this.#inTurn(async () => {
      const path = this.#path(kind, 'new');
      let count = this.#counts.get(kind) ?? (await this.#repair(path));
      if (count >= this.#keptMin) {
        await rename(path, this.#path(kind, 'old'));
        count = 0;
      }
      await makeFolder(dirname(path));
      this.#counts.delete(kind); // read anew, should this fail half-way
      await appendFile(path, line, { mode: 0o600 });
      this.#counts.set(kind, count + entry.count);
    });
  }

  async newest(kind: ReceiptKind, limit: number): Promise<ReceiptEntry[]> {
    return this.#inTurn(async () => {
      const found: ReceiptEntry[] = [];
      let left = limit;
      for (const age of ['new', 'old'] as const) {
        const { entries } = left > 0 ? await read(this.#path(kind, age)) : { entries: [] };
        for (const entry of entries.reverse()) {
          if (left <= 0) break;
          found.push(entry);
          left -= entry.count;
        }
      }
      return found;
    });
  }

  /** Cuts off what is half written; resolves to the receipts that are there. */
  async #repair(path: string): Promise<number> {
    const { entries, wholeBytes, bytes } = await read(path);
    if (wholeBytes < bytes) await truncate(path, wholeBytes);
    return entries.reduce((sum, { count }) => sum + count, 0);
  }

  #path(kind: ReceiptKind, age: 'new' | 'old'): string {
    return join(this.#folder, `${kind}-${age}`);
  }

  /** One after another, so that no two writes mix. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => stored(work()));
    this.#last = turn.catch(() => {}); // its caller hears of it
    return turn;
  }
}

interface Contents {
  /** Oldest first. */
  readonly entries: ReceiptEntry[];
  readonly wholeBytes: number;
  readonly bytes: number;
}

async function read(path: string): Promise<Contents> {
  const file = (await ifThere(readFile(path))) ?? new Uint8Array(0);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const entries: ReceiptEntry[] = [];
  let at = 0;
  while (at + HEAD_BYTES <= file.length) {
    const length = view.getUint32(at);
    const count = view.getUint32(at + 4);
    const end = at + HEAD_BYTES + length;
    if (length > RECEIPT_ENTRY_BYTES_MAX || count === 0 || end > file.length) break;
    entries.push({ bytes: new Uint8Array(file.subarray(at + HEAD_BYTES, end)), count });
    at = end;
  }
  return { entries, wholeBytes: at, bytes: file.length };
}
