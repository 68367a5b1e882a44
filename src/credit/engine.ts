/** What stands behind `Credit`'s door: composes the provider's and the requester's books, the keys and the settings. */

import { addressOf, type HashAddress } from '../address/hash-address.ts';
import { SeaError } from '../base/errors.ts';
import { checkGiven, checkObject, checkText } from '../base/given.ts';
import { below } from '../base/random.ts';
import type { SmallStore } from '../ports/small-store.ts';
import type { Body, Incoming } from '../rpc/exchange.ts';
import { Account } from './account.ts';
import { checkAmount, formatPayAddress, parsePayAddress } from './amount.ts';
import type { CreditOptions } from './credit-options.ts';
import { Identity } from './identity.ts';
import { Kept } from './kept.ts';
import { isSameChain, type Lane, Lanes, unpaidOf } from './lanes.ts';
import { DEVICE_LANES, EGRESS_KIB_MAX, PROVIDERS_MAX, RECEIPTS_SHOWN, STATUS_AFTER_MS } from './limits.ts';
import type { Charge, Purser, PurserOptions, Subtask } from './payment.ts';
import { PriceTag } from './price-tag.ts';
import { PurseBox } from './purse-box.ts';
import { MapPurser } from './purser.ts';
import { priceMaxOf } from './quote.ts';
import { ReceiptBook } from './receipt-book.ts';
import { TillDesk } from './till.ts';
import { digestOf } from './typed-data.ts';
import type {
  Ask,
  AskedPrice,
  ClaimTerms,
  CreditStatus,
  HeldVoucher,
  PriceLimits,
  PurseUse,
  QuoteView,
  ReceiptQuery,
  ReceiptView,
  SignedClaim,
} from './views.ts';
import { packVoucher } from './voucher.ts';

interface Parts {
  readonly kept: Kept;
  readonly identity: Identity;
  readonly lanes: Lanes;
  readonly tag: PriceTag;
  readonly purses: PurseBox;
}

export class Engine {
  readonly #options: CreditOptions;
  readonly #parts: Parts;
  readonly #receipts: ReceiptBook;
  readonly #till: TillDesk;
  readonly #accounts = new Map<string, Account>(); // at most PROVIDERS_MAX, the one used longest ago first
  readonly #listeners = new Set<() => void>(); // one for each map under way
  #taken = { paid: 0, gifts: 0 };
  #isTelling = false;

  static async open(options: CreditOptions): Promise<Engine> {
    const { smallStore, log, payKeys, random, ledger, guest = false } = options;
    const identity = await Identity.open(options);
    // Where not even the key can be kept, nothing is earned and nothing need be kept.
    const kept = new Kept(identity.isKept || guest ? smallStore : passingStore(), log);
    const lane = guest ? DEVICE_LANES + below(random, 256 - DEVICE_LANES) : 0;
    const [lanes, tag, purses] = await Promise.all([
      Lanes.open(kept),
      PriceTag.open(kept),
      PurseBox.open({ self: identity.self, kept, payKeys, ledger, lane }),
    ]);
    await purses.current(); // so that its figures are known
    return new Engine(options, { kept, identity, lanes, tag, purses });
  }

