/** What a provider has on its books of one requester: the terms it was given, and its parts under way and unpaid. */

import type { ContentId } from '../address/content-id.ts';
import type { HashAddress } from '../address/hash-address.ts';
import { toHex } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { SeaError } from '../base/errors.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import type { Debtor } from './debtor.ts';
import { FUTILE_RATE, LANES_SHOWN_MAX, PARTS_PER_DEBTOR_MAX, QUOTE_RATE, VERDICT_MS } from './limits.ts';
import type { SettleAnswer } from './messages.ts';
import type { Subtask } from './payment.ts';
import type { PurseDebtor } from './purse-debtors.ts';
import { type Prices, priceMaxOf, priceOf } from './quote.ts';

/** Prices that hold for a requester until their time is over. */
export interface Terms {
  readonly debtor: Debtor;
  readonly prices: Prices;
  readonly egressKiBMax: number;
  /** By the clock. */
  readonly untilMs: number;
}

/** An attempt at a part. */
export interface TillPart {
  readonly name: string;
  readonly bundle: ContentId;
  readonly inputHash: Promise<Uint8Array>;
  readonly debtor: Debtor;
  /** The terms that the requester may have started it under, the newest first. */
  readonly terms: readonly [Terms, ...Terms[]];
  /** What it takes of the line: the most that it can cost, then what it costs. */
  amount: bigint;
  output: { readonly hash: Promise<Uint8Array>; readonly byteLength: number } | undefined;
  /** By the clock; undefined before its output is there. */
  computedMs: number | undefined;
  /** By the clock: with no word of it by then, nothing more is begun. Infinity before it is computed, and after a word. */
  dueMs: number;
}

/** A purse that a requester pays from, and the lane it does so in. */
export interface ShownLane {
  readonly purse: PurseDebtor;
  readonly lane: number;
}

export class TillRecord {
  readonly requester: HashAddress;
  /** Those that it has shown to have the key of, the newest first. A voucher of another lane was not asked for. */
  lanes: readonly ShownLane[] = [];
  /** Oldest first; a part may be attempted again while an earlier attempt is on the books. */
  readonly #parts = new Set<TillPart>(); // at most PARTS_PER_DEBTOR_MAX
  /** The newest first, two at most that differ. The requester means the newest: where that is over, all are. */
  #terms: readonly Terms[] = [];
  /** The last settlement, for when its answer is lost. */
  last: { readonly id: Uint8Array; readonly answer: Promise<SettleAnswer> } | undefined;
  turn: Promise<unknown> = Promise.resolve();

  /** How often it may ask for a quote. */
  readonly quotes: TokenBucket;
  /** How often it may send a settlement that brings nothing. */
  readonly futile: TokenBucket;

  constructor(requester: HashAddress, clock: Clock) {
    this.requester = requester;
    this.quotes = new TokenBucket(clock, QUOTE_RATE);
    this.futile = new TokenBucket(clock, FUTILE_RATE);
  }

  /** Nothing of it could be lost. */
  get isIdle(): boolean {
    for (const { amount } of this.#parts) if (amount > 0n) return false;
    return true;
  }

  /** It has the key of this purse, and pays in this lane. */
  show(purse: PurseDebtor, lane: number): void {
    const others = this.lanes.filter(other => other.purse !== purse || other.lane !== lane);
    this.lanes = [{ purse, lane }, ...others].slice(0, LANES_SHOWN_MAX);
  }

  /** What was agreed before holds for what is on its way; the same again, however often it is asked for, puts out no other. */
  agree(terms: Terms, nowMs: number): void {
    this.#terms = [
      terms,
      ...this.#valid(nowMs)
        .filter(other => !isSame(other, terms))
        .slice(0, 1),
    ];
  }

  /** Whoever was promised gifts must ask again. Older terms are no way out: it believes in the newest. */
  endGifts(): void {
    const [newest] = this.#terms;
    if (newest !== undefined && priceMaxOf(newest.prices, newest.egressKiBMax) === 0n) this.#terms = [];
  }

