/** This requester's books with one provider: the terms, how much of the line is taken, and what is to be paid. */

import type { HashAddress } from '../address/hash-address.ts';
import { abortable } from '../base/abort.ts';
import { equal } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { asSeaError, type ErrorCode, SeaError } from '../base/errors.ts';
import type { Crypto } from '../ports/crypto.ts';
import type { Caller } from '../rpc/exchange.ts';
import { isSameChain } from './lanes.ts';
import { AGREE_AGAIN_MS, QUOTE_RENEW_SHARE, QUOTE_TIMEOUT_MS } from './limits.ts';
import { readQuote, type ShownPurse, scopes, writeQuoteRequest } from './messages.ts';
import type { Subtask } from './payment.ts';
import { type OpenPurse, shownPurse } from './purse-box.ts';
import { checkQuote, priceMaxOf, priceOf, type Quote } from './quote.ts';
import { Settler, type SettlerHost } from './settler.ts';
import { voucherSigner } from './voucher.ts';

/** What was agreed with a provider. */
export interface Agreement {
  readonly quote: Quote;
  /** The most that a part can cost; 0 for a gift. */
  readonly priceMax: bigint;
  /** What pays; undefined where nothing is to be paid. */
  readonly purse: OpenPurse | undefined;
  /** By the clock. */
  readonly renewMs: number;
  readonly untilMs: number;
}

/** What a part came to. */
export interface Decided {
  readonly inputHash: Promise<Uint8Array>;
  readonly outputHash: Promise<Uint8Array>;
  readonly outputBytes: number;
}

/** One attempt's place in the line, until one of its ends. */
export interface Place {
  /** The most that it can cost. */
  readonly priceMax: bigint;
  /** It is to be paid: its price. `onPaid` once the line is free of it. */
  accept(decided: Decided): bigint;
  /**
   * Nothing came of it. When its provider says that it computed the part all the same, `decided` tells what the part came to;
   * `onOver` hears what is paid after all.
   */
  end(decided: () => Decided | undefined, onOver: (price: bigint) => void): void;
}

export interface AccountHost extends Omit<SettlerHost, 'line' | 'payee' | 'onRefused' | 'onCheat'> {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly caller: Caller;
  readonly purse: () => Promise<OpenPurse | undefined>;
  /** Room, terms or sums changed by what came from outside. */
  readonly onChange: () => void;
}

/** What a provider says that goes by what was agreed before. Where its answer is not heard, it may go by anything. */
const unchanged: ReadonlySet<ErrorCode> = new Set(['DECLINED', 'OVERLOADED', 'CHAIN_FAILED', 'NO_CHAIN']);

export class Account {
  readonly provider: HashAddress;
  readonly #host: AccountHost;
  readonly #settler: Settler;
  #agreement: Agreement | undefined;
  #asking: Promise<Agreement> | undefined;
  /** Of the line: parts under way and accepted. */
  #taken = 0n;
  /** Of the line: what was computed in vain, as far as it was heard since the last terms. */
  #lost = 0n;
  /** How often what was agreed became void: the provider may have started again, or asks something else; the purse is another. */
  #voided = 0;
  /** What `#voided` was when it was agreed on. */
  #agreedAt = 0;
  #agreedMs = 0;
  #places = 0;
  /** It cheated: nothing more is started, for good. */
  #givenUp: SeaError | undefined;

