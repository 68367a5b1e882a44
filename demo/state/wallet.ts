/** The wallet section's state: joins the connection, what is claimed and the purse with the sea's credit. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { ConsentStorage } from '../consent.ts';
import type { Complaint } from '../errors.ts';
import type { Chain } from './chain.ts';
import { formatMoney } from './chain-money.ts';
import type { CreditDesk } from './credit.ts';
import type { ClaimOffer } from './wallet-claim-plan.ts';
import { Claims } from './wallet-claims.ts';
import { WalletConnection } from './wallet-connection.ts';
import { type Act, type Deed, Deeds, type Named } from './wallet-deeds.ts';
import { Purse, type PurseFigures } from './wallet-purse.ts';
import type { WalletTools } from './wallet-tools.ts';

/** Beats between two readings of the chain while the section is in front: when more was earned, and at any rate. */
const READ_AFTER_BEATS = 8;
const READ_EVERY_BEATS = 40;

export interface WalletSurroundings {
  readonly storage: ConsentStorage;
  readonly chain: Chain;
  readonly credit: CreditDesk;
  readonly loadTools: () => Promise<WalletTools>;
  /** Where wallets announce themselves. */
  readonly target: () => Window;
  readonly isInFront: () => boolean;
  /** Unix time, ms. */
  readonly wallMs: () => number;
}

export class WalletDesk {
  readonly connection: WalletConnection = new WalletConnection();
  readonly deeds: Deeds = new Deeds();
  readonly claims: Claims = new Claims();
  readonly purse: Purse;
  readonly #surroundings: WalletSurroundings;
  readonly #nowS: Signal<number> = signal(0);
  #tools: WalletTools | undefined;
  #beats = READ_EVERY_BEATS;
  #readFor: { readonly account: string | undefined; readonly earned: bigint } = { account: undefined, earned: 0n };

  constructor(surroundings: WalletSurroundings) {
    this.#surroundings = surroundings;
    this.purse = new Purse(surroundings.storage);
  }

  get deed(): ReadonlySignal<Deed> {
    return this.deeds.current;
  }

  /** What is wrong with the chain, or with what is kept here: said once for the whole section. */
  get complaint(): Complaint | undefined {
    return this.claims.complaint.value ?? this.purse.complaint.value;
  }

  /** Begins once the sea is made; without a chain there is nothing to begin. */
  async follow(): Promise<void> {
    const { chain, loadTools, target } = this.#surroundings;
    if (chain.info === undefined || this.#tools !== undefined) return;
    this.#tools = await loadTools();
    this.connection.start(this.#tools, chain.info, target());
    await this.#readPurse();
  }

  /** Called a few times a second by the page's beat. */
  refresh(): void {
    this.#beats += 1;
    if (!this.#surroundings.isInFront()) return;
    this.#nowS.value = Math.floor(this.#surroundings.wallMs() / 1000);
    const account = this.connection.ready?.account;
    const { earned } = this.#surroundings.credit.status.value;
    const isDue =
      account !== this.#readFor.account ||
      this.#beats >= (earned === this.#readFor.earned ? READ_EVERY_BEATS : READ_AFTER_BEATS);
    if (!isDue) return;
    this.#beats = 0;
    this.#readFor = { account, earned };
    void this.readChain();
  }

  /** Asks the chain for all that the section shows. */
  async readChain(): Promise<void> {
    const place = this.#place();
    if (place === undefined || this.deeds.isBusy) return;
    await Promise.all([
      this.claims.read(place, this.connection.ready),
      this.purse.read(place),
      this.connection.readBalances(),
    ]);
  }

  /** Unix seconds until the purse may be taken back, 0 when it may; undefined while nobody asked for it. */
  unlocksInS({ view, readAtS }: PurseFigures): number | undefined {
    if (view === undefined || view.unlockAt === 0) return undefined;
    return Math.max(0, view.unlockAt - Math.max(readAtS, this.#nowS.value));
  }

  // --- Deeds ---

  async claim(offer: ClaimOffer): Promise<void> {
    await this.#deed({ at: 'vouchers', what: 'claiming' }, (place, ready) => this.claims.claim(place, ready, offer));
  }

  async sendOn(): Promise<void> {
    await this.#deed({ at: 'vouchers', what: 'sending on what was claimed' }, (place, { account }) =>
      this.claims.sendOn(place, account),
    );
  }

  /** Takes what payments that failed have left for the account. */
  async take(): Promise<void> {
    await this.#deed(
      { at: 'vouchers', what: 'taking what is owed' },
      ({ chain: { currency } }, { purses }) =>
        async options => {
          const { amount } = await purses.take(options);
          return `${formatMoney(amount, currency)} came to your account.`;
        },
    );
  }

  async openPurse(amount: bigint, priceMax: bigint): Promise<boolean> {
    return this.#deed({ at: 'purse', what: 'opening the purse' }, (place, { purses, account }) =>
      this.purse.open(place, purses, account, amount, priceMax),
    );
  }

  async topUp({ use }: PurseFigures, amount: bigint): Promise<boolean> {
    return this.#deed({ at: 'purse', what: 'adding to the purse' }, (place, { purses }) =>
      this.purse.topUp(place, purses, use, amount),
    );
  }

  async requestUnlock({ use }: PurseFigures): Promise<void> {
    await this.#deed({ at: 'purse', what: 'unlocking the purse' }, (place, { purses }) =>
      this.purse.requestUnlock(place, purses, use),
    );
  }

  async withdraw({ use }: PurseFigures): Promise<void> {
    await this.#deed({ at: 'purse', what: 'taking back the purse' }, (place, { purses }) =>
      this.purse.withdraw(place, purses, use),
    );
  }

  async setPriceMax(priceMax: bigint): Promise<void> {
    const place = this.#place();
    if (place !== undefined) await this.purse.setPriceMax(place, priceMax);
  }

  async letGo(): Promise<void> {
    const place = this.#place();
    if (place !== undefined) await this.purse.letGo(place);
  }

  async #deed(named: Named, make: (place: Place, ready: Ready) => Act): Promise<boolean> {
    const [place, ready] = [this.#place(), this.connection.ready];
    if (place === undefined || ready === undefined) return false;
    const isDone = await this.deeds.run(named, make(place, ready));
    this.connection.prompts.declineAll();
    await this.readChain();
    return isDone;
  }

  async #readPurse(): Promise<void> {
    const place = this.#place();
    if (place !== undefined) await this.purse.read(place);
  }

  #place(): Place | undefined {
    const { chain, credit } = this.#surroundings;
    if (this.#tools === undefined || chain.info === undefined || credit.source === undefined) return undefined;
    return { credit: credit.source, chain: chain.info, tools: this.#tools };
  }
}

type Place = NonNullable<Parameters<Claims['read']>[0]>;
type Ready = NonNullable<WalletConnection['ready']>;
