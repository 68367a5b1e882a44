/**
 * The provider's side: quotes, takes parts onto its books, and settles them against vouchers. What a purse owes never
 * exceeds its line; a voucher is durable before its parts are off the books.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { equal } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { isSeaError, SeaError } from '../base/errors.ts';
import type { Crypto } from '../ports/crypto.ts';
import type { Chain, Ledger } from '../ports/ledger.ts';
import type { PayKeys } from '../ports/pay-keys.ts';
import type { Body, Incoming } from '../rpc/exchange.ts';
import { excess } from './amount.ts';
import { Debtor } from './debtor.ts';
import type { Identity } from './identity.ts';
import { creditedOf, type Lane, type Lanes, type PurseName } from './lanes.ts';
import {
  EGRESS_KIB_MAX,
  GIFT_INSTEAD_MS,
  LINE_PARTS_PER_SLOT,
  LOSS_KEPT_MS,
  QUOTE_GRACE_MS,
  QUOTE_VALID_MS,
  REQUESTERS_MAX,
  VERDICT_MS,
} from './limits.ts';
import { readQuoteRequest, readSettleRequest, type ShownPurse, writeQuote, writeSettleAnswer } from './messages.ts';
import type { Charge, Subtask } from './payment.ts';
import { type PurseDebtor, PurseDebtors } from './purse-debtors.ts';
import { bindingDigest, type HeldSum, NO_PRICES, type Prices, priceMaxOf, signQuote } from './quote.ts';
import type { ReceiptBook } from './receipt-book.ts';
import { Settlement } from './settlement.ts';
import { TillRecord } from './till-record.ts';
import type { Ask, PartCount } from './views.ts';
import { SIGNATURE_BYTES, voucherSigner } from './voucher.ts';

export interface TillHost {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly payKeys: PayKeys;
  readonly ledger: () => Ledger | undefined;
  readonly identity: Identity;
  readonly lanes: Lanes;
  readonly receipts: ReceiptBook;
  /** What is asked now. */
  readonly ask: () => Ask;
  /** A figure changed. */
  readonly onChange: () => void;
}

/** What is going to be asked of one requester. */
interface Offer {
  readonly debtor: Debtor | undefined;
  readonly chain: Chain | null;
  readonly prices: Prices;
  readonly line: bigint;
  readonly held: HeldSum | null;
  readonly validMs: number;
}

export class TillDesk {
  readonly #host: TillHost;
  readonly #records = new Map<string, TillRecord>(); // at most REQUESTERS_MAX, the one heard of longest ago first
  readonly #purses: PurseDebtors;
  readonly #settlement: Settlement;
  #slots = 0;

  constructor(host: TillHost) {
    this.#host = host;
    this.#purses = new PurseDebtors(host);
    this.#settlement = new Settlement(host, this.#purses);
  }

  setSlots(slots: number): void {
    this.#slots = slots;
  }

  /** All terms are void: the pay key is another. What is still owed is paid under new ones. */
  forget(): void {
    this.#records.clear();
  }

