/**
 * Pays one provider: gathers what was accepted, sends it in batches with one cumulative voucher each, and keeps the
 * receipts. One settlement is under way at a time; one without an answer is sent again as it was, which doubles nothing.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { equal } from '../base/bytes.ts';
import type { Cancel } from '../base/clock.ts';
import { type Deferred, deferred } from '../base/deferred.ts';
import { asSeaError, type ErrorCode, SeaError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import type { Log } from '../ports/log.ts';
import type { PayAddress, PayKeys } from '../ports/pay-keys.ts';
import type { Caller } from '../rpc/exchange.ts';
import {
  BATCH_MAX,
  GIFTS_SETTLE_AFTER_MS,
  SETTLE_AFTER_MS,
  SETTLE_RETRY_MS,
  SETTLE_RETRY_MS_MAX,
  SETTLE_TIMEOUT_MS,
  SETTLE_TRIES_MAX,
} from './limits.ts';
import {
  readSettleAnswer,
  SETTLEMENT_ID_BYTES,
  type SettleAnswer,
  type SettleRequest,
  scopes,
  writeSettleRequest,
} from './messages.ts';
import type { OpenPurse } from './purse-box.ts';
import { type ReceiptPart, receiptsDigest } from './receipt.ts';
import type { ReceiptBook } from './receipt-book.ts';
import { type SignedVoucher, signVoucher } from './voucher.ts';

/** A part that is to be paid for. */
export interface Due {
  readonly subtask: Uint8Array;
  readonly bundle: Uint8Array;
  readonly inputHash: Promise<Uint8Array>;
  readonly outputHash: Promise<Uint8Array>;
  readonly price: bigint;
  /** What pays; undefined for a gift. */
  readonly purse: OpenPurse | undefined;
  /** False once the terms were over: a provider that was away since may have forgotten it. */
  mustBeKnown(): boolean;
  /** It is paid. */
  onPaid(): void;
}

/** A part without a result that counts. */
export interface Ended {
  readonly subtask: Uint8Array;
  /** The provider has answered: with the hash of its output, if it computed the part all the same. */
  onAnswer(outputHash: Uint8Array | undefined): void;
}

export interface SettlerHost {
  readonly provider: HashAddress;
  readonly self: HashAddress;
  readonly scope: Scope;
  readonly caller: Caller;
  readonly random: Random;
  readonly payKeys: PayKeys;
  readonly receipts: ReceiptBook;
  readonly log: Log;
  /** Half of it is owed: time to pay. */
  readonly line: () => bigint;
  /** The provider's pay address. */
  readonly payee: () => PayAddress;
  /** It refuses a settlement: new terms must be had before the next, by `resume`. */
  readonly onRefused: () => void;
  /** It cheats with receipts: nothing more from it. */
  readonly onCheat: (error: SeaError) => void;
  /** So many parts were settled. */
  readonly onSettled: (paid: number, gifts: number) => void;
}

/** What the next voucher of a purse counts from. */
interface Base {
  readonly payee: PayAddress;
  readonly lane: number;
  readonly sum: bigint;
}

/** What is settled at once. */
interface Group {
  readonly dues: readonly Due[];
  readonly ended: readonly Ended[];
  /** How often it was refused. */
  readonly refusals: number;
}

interface Batch extends Group {
  readonly request: SettleRequest;
  readonly purse: OpenPurse | undefined;
  readonly payee: PayAddress;
}

/** With what was refused of it. */
interface Refused extends Group {
  readonly batch: Batch;
}

/** Refusals, each after new terms, after which what is settled is given up: the books will not agree about it. */
const REFUSALS_MAX = 3;

/** What says that the same settlement would be refused again. */
const refusals: ReadonlySet<ErrorCode> = new Set([
  'PAYMENT_REQUIRED',
  'BAD_VOUCHER',
  'BAD_MESSAGE',
  'BAD_SIGNATURE',
  'PURSE_EMPTY',
  'WRONG_CHAIN',
  'NO_HANDLER',
]);