  constructor(host: AccountHost) {
    this.#host = host;
    this.provider = host.provider;
    this.#settler = new Settler({
      ...host,
      line: () => this.#agreement?.quote.line ?? 0n,
      payee: () => this.#agreement?.quote.payee ?? new Uint8Array(0),
      onRefused: () => this.#void(),
      onCheat: error => this.#giveUp(error),
    });
  }

  get owed(): bigint {
    return this.#settler.owed;
  }

  get isIdle(): boolean {
    return this.#places === 0 && this.#settler.isIdle;
  }

  /** The terms that hold now; asks for new ones ahead of their end. */
  get agreement(): Agreement | undefined {
    const nowMs = this.#host.clock.now();
    const agreement = this.#agreement;
    if (agreement === undefined || this.#voided > this.#agreedAt || this.#givenUp !== undefined) return undefined;
    if (nowMs >= agreement.untilMs) return undefined;
    if (nowMs >= agreement.renewMs && this.#asking === undefined) this.#renew();
    return agreement;
  }

  /**
   * Terms that hold, other ones than `known` unless that was agreed on just now. Throws PAYMENT_REQUIRED, WRONG_CHAIN,
   * BAD_QUOTE, BAD_SIGNATURE for one that has cheated, and what calls throw.
   */
  async agree(known: Agreement | undefined, signal: AbortSignal): Promise<Agreement> {
    const { agreement } = this;
    const nowMs = this.#host.clock.now();
    const isNew = agreement !== known || nowMs < this.#agreedMs + AGREE_AGAIN_MS;
    if (agreement !== undefined && nowMs < agreement.renewMs && isNew) return agreement;
    return abortable(this.#ask(), signal);
  }

  /** What the provider asks now. It goes by that from now on: where something else was agreed, that is over here as well. */
  async look(signal: AbortSignal | undefined): Promise<Quote> {
    const quote = await this.#heard(this.#fetch(await this.#host.purse(), signal));
    const isOffer = quote.line > 0n || isGift(quote); // else it only names its price
    const isOther = this.#agreement !== undefined && !asksSame(quote, this.#agreement.quote);
    if (isOffer && (isOther || this.#asking !== undefined)) this.#void();
    return quote;
  }

  /** Room in the line for one more part. */
  get hasRoom(): boolean {
    const { agreement } = this;
    if (agreement === undefined) return false;
    return agreement.priceMax === 0n || this.#taken + this.#lost + agreement.priceMax <= agreement.quote.line;
  }

  /** Takes a place for a part that goes out now, under the terms of now. */
  start(subtask: Subtask, agreement: Agreement): Place {
    const { priceMax } = agreement;
    this.#taken += priceMax;
    this.#places++;
    return {
      priceMax,
      accept: decided => this.#accept(subtask, agreement, decided),
      end: (decided, onOver) => this.#end(subtask, agreement, decided, onOver),
    };
  }

  flush(): Promise<void> {
    return this.#settler.flush();
  }

  /** There is a link again: perhaps to a node that knows nothing of what was agreed. */
  linkOpened(): void {
    this.#void();
  }

  /** What was agreed for another purse, or for none, holds no more for what is to be started. */
  purseChanged(): void {
    this.#void();
  }

  #accept(subtask: Subtask, agreement: Agreement, { inputHash, outputHash, outputBytes }: Decided): bigint {
    const { priceMax, quote, purse } = agreement;
    const price = priceOf(quote.prices, quote.egressKiBMax, outputBytes);
    const voided = this.#voided;
    this.#taken -= priceMax - price;
    this.#settler.pay({
      subtask: subtask.id,
      bundle: subtask.bundle.digest,
      inputHash,
      outputHash,
      price,
      purse,
      mustBeKnown: () => this.#agreement === agreement && this.#voided === voided && voided === this.#agreedAt,
      onPaid: () => this.#release(price),
    });
    return price;
  }

  /** A provider of gifts has nothing to lose, and need not hear of it. */
  #end(
    { id, bundle }: Subtask,
    agreement: Agreement,
    decided: () => Decided | undefined,
    onOver: (price: bigint) => void,
  ): void {
    const { priceMax } = agreement;
    if (priceMax === 0n) {
      this.#places--;
      onOver(0n);
      return;
    }
    const onAnswer = async (outputHash: Uint8Array | undefined): Promise<void> => {
      const accepted = decided();
      const isSame = outputHash !== undefined && accepted !== undefined && equal(outputHash, await accepted.outputHash);
      if (isSame) onOver(this.#accept({ id, bundle }, agreement, accepted));
      else {
        if (outputHash !== undefined) this.#lost += priceMax; // it stays against the line
        this.#release(priceMax);
        onOver(0n);
      }
    };
    this.#settler.end({ subtask: id, onAnswer: hash => void onAnswer(hash) });
  }

  #release(sum: bigint): void {
    this.#taken -= sum;
    this.#places--;
    this.#host.onChange();
  }

  /** Nothing more is begun under what was agreed; what is to be paid waits for new terms. */
  #void(): void {
    this.#voided++;
    if (this.#agreement === undefined) return;
    this.#host.onChange();
    if (!this.#settler.isIdle) this.#renew();
  }

  #renew(): void {
    this.#ask().catch((error: unknown) => {
      const { log, provider } = this.#host;
      log.write('info', 'no new terms', { peer: provider.toString(), error: asSeaError(error).message });
    });
  }

  /** All who ask meanwhile get the same answer. */
  #ask(): Promise<Agreement> {
    this.#asking ??= this.#heard(this.#agreeAnew(this.#host.scope.signal)).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Without an answer nothing more is begun: nobody knows under which terms. */
  async #heard<T>(asked: Promise<T>): Promise<T> {
    try {
      return await asked;
    } catch (error) {
      if (!unchanged.has(asSeaError(error).code)) this.#voided++;
      throw error;
    }
  }

  async #agreeAnew(signal: AbortSignal): Promise<Agreement> {
    if (this.#givenUp !== undefined) throw this.#givenUp;
    const at = this.#voided;
    const agreement = await this.#terms(signal);
    if (this.#voided > at) return this.#agreeAnew(signal);
    this.#agreement = agreement;
    this.#agreedMs = this.#host.clock.now();
    this.#lost = 0n; // the provider knows better, and says so by refusing
    const refusal = await this.#settler.resume();
    if (refusal !== undefined) throw refusal;
    if (this.#voided > at) return this.#agreeAnew(signal); // refused again, which does not happen often: see `Settler`
    this.#agreedAt = at;
    this.#host.onChange();
    return agreement;
  }

  /** What the provider asks now, if it can be paid. */
  async #terms(signal: AbortSignal): Promise<Agreement> {
    const purse = await this.#host.purse();
    for (const other of this.#settler.purses) if (other !== purse) await this.#showAgain(other, signal);
    const quote = await this.#fetch(purse, signal);
    const { prices, egressKiBMax, chain, line, validMs } = quote;
    const priceMax = priceMaxOf(prices, egressKiBMax);
    const nowMs = this.#host.clock.now();
    const times = { renewMs: nowMs + validMs * (1 - QUOTE_RENEW_SHARE), untilMs: nowMs + validMs };
    if (priceMax === 0n) return { quote, priceMax, purse: undefined, ...times };
    if (purse === undefined || line === 0n)
      throw new SeaError('PAYMENT_REQUIRED', `${priceMax} are asked for a part, and no purse is in use`);
    if (chain === null || !isSameChain(chain, purse.chain))
      throw new SeaError('WRONG_CHAIN', `money of chain ${chain?.id} is asked, the purse is on ${purse.chain.id}`);
    await this.#count(quote, purse);
    return { quote, priceMax, purse, ...times };
  }

  /** A purse that something is owed from besides: a provider that has started again knows nothing of it. */
  async #showAgain(purse: OpenPurse, signal: AbortSignal): Promise<void> {
    const quote = await this.#fetch(purse, signal).catch(() => undefined); // what is owed from it waits
    if (quote !== undefined && quote.line > 0n) await this.#count(quote, purse);
  }

  async #count(quote: Quote, purse: OpenPurse): Promise<void> {
    const lane = purse.spendings.lane(this.provider, quote.payee);
    this.#settler.count(purse, quote.payee, lane, await this.#countFrom(quote, purse, lane));
  }

  /** Whom it is paid to the provider says, and whether another of that account's devices has the lane: then in another. */
  async #fetch(purse: OpenPurse | undefined, signal: AbortSignal | undefined): Promise<Quote> {
    if (purse === undefined) return this.#request(null, signal);
    const lane = purse.spendings.lastLane(this.provider);
    const quote = await this.#request(shownPurse(purse, lane), signal);
    if (quote.line === 0n) return quote; // nothing to be paid, or nothing agreed
    const own = purse.spendings.lane(this.provider, quote.payee);
    return own === lane ? quote : this.#request(shownPurse(purse, own), signal);
  }

  async #request(shown: ShownPurse | null, signal: AbortSignal | undefined): Promise<Quote> {
    const { caller, provider, crypto, payKeys, self } = this.#host;
    const body = writeQuoteRequest(shown);
    const answer = await caller.call(provider, scopes.quote, body, {
      signal,
      timeoutMs: QUOTE_TIMEOUT_MS,
      about: 'the task',
    });
    const quote = readQuote(answer);
    await checkQuote(crypto, payKeys, quote, provider, self);
    return quote;
  }

  /** The sum that the provider has; beyond what this device knows to have signed it must show a voucher. Throws BAD_QUOTE. */
  async #countFrom({ payee, held }: Quote, purse: OpenPurse, lane: number): Promise<bigint> {
    const { credited = 0n, cumulative = 0n } = held ?? {};
    if (held === null || credited <= purse.spendings.signed(payee, lane)) return credited;
    const { payKeys } = this.#host;
    const { chain, payer } = purse;
    const signer = await voucherSigner(payKeys, chain, payee, { payer, lane, ...held });
    if (signer !== undefined && equal(signer, purse.key.address) && credited <= cumulative) return credited;
    throw new SeaError('BAD_QUOTE', `${credited} are said to be paid, and were not`);
  }

  #giveUp(error: SeaError): void {
    this.#givenUp = error;
    this.#host.log.write('warn', 'a provider is given up', { peer: this.provider.toString(), error });
    this.#host.onChange();
  }
}

function isGift({ prices, egressKiBMax }: Quote): boolean {
  return priceMaxOf(prices, egressKiBMax) === 0n;
}

/** True when a part costs the same by both, and is paid to the same account. */
function asksSame(a: Quote, b: Quote): boolean {
  if (isGift(a) || isGift(b)) return isGift(a) && isGift(b);
  const isSamePrice = a.prices.part === b.prices.part && a.prices.egress === b.prices.egress;
  return isSamePrice && a.egressKiBMax === b.egressKiBMax && equal(a.payee, b.payee) && isSameChain(a.chain!, b.chain!);
}