  /** Who was promised gifts has to ask again; what is on its books stays a gift. */
  endGifts(): void {
    for (const record of this.#records.values()) record.endGifts();
  }

  linkOpened(requester: HashAddress): void {
    this.#records.get(requester.toString())?.linkOpened();
  }

  /** Parts that were settled. */
  get given(): PartCount {
    return this.#settlement.given;
  }

  /** What could be lost now, `unredeemed` being held in vouchers. */
  atRisk(unredeemed: bigint): bigint {
    return this.#purses.taken + excess(unredeemed, this.#purses.secured);
  }

  /** Some purse gets less credit until its vouchers are redeemed. */
  get isHeldUp(): boolean {
    return this.#purses.isHeldUp;
  }

  get stoppedPayers(): readonly string[] {
    return this.#purses.stoppedPayers;
  }

  redeemed(purse: PurseName, lane: number): Promise<void> {
    return this.#purses.redeemed(purse, lane);
  }

  /** See `Till.admit`. */
  admit(requester: HashAddress, subtask: Subtask, input: Uint8Array): Charge {
    const { clock, crypto, onChange } = this.#host;
    const record = this.#records.get(requester.toString());
    if (record === undefined) throw new SeaError('PAYMENT_REQUIRED', 'nothing was agreed');
    const part = record.admit(subtask, () => crypto.hash(input), clock.now());
    onChange();
    let isOpen = true;
    const once = (end: () => void) => (): void => {
      if (isOpen) end();
      isOpen = false;
      onChange();
    };
    return {
      paid: part.amount > 0n,
      computed: output => once(() => record.computed(part, crypto.hash(output), output.length, clock.now()))(),
      dropped: once(() => record.remove(part)),
    };
  }

  /** `credit:quote`. Throws DECLINED, OVERLOADED, BAD_SIGNATURE, PURSE_EMPTY, CREDIT_LINE (redeem first), CHAIN_FAILED. */
  async answerQuote({ caller, direct, body }: Incoming): Promise<Body> {
    const shown = readQuoteRequest(body);
    checkDirect(direct);
    const record = this.#record(caller);
    if (!record.quotes.take()) throw new SeaError('OVERLOADED', 'quotes are asked for too often');
    if (shown !== null) await this.#checkShown(shown, caller);
    const { debtor, ...offer } = await this.#offer(record, shown);
    const { clock, identity } = this.#host;
    const { prices, validMs } = offer;
    if (debtor !== undefined) {
      const untilMs = clock.now() + validMs + QUOTE_GRACE_MS;
      record.agree({ debtor, prices, egressKiBMax: EGRESS_KIB_MAX, untilMs }, clock.now());
    }
    const bond = await identity.bond();
    const times = { verdictMs: VERDICT_MS, issuedMs: Math.floor(clock.wallMs()) };
    const quote = { ...offer, ...times, egressKiBMax: EGRESS_KIB_MAX };
    return writeQuote(await signQuote(identity.nodeKey, bond, quote, caller));
  }

  /** `credit:settle`. Throws DECLINED, PAYMENT_REQUIRED, BAD_VOUCHER, PURSE_EMPTY, CHAIN_FAILED, NO_STORAGE, OVERLOADED. */
  async answerSettle({ caller, direct, body }: Incoming): Promise<Body> {
    const request = readSettleRequest(body);
    checkDirect(direct);
    const record = this.#records.get(caller.toString());
    if (record === undefined) throw new SeaError('PAYMENT_REQUIRED', 'nothing was agreed: ask for a quote');
    const { last, futile } = record;
    if (last !== undefined && equal(last.id, request.id)) return writeSettleAnswer(await last.answer);
    const { voucher } = request;
    const answer = inTurn(record, async () => {
      if (futile.spend(0) > 0) throw new SeaError('OVERLOADED', 'too many settlements that bring nothing');
      const payer = voucher === null ? undefined : await this.#payer(record, voucher);
      const settled = (): ReturnType<Settlement['settle']> => this.#settlement.settle(record, request, payer);
      return payer === undefined ? settled() : inTurn(payer, settled);
    });
    record.last = { id: request.id, answer };
    const onFailure = (): void => {
      if (record.last?.answer === answer) record.last = undefined; // it may be tried again
      futile.spend(1);
    };
    answer.then(({ signature }) => voucher !== null && signature === null && futile.spend(1), onFailure);
    return writeSettleAnswer(await answer);
  }

  /**
   * Whose purse a voucher is from; the requester must have shown its key and the lane, or have paid in it before: this node may
   * have started again since. Throws BAD_VOUCHER, and for the latter PURSE_EMPTY, CHAIN_FAILED, NO_CHAIN, OVERLOADED.
   */
  async #payer(record: TillRecord, voucher: Parameters<typeof voucherSigner>[3]): Promise<PurseDebtor> {
    const { payKeys } = this.#host;
    for (const { purse, lane } of record.lanes) {
      const { chain, payee, payer, key } = purse.purse;
      if (lane !== voucher.lane || !equal(payer, voucher.payer)) continue;
      const signer = await voucherSigner(payKeys, chain, payee, voucher);
      if (signer !== undefined && equal(signer, key)) return purse;
    }
    const [chain, payee] = [this.#chain(), this.#host.identity.payKey.address];
    const signer = await voucherSigner(payKeys, chain, payee, voucher);
    const purse = signer && { chain, payee, payer: voucher.payer, key: signer };
    if (purse !== undefined && this.#host.lanes.get(purse, voucher.lane) !== undefined)
      return this.#purses.open(purse, voucher.lane);
    throw new SeaError('BAD_VOUCHER', 'signed by no key that was agreed on, or for another lane');
  }

  async #checkShown({ key, binding }: ShownPurse, requester: HashAddress): Promise<void> {
    const { payKeys } = this.#host;
    const signer = await payKeys.recover(await bindingDigest(payKeys, requester), binding);
    if (signer === undefined || !equal(signer, key))
      throw new SeaError('BAD_SIGNATURE', 'the purse was not opened for a key of the requester');
  }

  /**
   * Nothing is asked, money is asked of a purse, or a stranger gets a gift or hears the price. Who can pay, and is not let
   * because this device holds too much of the purse unredeemed, is told so: it is no stranger.
   */
  async #offer(record: TillRecord, shown: ShownPurse | null): Promise<Offer> {
    const { part, egress, free } = this.#host.ask();
    const gift = {
      debtor: new Debtor(),
      chain: null,
      prices: NO_PRICES,
      line: 0n,
      held: null,
      validMs: QUOTE_VALID_MS,
    };
    if (part === 0n && egress === 0n) return gift;
    const prices = { ...NO_PRICES, part, egress };
    if (shown !== null) {
      const offer = await this.#offerToPurse(record, shown, prices).catch((error: unknown) => {
        if (!free || isSeaError(error, 'CREDIT_LINE')) throw error;
      });
      return offer ?? { ...gift, validMs: GIFT_INSTEAD_MS };
    }
    if (free) return gift;
    return { ...gift, debtor: undefined, chain: this.#chain(), prices };
  }

  async #offerToPurse(record: TillRecord, { payer, key, lane }: ShownPurse, prices: Prices): Promise<Offer> {
    const { identity, lanes } = this.#host;
    const chain = this.#chain();
    const purse = { chain, payee: identity.payKey.address, payer, key };
    const priceMax = priceMaxOf(prices, EGRESS_KIB_MAX);
    const shared = await this.#purses.open(purse, lane);
    const { debtor } = shared;
    debtor.priceMax = priceMax;
    debtor.line = BigInt(LINE_PARTS_PER_SLOT * Math.max(1, this.#slots)) * priceMax;
    if (debtor.credit < priceMax) await this.#purses.lookAgain(shared, lane).catch(() => {}); // what it said last holds
    if (debtor.room < priceMax) this.#forgive();
    const line = debtor.credit;
    if (debtor.left < priceMax) throw new SeaError('PURSE_EMPTY', 'the purse does not hold the price of a part');
    if (line < priceMax)
      throw new SeaError('CREDIT_LINE', 'so much of the purse is held in vouchers that they must be redeemed first');
    record.show(shared, lane);
    const held = heldSum(lanes.get(purse, lane), shared.looks.get(lane)?.paid ?? 0n);
    return { debtor, chain, prices, line, held, validMs: QUOTE_VALID_MS };
  }

  #forgive(): void {
    const beforeMs = this.#host.clock.now() - LOSS_KEPT_MS;
    for (const record of this.#records.values()) record.forgive(beforeMs);
  }

  #chain(): Chain {
    const chain = this.#host.ledger()?.chain;
    if (chain === undefined) throw new SeaError('NO_CHAIN', 'no chain is known here now');
    return chain;
  }

  /** The requester's record; one of which nothing could be lost makes room for it. */
  #record(requester: HashAddress): TillRecord {
    const name = requester.toString();
    const record = this.#records.get(name) ?? new TillRecord(requester, this.#host.clock);
    this.#records.delete(name);
    if (this.#records.size >= REQUESTERS_MAX) {
      const idle = [...this.#records].find(([, { isIdle }]) => isIdle);
      if (idle === undefined) throw new SeaError('OVERLOADED', 'too many requesters owe something here');
      this.#records.delete(idle[0]);
    }
    this.#records.set(name, record);
    return record;
  }
}

/** Where the next voucher counts from. */
function heldSum(held: Lane | undefined, paid: bigint): HeldSum | null {
  if (held === undefined && paid === 0n) return null;
  const { cumulative, signature } = held?.voucher ?? { cumulative: 0n, signature: new Uint8Array(SIGNATURE_BYTES) };
  return { cumulative, signature, credited: creditedOf(held, paid) };
}

function checkDirect(direct: boolean): void {
  if (!direct) throw new SeaError('DECLINED', 'money is spoken of with linked nodes only');
}

/** One after another, whatever became of the one before. */
async function inTurn<T>(of: { turn: Promise<unknown> }, work: () => Promise<T>): Promise<T> {
  const turn = of.turn.then(work);
  of.turn = turn.catch(() => {}); // its caller hears of it
  return turn;
}