export class Settler {
  readonly #host: SettlerHost;
  /** What each purse's next voucher counts from, by the provider's own word. */
  readonly #bases = new Map<OpenPurse, Base>(); // purses since the start
  #dues: Due[] = []; // bounded by the provider's line, and where that is nothing by its windows
  #ended: Ended[] = [];
  #batch: Batch | undefined;
  #running = false;
  /** What the provider refused: goes first and by itself, so that it holds up nothing else. */
  #refused: readonly Refused[] = []; // of one batch
  /** Nothing is sent before `resume`. */
  #isHalted = false;
  /** Why what is open cannot be paid. */
  #refusal: SeaError | undefined;
  #tries = 0;
  #owed = 0n;
  #cancelTimer: Cancel = none;
  #delayMs = 0;
  #idle: Deferred<void> | undefined;

  constructor(host: SettlerHost) {
    this.#host = host;
  }

  /** Accepted and not paid. */
  get owed(): bigint {
    return this.#owed;
  }

  /** What something is owed from. */
  get purses(): OpenPurse[] {
    const dues = [...this.#dues, ...(this.#batch?.dues ?? []), ...this.#refused.flatMap(refused => refused.dues)];
    return [...new Set(dues.flatMap(({ price, purse }) => (price > 0n && purse !== undefined ? [purse] : [])))];
  }

  get isIdle(): boolean {
    const isOpen = this.#batch !== undefined || this.#refused.length > 0;
    return !isOpen && this.#dues.length === 0 && this.#ended.length === 0;
  }

  /**
   * The provider says where the next voucher of a purse for this payee in this lane counts from. A voucher that it has refused it cannot
   * count, nor ask for again to another account: if it does, that was paid. Throws BAD_QUOTE for more than was signed.
   */
  count(purse: OpenPurse, payee: PayAddress, lane: number, from: bigint): void {
    if (this.#batch?.purse === purse) return; // the answer to what is under way says more
    const base = this.#base(purse, payee, lane) ?? from;
    const refused = this.#refused.find(
      ({ batch, dues }) => batch.purse === purse && dues.some(({ price }) => price > 0n),
    );
    const isCounted = from > base && from === refused?.batch.request.voucher?.cumulative;
    if (from > base && !isCounted) throw new SeaError('BAD_QUOTE', `${from} are said to be paid, ${base} were`);
    this.#bases.set(purse, { payee, lane, sum: from });
    if (refused !== undefined && (isCounted || !equal(refused.batch.payee, payee))) {
      this.#refused = this.#refused.filter(it => it !== refused);
      this.#close(refused, nothingKnown(refused));
    }
  }

  pay(due: Due): void {
    due.inputHash.catch(() => {}); // the batch hears of it
    due.outputHash.catch(() => {});
    this.#dues.push(due);
    this.#owed += due.price;
    this.#wake();
  }

  end(ended: Ended): void {
    this.#ended.push(ended);
    this.#wake();
  }

  /** New terms are had: what waits may go. Resolves when all that was refused has; with why, if it cannot be paid. */
  async resume(): Promise<SeaError | undefined> {
    this.#tries = 0;
    this.#isHalted = false;
    this.#refusal = undefined;
    const isAgain = this.#refused.length > 0;
    const run = this.#run();
    if (isAgain) await run;
    return this.#refusal;
  }

  /** Sends all that is open; resolves when it is paid or cannot be now. */
  async flush(): Promise<void> {
    if (this.isIdle || this.#isHalted || this.#host.scope.closed) return;
    this.#idle ??= deferred();
    const { promise } = this.#idle;
    void this.#run();
    await promise;
  }

  /** A batch is full, or half of the line is owed. */
  get #isUrgent(): boolean {
    const isFull = this.#dues.length >= BATCH_MAX || this.#ended.length >= BATCH_MAX;
    const line = this.#host.line();
    return isFull || (line > 0n && 2n * this.#owed >= line);
  }

  #wake(): void {
    if (this.#running || this.#isHalted || this.#tries > 0) return; // it goes on by itself, or must wait
    if (this.#isUrgent) void this.#run();
    else this.#after(this.#owed > 0n || this.#ended.length > 0 ? SETTLE_AFTER_MS : GIFTS_SETTLE_AFTER_MS);
  }

  /** One timer at a time, the one that was set for the shortest. */
  #after(delayMs: number): void {
    if (this.#cancelTimer !== none && delayMs >= this.#delayMs) return;
    this.#cancelTimer();
    this.#delayMs = delayMs;
    this.#cancelTimer = this.#host.scope.after(delayMs, () => {
      this.#cancelTimer = none;
      void this.#run();
    });
  }

  /** Sends a settlement, and others after it as long as they are urgent or somebody waits for all of them. */
  async #run(): Promise<void> {
    if (this.#running || this.#isHalted || this.isIdle || this.#host.scope.closed) return;
    this.#running = true;
    this.#cancelTimer();
    this.#cancelTimer = none;
    try {
      do {
        this.#batch ??= await this.#gather();
        await this.#settled(this.#batch, await this.#send(this.#batch));
        this.#batch = undefined;
        this.#tries = 0;
      } while (!this.isIdle && (this.#refused.length > 0 || this.#idle !== undefined || this.#isUrgent));
    } catch (error) {
      this.#failed(asSeaError(error));
    }
    this.#running = false;
    this.#idle?.resolve();
    this.#idle = undefined;
    if (!this.isIdle) this.#wake();
  }

  /** The provider's answer; one that cannot be read says nothing, but the voucher has arrived. */
  async #send(batch: Batch): Promise<SettleAnswer> {
    const { caller, provider, scope } = this.#host;
    const options = { signal: scope.signal, timeoutMs: SETTLE_TIMEOUT_MS };
    const body = await caller.call(provider, scopes.settle, writeSettleRequest(batch.request), options);
    try {
      return readSettleAnswer(body);
    } catch {
      this.#cheated('its answer cannot be read');
      return nothingKnown(batch);
    }
  }

  /** Parts of one purse, and the voucher for them. What it takes from the queues it has put into a batch. */
  async #gather(): Promise<Batch> {
    const again = this.#refused[0];
    const purse = (again?.dues ?? this.#dues).find(({ price }) => price > 0n)?.purse;
    const dues = again?.dues ?? this.#dues.filter(due => due.price === 0n || due.purse === purse).slice(0, BATCH_MAX);
    const ended = again?.ended ?? this.#ended.slice(0, BATCH_MAX);
    const accepted = await Promise.all(
      dues.map(async ({ subtask, outputHash, price }) => ({ subtask, outputHash: await outputHash, price })),
    );
    const sum = dues.reduce((total, { price }) => total + price, 0n);
    const payee = this.#host.payee();
    const voucher = purse === undefined || sum === 0n ? null : await this.#voucher(purse, payee, sum);
    const id = this.#host.random.bytes(SETTLEMENT_ID_BYTES);
    const request = { id, voucher, accepted, ended: ended.map(({ subtask }) => subtask) };
    if (again === undefined) {
      this.#dues = this.#dues.filter(due => !dues.includes(due));
      this.#ended = this.#ended.slice(ended.length);
    } else this.#refused = this.#refused.slice(1);
    return { request, dues, ended, refusals: again?.refusals ?? 0, purse, payee };
  }

  async #voucher(purse: OpenPurse, payee: PayAddress, sum: bigint): Promise<SignedVoucher> {
    const { provider, payKeys } = this.#host;
    const { chain, payer, key, spendings } = purse;
    const lane = spendings.lane(provider, payee);
    const cumulative = (this.#base(purse, payee, lane) ?? 0n) + sum;
    const signing = signVoucher(payKeys, key, chain, payee, { payer, lane, cumulative });
    const [voucher] = await Promise.all([signing, spendings.record(provider, payee, lane, cumulative)]);
    return voucher;
  }

  #base(purse: OpenPurse, payee: PayAddress, lane: number): bigint | undefined {
    const base = this.#bases.get(purse);
    return base !== undefined && base.lane === lane && equal(base.payee, payee) ? base.sum : undefined;
  }

  async #settled(batch: Batch, answer: SettleAnswer): Promise<void> {
    const { request, dues, purse, payee } = batch;
    const { signature, unknown } = answer;
    const { voucher } = request;
    if (purse !== undefined && voucher !== null) {
      const { lane, cumulative } = voucher;
      this.#bases.set(purse, { payee, lane, sum: cumulative });
    }
    const known = dues.filter((_, place) => !unknown.includes(place));
    const denied = dues.some((due, place) => due.price > 0n && unknown.includes(place) && due.mustBeKnown());
    if (denied) this.#cheated('it denies what it computed');
    this.#close(batch, answer);
    if (known.length > 0) await this.#keepReceipts(known, payee, signature);
    const paid = known.filter(({ price }) => price > 0n).length;
    this.#host.onSettled(paid, known.length - paid);
  }