  private constructor(options: CreditOptions, parts: Parts) {
    this.#options = options;
    this.#parts = parts;
    const { clock, log } = options;
    this.#receipts = new ReceiptBook(options.receipts, clock, log);
    this.#till = new TillDesk({
      ...options,
      ...parts,
      receipts: this.#receipts,
      ask: () => this.asked(),
      onChange: () => this.#tell(),
    });
  }

  // --- Between computing and the others ---

  setSlots(slots: number): void {
    this.#till.setSlots(slots);
  }

  linkOpened(address: HashAddress): void {
    this.#accounts.get(address.toString())?.linkOpened();
    this.#till.linkOpened(address);
  }

  admit(requester: HashAddress, subtask: Subtask, input: Uint8Array): Charge {
    return this.#till.admit(requester, subtask, input);
  }

  hire(options: PurserOptions): Purser {
    const { priceMax = 0n, budget = 0n } = options;
    if (priceMax + budget > 0n) this.#checkPurse();
    const host = {
      account: (provider: HashAddress) => this.#account(provider),
      hash: (bytes: Uint8Array) => this.#options.crypto.hash(bytes),
      onChange: (listener: () => void) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
    return new MapPurser(host, options);
  }

  answerQuote(incoming: Incoming): Promise<Body> {
    return this.#till.answerQuote(incoming);
  }

  answerSettle(incoming: Incoming): Promise<Body> {
    return this.#till.answerSettle(incoming);
  }

  // --- Settings ---

  async ask(price: { readonly part: bigint; readonly egress?: bigint; readonly free?: boolean }): Promise<void> {
    const { ledger } = this.#options;
    const { tag, identity } = this.#parts;
    checkObject('{ part, egress, free }', price);
    checkAmount('part', price.part);
    const isPriced = price.part !== 0n || (price.egress ?? 0n) !== 0n;
    if (isPriced && ledger() === undefined) throw new SeaError('NO_CHAIN', 'a price needs a chain, and none is known');
    if (isPriced && !identity.isKept)
      throw new SeaError('NO_STORAGE', 'this node has no pay key of its own that outlives it');
    await tag.change(price);
    if (isPriced) this.#till.endGifts(); // who has a purse pays from now on
  }

  /** A node whose pay key is gone with it asks nothing. */
  asked(): Ask {
    const { tag, identity } = this.#parts;
    return identity.isKept ? tag.ask : { part: 0n, egress: 0n, free: true };
  }

  async price(): Promise<AskedPrice | undefined> {
    const chain = this.#options.ledger()?.chain;
    const { part, egress, free } = this.asked();
    if (chain === undefined || part + egress === 0n) return undefined;
    const { payee, binding } = await this.#parts.identity.bond();
    return { part, egress, chain, payee, binding, free };
  }

  /** By the rule that a purser has for a quote. */
  async affords(price: AskedPrice, { priceMax, budget }: PriceLimits): Promise<boolean> {
    const purse = await this.#parts.purses.current();
    if (purse === undefined || !isSameChain(price.chain, purse.chain)) return false;
    return priceMaxOf(price, EGRESS_KIB_MAX) <= (priceMax ?? purse.priceMax ?? budget ?? 0n);
  }

  async newSessionKey(): Promise<string> {
    return formatPayAddress(await this.#parts.purses.newKey());
  }

  async usePurse(purse: PurseUse | undefined): Promise<void> {
    if (purse !== undefined) checkObject('{ payer, key, priceMax }', purse);
    await this.#parts.purses.use(purse);
    for (const account of this.#accounts.values()) account.purseChanged();
    this.#changed();
  }

  purse(): PurseUse | undefined {
    return this.#parts.purses.inUse();
  }

  async quote(peer: HashAddress | string, signal?: AbortSignal): Promise<QuoteView> {
    const provider = addressOf(peer);
    const quote = await this.#account(provider).look(signal);
    const { payee, prices, egressKiBMax, line, verdictMs, validMs } = quote;
    const { part, egress } = prices;
    const gift = priceMaxOf(prices, egressKiBMax) === 0n;
    return { provider, payee: formatPayAddress(payee), part, egress, egressKiBMax, line, verdictMs, validMs, gift };
  }

  // --- Earnings ---

  payAddress(): string {
    return formatPayAddress(this.#parts.identity.payKey.address);
  }

  vouchers(): HeldVoucher[] {
    const held = this.#parts.lanes.all().filter(({ voucher }) => voucher.cumulative > 0n);
    return held.sort((a, b) => (unpaidOf(a) < unpaidOf(b) ? 1 : -1)).map(viewOf);
  }

  async redeemed(voucher: HeldVoucher): Promise<bigint> {
    checkObject('one of vouchers()', voucher);
    const chain = { id: voucher.chainId, contract: parsePayAddress(voucher.contract) };
    const ledger = this.#options.ledger();
    if (ledger === undefined || !isSameChain(ledger.chain, chain))
      throw new SeaError('NO_CHAIN', 'the chain of this voucher is not known here now');
    const [payer, key, payee] = [voucher.payer, voucher.key, voucher.payee].map(parsePayAddress);
    const purse = { chain, payer: payer!, key: key!, payee: payee! };
    const { paid } = await ledger.lane(purse.payer, purse.key, purse.payee, voucher.lane);
    const held = this.#parts.lanes.get(purse, voucher.lane);
    if (held !== undefined && paid > held.paid) await this.#parts.lanes.keep({ ...held, paid });
    await this.#till.redeemed(purse, voucher.lane);
    this.#tell();
    return paid;
  }

  async signClaim(terms: ClaimTerms): Promise<SignedClaim> {
    checkObject('{ voucher, to, maxFee, deadline }', terms);
    checkObject('one of vouchers()', terms.voucher);
    const { voucher, to, maxFee, deadline, onlyWhileUnlocking = false } = terms;
    const { payKey } = this.#parts.identity;
    const { payer, key, lane, payee } = voucher;
    if (payee.toLowerCase() !== formatPayAddress(payKey.address))
      throw new SeaError('BAD_ARGUMENT', 'the voucher is for another pay key than this device has now');
    checkAmount('maxFee', maxFee);
    if (!Number.isSafeInteger(deadline) || deadline < 0 || deadline >= 2 ** 48)
      throw new SeaError('BAD_ARGUMENT', 'deadline is in Unix seconds');
    const chain = { id: voucher.chainId, contract: parsePayAddress(voucher.contract) };
    const [payerBytes, keyBytes, toBytes] = [parsePayAddress(payer), parsePayAddress(key), parsePayAddress(to)];
    const words = [payerBytes, keyBytes, BigInt(lane), toBytes, maxFee, onlyWhileUnlocking, BigInt(deadline)];
    const signature = payKey.sign(await digestOf(this.#options.payKeys, chain, 'Claim', words));
    return { payer, key, lane, to, maxFee, onlyWhileUnlocking, deadline, signature };
  }

  async exportPayKey(passphrase: string): Promise<string> {
    checkText('a passphrase', passphrase);
    return this.#options.payKeys.seal(this.#parts.identity.payKey, passphrase);
  }

  async importPayKey(file: string, passphrase: string): Promise<void> {
    checkText('a key file', file);
    checkText('a passphrase', passphrase);
    await this.#parts.identity.replace(await this.#options.payKeys.unseal(file, passphrase));
    this.#till.forget();
  }

  // --- Figures ---

  status(): CreditStatus {
    const { lanes, purses } = this.#parts;
    const chain = this.#options.ledger()?.chain;
    const held = lanes.all().filter(lane => chain === undefined || isSameChain(lane.chain, chain));
    const sum = <T>(items: Iterable<T>, of: (item: T) => bigint): bigint =>
      [...items].reduce((total, item) => total + of(item), 0n);
    const unredeemed = sum(held, unpaidOf);
    const { isHeldUp, stoppedPayers } = this.#till;
    return {
      earned: sum(held, ({ voucher }) => voucher.cumulative),
      unredeemed,
      spent: purses.spent,
      atRisk: this.#till.atRisk(unredeemed),
      ...(isHeldUp && { redeemFirst: true }),
      ...(stoppedPayers.length > 0 && { stoppedPayers }),
      owedByMe: sum(this.#accounts.values(), ({ owed }) => owed),
      given: this.#till.given,
      taken: { ...this.#taken },
    };
  }

  async receipts(query: ReceiptQuery): Promise<ReceiptView[]> {
    checkGiven(query?.kind === 'given' || query?.kind === 'taken', 'it takes { kind: "given" or "taken" }', query);
    const { kind, limit = RECEIPTS_SHOWN } = query;
    return this.#receipts.newest(kind, limit);
  }

  // --- Inside ---

  /** A map that is to pay and cannot says so: it would be left to who gives, in silence. */
  #checkPurse(): void {
    const { ledger, log } = this.#options;
    if (ledger() !== undefined && this.purse() !== undefined) return;
    const error =
      ledger() === undefined
        ? new SeaError('NO_CHAIN', 'no chain is known')
        : new SeaError('PAYMENT_REQUIRED', 'no purse is in use');
    log.write('warn', 'priceMax and budget pay nobody', { error });
  }

  #account(provider: HashAddress): Account {
    const name = provider.toString();
    const account = this.#accounts.get(name) ?? this.#makeAccount(provider);
    this.#accounts.delete(name);
    this.#accounts.set(name, account);
    return account;
  }

  #makeAccount(provider: HashAddress): Account {
    if (this.#accounts.size >= PROVIDERS_MAX) {
      const idle = [...this.#accounts].find(([, { isIdle }]) => isIdle);
      if (idle === undefined) throw new SeaError('OVERLOADED', 'something is owed to too many providers');
      this.#accounts.delete(idle[0]);
    }
    const { purses, identity } = this.#parts;
    return new Account({
      ...this.#options,
      provider,
      self: identity.self,
      receipts: this.#receipts,
      purse: () => purses.current(),
      onChange: () => this.#changed(),
      onSettled: (paid, gifts) => {
        this.#taken = { paid: this.#taken.paid + paid, gifts: this.#taken.gifts + gifts };
        this.#tell();
      },
    });
  }

  /** Maps may go on. */
  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
    this.#tell();
  }

  /** Many changes are told at once. */
  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    this.#options.scope.after(STATUS_AFTER_MS, () => {
      this.#isTelling = false;
      this.#options.onStatus(this.status());
    });
  }
}

function passingStore(): SmallStore {
  const values = new Map<string, Uint8Array>(); // of names that this program chooses
  return {
    get: async key => values.get(key),
    set: async (key, value) => void values.set(key, value),
    delete: async key => void values.delete(key),
  };
}

function viewOf({ chain, payee, payer, key, voucher }: Lane): HeldVoucher {
  const { lane, cumulative, signature } = voucher;
  return {
    chainId: chain.id,
    contract: formatPayAddress(chain.contract),
    payer: formatPayAddress(payer),
    key: formatPayAddress(key),
    payee: formatPayAddress(payee),
    lane,
    cumulative,
    signature,
    packed: packVoucher(voucher),
  };
}
