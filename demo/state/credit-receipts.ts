/** The receipts a page at a time, and all of them as a file. */

import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Credit, ReceiptKind, ReceiptView } from '../../src/credit/credit.ts';
import { type Complaint, complaintOf } from '../errors.ts';

/** Receipts that the table is of at once. */
export const RECEIPTS_A_PAGE = 100;
/** As many as a device keeps. */
const RECEIPTS_ALL = 10_000;

export class Receipts {
  readonly kind: Signal<ReceiptKind> = signal<ReceiptKind>('given');
  readonly #source: () => Pick<Credit, 'receipts'> | undefined;
  readonly #page: Signal<number> = signal(0);
  readonly #rows: Signal<readonly ReceiptView[]> = signal<readonly ReceiptView[]>([]);
  readonly #isLast: Signal<boolean> = signal(true);
  readonly #complaint: Signal<Complaint | undefined> = signal<Complaint | undefined>(undefined);
  #wanted = 0;

  constructor(source: () => Pick<Credit, 'receipts'> | undefined) {
    this.#source = source;
  }

  /** The one that the rows are of; from 0. */
  get page(): ReadonlySignal<number> {
    return this.#page;
  }

  /** Newest first. */
  get rows(): ReadonlySignal<readonly ReceiptView[]> {
    return this.#rows;
  }

  get isLast(): ReadonlySignal<boolean> {
    return this.#isLast;
  }

  get complaint(): ReadonlySignal<Complaint | undefined> {
    return this.#complaint;
  }

  async show(kind: ReceiptKind): Promise<void> {
    this.kind.value = kind;
    await this.turn(0);
  }

  /** Goes to a page; there is none before the first. */
  async turn(page: number): Promise<void> {
    this.#wanted = Math.max(0, page);
    await this.read();
  }

  /** Reads the page that is wanted anew. */
  async read(): Promise<void> {
    const [kind, page] = [this.kind.value, this.#wanted];
    const from = page * RECEIPTS_A_PAGE;
    try {
      const newest = (await this.#source()?.receipts({ kind, limit: from + RECEIPTS_A_PAGE + 1 })) ?? [];
      if (kind !== this.kind.value || page !== this.#wanted) return; // another page was asked for meanwhile
      batch(() => {
        this.#page.value = page;
        this.#rows.value = newest.slice(from, from + RECEIPTS_A_PAGE);
        this.#isLast.value = newest.length <= from + RECEIPTS_A_PAGE;
        this.#complaint.value = undefined;
      });
    } catch (error) {
      this.#complaint.value = complaintOf(error);
    }
  }

  /** All receipts of both kinds as JSON, newest first; prices as text, for they outgrow a number. */
  async export(): Promise<string | undefined> {
    const source = this.#source();
    if (source === undefined) return undefined;
    try {
      const [given, taken] = await Promise.all(
        (['given', 'taken'] as const).map(kind => source.receipts({ kind, limit: RECEIPTS_ALL })),
      );
      return JSON.stringify({ given, taken }, (_, value) => (typeof value === 'bigint' ? String(value) : value), 2);
    } catch (error) {
      this.#complaint.value = complaintOf(error);
      return undefined;
    }
  }
}
