/** Money and gifts as the sea counts them: what was earned and spent, what is asked, what was received. */

import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Ask, Credit, CreditStatus } from '../../src/credit/credit.ts';
import { AMOUNT_MAX } from '../../src/credit/limits.ts';
import { type Complaint, complaintOf } from '../errors.ts';
import { Earnings } from './credit-earnings.ts';
import { Receipts } from './credit-receipts.ts';

/** What the page asks of `sea.credit`. */
export type CreditSource = Pick<
  Credit,
  | 'ask'
  | 'asked'
  | 'newSessionKey'
  | 'usePurse'
  | 'purse'
  | 'payAddress'
  | 'vouchers'
  | 'redeemed'
  | 'signClaim'
  | 'exportPayKey'
  | 'importPayKey'
  | 'status'
  | 'receipts'
>;

/** What of the sea is needed. */
export interface CreditSea {
  readonly credit: CreditSource;
  on(name: 'credit', handler: (status: CreditStatus) => void): () => void;
}

export const noCredit: CreditStatus = {
  earned: 0n,
  unredeemed: 0n,
  spent: 0n,
  atRisk: 0n,
  owedByMe: 0n,
  given: { paid: 0, gifts: 0 },
  taken: { paid: 0, gifts: 0 },
};

/** The highest price of a part: a million of them must fit one voucher (see credit's `price-tag.ts`). */
export const PART_PRICE_MAX: bigint = AMOUNT_MAX / 1_000_000n;

/** Beats between two readings of receipts while figures change. */
const RECEIPTS_EVERY_BEATS = 4;
/** And while nothing changes: the chart's hour moves on. */
const CHART_EVERY_BEATS = 240;

export class CreditDesk {
  readonly receipts: Receipts;
  readonly earnings: Earnings;
  readonly #isInFront: () => boolean;
  readonly #status: Signal<CreditStatus> = signal(noCredit);
  readonly #asked: Signal<Ask | undefined> = signal<Ask | undefined>(undefined);
  readonly #complaint: Signal<Complaint | undefined> = signal<Complaint | undefined>(undefined);
  readonly #giftsBefore: Signal<number> = signal(0);
  readonly #giftsWhileAsking: ReadonlySignal<number>;
  #source: CreditSource | undefined;
  #isStale = false;
  #isHistoryStale = false;
  #beats = 0;

  /** `wallMs`: Unix time, ms. `isInFront`: whether anybody looks at the receipts. */
  constructor(wallMs: () => number, isInFront: () => boolean) {
    this.receipts = new Receipts(() => this.#source);
    this.earnings = new Earnings(() => this.#source, wallMs);
    this.#isInFront = isInFront;
    this.#giftsWhileAsking = computed(() => {
      const isAsking = (this.#asked.value?.part ?? 0n) > 0n;
      return isAsking ? this.#status.value.given.gifts - this.#giftsBefore.value : 0;
    });
  }

  get status(): ReadonlySignal<CreditStatus> {
    return this.#status;
  }

  /** What this device asks for a part; undefined until it is known. */
  get asked(): ReadonlySignal<Ask | undefined> {
    return this.#asked;
  }

  /** Parts that were computed here for nothing in this visit although a price is asked. */
  get giftsWhileAsking(): ReadonlySignal<number> {
    return this.#giftsWhileAsking;
  }

  /** Why the price could not be set or read. */
  get complaint(): ReadonlySignal<Complaint | undefined> {
    return this.#complaint;
  }

  get source(): CreditSource | undefined {
    return this.#source;
  }

  follow(sea: CreditSea): void {
    this.#source = sea.credit;
    sea.on('credit', () => {
      this.#isStale = true;
      this.#isHistoryStale = true;
    });
    this.#status.value = sea.credit.status();
    this.#isHistoryStale = true;
    void this.#readAsk();
  }

  /** Called a few times a second by the page's beat: the figures may change with every part. */
  refresh(): void {
    this.#beats += 1;
    if (this.#isStale && this.#source !== undefined) {
      this.#isStale = false;
      this.#status.value = this.#source.status();
    }
    if (this.#beats % CHART_EVERY_BEATS === 0) this.#isHistoryStale = true;
    if (!this.#isHistoryStale || this.#beats % RECEIPTS_EVERY_BEATS !== 0 || !this.#isInFront()) return;
    this.#isHistoryStale = false;
    void this.receipts.read();
    void this.earnings.read();
  }

  /** The section has come to the front: its tables are read anew. */
  wake(): void {
    this.#isHistoryStale = true;
  }

  /** Asks so much for a part from now on, 0 for nothing; `free`: whether who cannot pay is computed for too. */
  async ask(part: bigint, free: boolean): Promise<void> {
    const isFirst = (this.#asked.value?.part ?? 0n) === 0n;
    try {
      await this.#source?.ask({ part, free });
      if (isFirst) this.#giftsBefore.value = this.#source?.status().given.gifts ?? 0;
      this.#complaint.value = undefined;
      await this.#readAsk();
    } catch (error) {
      this.complain(error);
    }
  }

  complain(error: unknown): void {
    this.#complaint.value = error === undefined ? undefined : complaintOf(error);
  }

  async #readAsk(): Promise<void> {
    try {
      this.#asked.value = await this.#source?.asked();
      if (this.#source !== undefined) this.#status.value = this.#source.status(); // the books are read by now
    } catch (error) {
      this.complain(error);
    }
  }
}