  /** Off the books. */
  #close({ dues, ended }: Group, { computed }: SettleAnswer): void {
    for (const due of dues) {
      this.#owed -= due.price;
      due.onPaid();
    }
    for (const [place, part] of ended.entries()) part.onAnswer(computed.find(it => it.place === place)?.outputHash);
  }

  async #keepReceipts(dues: readonly Due[], payee: PayAddress, signature: Uint8Array | null): Promise<void> {
    const { self, provider, payKeys, receipts } = this.#host;
    const parties = { requester: self.bytes, provider: provider.bytes, payee };
    const parts = await Promise.all(dues.map(receiptOf));
    const digest = await receiptsDigest(payKeys, parts, parties);
    const signer = signature === null ? undefined : await payKeys.recover(digest, signature);
    if (signature !== null && signer !== undefined && equal(signer, parties.payee))
      receipts.keep('taken', { parties, parts, signature });
    else this.#cheated('it gives no receipt for what it computed');
  }

  #cheated(how: string): void {
    const { provider, onCheat } = this.#host;
    onCheat(new SeaError('BAD_SIGNATURE', how, { peer: provider.toString() }));
  }

  #failed(error: SeaError): void {
    const { log, provider, onRefused } = this.#host;
    if (this.#host.scope.closed) return;
    log.write('info', 'a settlement was not answered', { peer: provider.toString(), code: error.code });
    if (refusals.has(error.code) && this.#batch !== undefined) {
      this.#isHalted = true;
      this.#refuse(this.#batch, error);
      this.#batch = undefined;
      onRefused();
    } else if (++this.#tries < SETTLE_TRIES_MAX) {
      this.#after(Math.min(SETTLE_RETRY_MS * 2 ** (this.#tries - 1), SETTLE_RETRY_MS_MAX));
    }
  }

  /** Gifts and what is paid for are tried again one without the other: perhaps only one of them is disagreed on. */
  #refuse(batch: Batch, error: SeaError): void {
    const refusals = batch.refusals + 1;
    const [paid, gifts] = [
      batch.dues.filter(({ price }) => price > 0n),
      batch.dues.filter(({ price }) => price === 0n),
    ];
    const groups = [
      { batch, refusals, dues: paid, ended: [] },
      { batch, refusals, dues: gifts, ended: batch.ended },
    ].filter(({ dues, ended }) => dues.length + ended.length > 0);
    const isLast = refusals >= REFUSALS_MAX;
    if (isLast && error.code !== 'PURSE_EMPTY') return this.#writeOff(batch, error);
    if (isLast) this.#refusal = error; // it stays in the books
    this.#refused = [...groups, ...this.#refused];
  }

  /** The provider does not take what it is owed. It is told that no more comes, for it may wait for that. */
  #writeOff(batch: Batch, { code }: SeaError): void {
    const { log, provider } = this.#host;
    log.write('warn', 'what is owed is not taken', { peer: provider.toString(), code, parts: batch.dues.length });
    this.#close(batch, nothingKnown(batch));
    this.#ended.push(...batch.dues.map(({ subtask }) => ({ subtask, onAnswer() {} })));
  }
}

const none: Cancel = () => {};

function nothingKnown({ dues }: Group): SettleAnswer {
  return { signature: null, unknown: dues.map((_, place) => place), computed: [] };
}

async function receiptOf({ price, subtask, bundle, inputHash, outputHash }: Due): Promise<ReceiptPart> {
  const [input, output] = await Promise.all([inputHash, outputHash]);
  return { paid: price > 0n, subtask, bundle, inputHash: input, outputHash: output, price };
}