  /** Attempts at a part, the oldest first. */
  parts(subtask: Uint8Array): TillPart[] {
    const name = toHex(subtask);
    return [...this.#parts].filter(part => part.name === name);
  }

  /** Takes a place for a part. Throws PAYMENT_REQUIRED, CREDIT_LINE. */
  admit(subtask: Subtask, inputHash: () => Promise<Uint8Array>, nowMs: number): TillPart {
    const [newest, ...older] = this.#valid(nowMs);
    if (newest === undefined) throw new SeaError('PAYMENT_REQUIRED', 'nothing was agreed, or it has run out');
    if (this.#isOverdue(nowMs)) throw new SeaError('CREDIT_LINE', 'the verdict on a part is overdue');
    if (this.#parts.size >= PARTS_PER_DEBTOR_MAX) this.#forgetGift();
    const { debtor, prices, egressKiBMax } = newest;
    const amount = priceMaxOf(prices, egressKiBMax);
    if (amount > debtor.credit) throw new SeaError('PAYMENT_REQUIRED', 'these terms no longer hold: ask for new ones');
    if (!debtor.take(amount)) throw new SeaError('CREDIT_LINE', `${debtor.taken} of ${debtor.credit} are taken`);
    const { bundle } = subtask;
    const part: TillPart = {
      name: toHex(subtask.id),
      bundle,
      inputHash: inputHash(),
      debtor,
      terms: [newest, ...older],
      amount,
      output: undefined,
      computedMs: undefined,
      dueMs: Number.POSITIVE_INFINITY,
    };
    part.inputHash.catch(() => {}); // whoever settles it hears of it
    this.#parts.add(part);
    return part;
  }

  /** A part's output is there, so its price is known, and the time for its verdict runs. */
  computed(part: TillPart, hash: Promise<Uint8Array>, byteLength: number, nowMs: number): void {
    hash.catch(() => {}); // whoever settles it hears of it
    part.output = { hash, byteLength };
    part.computedMs = nowMs;
    const [{ prices, egressKiBMax }] = part.terms;
    const price = priceOf(prices, egressKiBMax, byteLength);
    part.debtor.change(part.amount, price);
    part.amount = price;
    if (price > 0n) part.dueMs = nowMs + VERDICT_MS;
  }

  /** The requester may have forgotten what was computed until now: that stays against its line, and stops nothing. */
  linkOpened(): void {
    for (const part of this.#parts) part.dueMs = Number.POSITIVE_INFINITY;
  }

  /** An attempt is paid for, or came to nothing. */
  remove(part: TillPart): void {
    if (this.#parts.delete(part)) part.debtor.give(part.amount);
  }

  /** What was computed before is as good as lost: it stands against the line no longer. */
  forgive(beforeMs: number): void {
    for (const part of this.#parts) if (part.computedMs !== undefined && part.computedMs < beforeMs) this.remove(part);
  }

  #isOverdue(nowMs: number): boolean {
    for (const { dueMs } of this.#parts) if (dueMs <= nowMs) return true;
    return false;
  }

  #valid(nowMs: number): readonly Terms[] {
    const [newest] = this.#terms;
    return newest !== undefined && newest.untilMs > nowMs ? this.#terms.filter(({ untilMs }) => untilMs > nowMs) : [];
  }

  /** Where parts cost nothing, only their number bounds those that nobody ever settles. */
  #forgetGift(): void {
    for (const part of this.#parts) {
      if (part.amount === 0n && part.output !== undefined) return this.remove(part);
    }
    throw new SeaError('CREDIT_LINE', `${PARTS_PER_DEBTOR_MAX} parts wait for their verdict`);
  }
}

/** True when a part costs the same by both, and the same purse pays. */
function isSame(a: Terms, b: Terms): boolean {
  const isGift = priceMaxOf(a.prices, a.egressKiBMax) === 0n && priceMaxOf(b.prices, b.egressKiBMax) === 0n;
  const { prices, debtor, egressKiBMax } = b;
  const isEqual = a.prices.part === prices.part && a.prices.egress === prices.egress && a.egressKiBMax === egressKiBMax;
  return isGift || (isEqual && a.debtor === debtor);
}

/** True when a computed part may be settled at this price, from this debtor's purse where it is not nothing. */
export function mayCost({ terms, output }: TillPart, price: bigint, payer: Debtor | undefined): boolean {
  return terms.some(({ debtor, prices, egressKiBMax }) => {
    const isPayer = price === 0n || debtor === payer;
    return isPayer && output !== undefined && priceOf(prices, egressKiBMax, output.byteLength) === price;
  });
}
