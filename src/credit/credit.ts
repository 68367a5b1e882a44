/**
 * The credit service as the others see it, and `sea.credit`. It is a door: the books, the protocol and the keys behind it
 * (`engine.ts`) are fetched after the first load, for a page needs none of them to be in the sea.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { addressOfKey } from '../address/signed.ts';
import { SeaError } from '../base/errors.ts';
import type { CreditOptions } from './credit-options.ts';
import type { Engine } from './engine.ts';
import type { Charge, Hire, Purser, PurserOptions, Till } from './payment.ts';
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

export type { CreditOptions } from './credit-options.ts';
export type * from './views.ts';

const NOTHING: CreditStatus = {
  earned: 0n,
  unredeemed: 0n,
  spent: 0n,
  atRisk: 0n,
  owedByMe: 0n,
  given: { paid: 0, gifts: 0 },
  taken: { paid: 0, gifts: 0 },
};

export class Credit {
  /** @internal Where computing asks before it computes for others. */
  readonly till: Till;
  /** @internal Makes the purser of one map. */
  readonly hire: Hire;
  readonly #options: CreditOptions;
  readonly #self: HashAddress;
  #engine: Engine | undefined;
  #loading: Promise<Engine> | undefined;
  #slots = 0;

  constructor(options: CreditOptions) {
    const { caller, scope } = options;
    this.#options = options;
    this.#self = addressOfKey(options.key.publicKey);
    this.till = { admit: (...part) => this.#admit(...part) };
    this.hire = wanted => new LazyPurser(this.#self, () => this.#load(), wanted);
    scope.defer(caller.handle('credit:quote', async incoming => (await this.#load()).answerQuote(incoming)));
    scope.defer(caller.handle('credit:settle', async incoming => (await this.#load()).answerSettle(incoming)));
  }

  /** Fetches the code and reads the books, so that the first part waits for neither. Throws NO_STORAGE. */
  async load(): Promise<void> {
    await this.#load();
  }

  /** @internal How many slots this device contributes: the credit lines follow. */
  setSlots(slots: number): void {
    this.#slots = slots;
    this.#engine?.setSlots(slots);
  }

  /** @internal A link to this node stands: what could not be paid to it is tried again. */
  linkOpened(address: HashAddress): void {
    this.#engine?.linkOpened(address);
  }

  // --- What is asked for computing here ---

  /**
   * Sets the price of a part and of a KiB of its output, from now on and after a restart; a price that was quoted holds
   * until it runs out. `free`: gifts for strangers without a purse, else they end at once; default: only when nothing is
   * asked. Throws NO_CHAIN for a price without a chain, BAD_ARGUMENT, NO_STORAGE.
   */
  async ask(price: { readonly part: bigint; readonly egress?: bigint; readonly free?: boolean }): Promise<void> {
    await (await this.#load()).ask(price);
  }

  /** The same as the whole sea may read it: undefined when nothing is asked, or before the books are read. */
  async price(): Promise<AskedPrice | undefined> {
    return this.#engine?.price();
  }

  async asked(): Promise<Ask> {
    return (await this.#load()).asked();
  }

  // --- What is paid for computing elsewhere ---

  /** Makes a session key to open a purse for, and gives its address. A key serves one purse, once. */
  async newSessionKey(): Promise<string> {
    return (await this.#load()).newSessionKey();
  }

  /** Pays from this purse from now on and after a restart; undefined: from none. Throws BAD_ARGUMENT, NO_CHAIN, NO_STORAGE. */
  async usePurse(purse: PurseUse | undefined): Promise<void> {
    await (await this.#load()).usePurse(purse);
  }

  async purse(): Promise<PurseUse | undefined> {
    return (await this.#load()).purse();
  }

  /** @internal Whether a map with these limits would pay so much. */
  async affords(price: AskedPrice, limits: PriceLimits): Promise<boolean> {
    return price.free || (await this.#load()).affords(price, limits);
  }

  /** What a linked node asks now. Throws BAD_QUOTE and what calls throw. */
  async quote(provider: HashAddress | string, signal?: AbortSignal): Promise<QuoteView> {
    return (await this.#load()).quote(provider, signal);
  }

  // --- What was earned ---

  /** Where this device is paid: the address of its pay key, which is made on first use. Throws NO_STORAGE. */
  async payAddress(): Promise<string> {
    return (await this.#load()).payAddress();
  }

  /** The newest voucher of every lane, the worthiest first. */
  async vouchers(): Promise<HeldVoucher[]> {
    return (await this.#load()).vouchers();
  }

  /** What the chain has paid of a voucher's lane. Throws NO_CHAIN, CHAIN_FAILED. */
  async redeemed(voucher: HeldVoucher): Promise<bigint> {
    return (await this.#load()).redeemed(voucher);
  }

  /** Signs that a relayer may bring the vouchers of a lane until the deadline. Throws BAD_ARGUMENT, NO_STORAGE. */
  async signClaim(terms: ClaimTerms): Promise<SignedClaim> {
    return (await this.#load()).signClaim(terms);
  }

  /** The pay key, sealed by a passphrase: a Web3 Secret Storage file (version 3), which wallets read. Takes a second. */
  async exportPayKey(passphrase: string): Promise<string> {
    return (await this.#load()).exportPayKey(passphrase);
  }

  /**
   * Takes the pay key of such a file in place of this device's. Several devices may have one key: each holds the vouchers for
   * its own work, in lanes of their own. Throws BAD_ARGUMENT (no such file, or another passphrase), NO_STORAGE.
   */
  async importPayKey(file: string, passphrase: string): Promise<void> {
    await (await this.#load()).importPayKey(file, passphrase);
  }

  // --- Figures ---

  /** As far as they are known: all zero before the books are read. */
  status(): CreditStatus {
    return this.#engine?.status() ?? NOTHING;
  }

  /** The newest receipts of one kind, newest first. Throws NO_STORAGE. */
  async receipts(query: ReceiptQuery): Promise<ReceiptView[]> {
    return (await this.#load()).receipts(query);
  }

  #admit(...part: Parameters<Till['admit']>): Charge {
    if (part[0].equals(this.#self)) return forNobody;
    if (this.#engine === undefined) throw new SeaError('PAYMENT_REQUIRED', 'nothing was agreed');
    return this.#engine.admit(...part);
  }

  #load(): Promise<Engine> {
    this.#loading ??= this.#open().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #open(): Promise<Engine> {
    const { Engine } = await import('./engine.ts');
    const engine = await Engine.open(this.#options);
    engine.setSlots(this.#slots);
    this.#engine = engine;
    return engine;
  }
}

/** A node owes itself nothing. */
const forNobody: Charge = { paid: true, computed() {}, dropped() {} };

/** A purser whose books are fetched with the first agreement; its own node needs none. */
class LazyPurser implements Purser {
  readonly #self: HashAddress;
  readonly #load: () => Promise<Engine>;
  readonly #options: PurserOptions;
  #purser: Purser | undefined;

  constructor(self: HashAddress, load: () => Promise<Engine>, options: PurserOptions) {
    this.#self = self;
    this.#load = load;
    this.#options = options;
  }

  get cost(): bigint {
    return this.#purser?.cost ?? 0n;
  }

  get spent(): boolean {
    return this.#purser?.spent ?? false;
  }

  async agree(provider: HashAddress, signal: AbortSignal): Promise<void> {
    if (provider.equals(this.#self)) return;
    const engine = await this.#load();
    this.#purser ??= engine.hire(this.#options);
    await this.#purser.agree(provider, signal);
  }

  hasTerms(provider: HashAddress): boolean {
    return provider.equals(this.#self) || (this.#purser?.hasTerms(provider) ?? false);
  }

  mayStart(provider: HashAddress): boolean {
    return provider.equals(this.#self) || (this.#purser?.mayStart(provider) ?? false);
  }

  started(...[provider, ...rest]: Parameters<Purser['started']>): void {
    if (!provider.equals(this.#self)) this.#purser?.started(provider, ...rest);
  }

  accepted(...part: Parameters<Purser['accepted']>): void {
    this.#purser?.accepted(...part);
  }

  ended(...[provider, ...rest]: Parameters<Purser['ended']>): void {
    if (!provider.equals(this.#self)) this.#purser?.ended(provider, ...rest);
  }

  refused(...[provider, ...rest]: Parameters<Purser['refused']>): void {
    if (!provider.equals(this.#self)) this.#purser?.refused(provider, ...rest);
  }

  async close(): Promise<void> {
    await this.#purser?.close();
  }
}
