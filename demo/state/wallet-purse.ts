/** The purse that this device pays from: opening, adding, unlocking, taking back; and what is in it. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { fromHex } from '../../src/base/bytes.ts';
import type { PurseUse } from '../../src/credit/credit.ts';
import type { ChainInfo } from '../../src/ports/chain-info.ts';
import type { Ledger, PurseView } from '../../src/ports/ledger.ts';
import type { ConsentStorage } from '../consent.ts';
import { type Complaint, complaintOf } from '../errors.ts';
import { formatMoney } from './chain-money.ts';
import type { CreditSource } from './credit.ts';
import type { Act } from './wallet-deeds.ts';
import { type KnownPurse, readPurse, writePurse } from './wallet-purse-memory.ts';
import type { ConnectedWallet, WalletTools } from './wallet-tools.ts';

/** What is known of the purse in use. */
export interface PurseFigures {
  readonly use: PurseUse;
  /** What the chain says; undefined until it has answered. */
  readonly view: PurseView | undefined;
  /** All that was put in; undefined for a purse that was not opened here. */
  readonly deposited: bigint | undefined;
  /** The chain's time when the view was read, Unix seconds. */
  readonly readAtS: number;
}

export interface PursePlace {
  readonly credit: CreditSource;
  readonly chain: ChainInfo;
  readonly tools: WalletTools;
}

export class Purse {
  readonly #storage: ConsentStorage;
  readonly #figures: Signal<PurseFigures | undefined> = signal<PurseFigures | undefined>(undefined);
  readonly #complaint: Signal<Complaint | undefined> = signal<Complaint | undefined>(undefined);
  #ledger: Promise<Ledger> | undefined;
  #reading: Promise<void> | undefined;

  constructor(storage: ConsentStorage) {
    this.#storage = storage;
  }

  /** Undefined while this device pays from none. */
  get figures(): ReadonlySignal<PurseFigures | undefined> {
    return this.#figures;
  }

  get complaint(): ReadonlySignal<Complaint | undefined> {
    return this.#complaint;
  }

  /** Takes up the purse in use, also one that was being opened when the page was closed. Never rejects. */
  read(place: PursePlace): Promise<void> {
    this.#reading ??= this.#read(place).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** A purse with so much in it, for at most `priceMax` a part. */
  open(place: PursePlace, purses: ConnectedWallet, account: string, amount: bigint, priceMax: bigint): Act {
    const { credit, chain } = place;
    return async options => {
      const key = await credit.newSessionKey();
      const known = { payer: account, key, deposited: amount, priceMax, contract: chain.purse };
      writePurse(this.#storage, known);
      const { payer } = await purses.openPurse(key, amount, 0, options);
      await credit.usePurse({ payer: payer.toLowerCase(), key, priceMax });
      writePurse(this.#storage, { ...known, payer: payer.toLowerCase() });
      await this.read(place);
      return `The purse is open with ${formatMoney(amount, chain.currency)}.`;
    };
  }

  topUp(place: PursePlace, purses: ConnectedWallet, { payer, key }: PurseUse, amount: bigint): Act {
    return async options => {
      await purses.topUp(key, amount, { ...options, payer });
      const known = this.#known(place.chain, key);
      if (known !== undefined) writePurse(this.#storage, { ...known, deposited: known.deposited + amount });
      await this.read(place);
      return `${formatMoney(amount, place.chain.currency)} were added to the purse.`;
    };
  }

  requestUnlock(place: PursePlace, purses: ConnectedWallet, { key }: PurseUse): Act {
    return async options => {
      await purses.requestUnlock(key, options);
      await this.read(place);
      return 'The purse is being unlocked.';
    };
  }

  /** Takes back what is left; the purse is closed for ever and another can be opened. */
  withdraw(place: PursePlace, purses: ConnectedWallet, { key }: PurseUse): Act {
    return async options => {
      const { amount } = await purses.withdraw(key, options);
      await this.letGo(place);
      return `${formatMoney(amount, place.chain.currency)} are back in your account. The purse is closed.`;
    };
  }

  /** Pays from it no more; what is in it stays there. */
  async letGo({ credit }: PursePlace): Promise<void> {
    try {
      await credit.usePurse(undefined);
      writePurse(this.#storage, undefined);
      this.#figures.value = undefined;
    } catch (error) {
      this.#complaint.value = complaintOf(error);
    }
  }

  /** The most for one part where a job names no price, from now on. */
  async setPriceMax(place: PursePlace, priceMax: bigint): Promise<void> {
    const figures = this.#figures.value;
    if (figures === undefined) return;
    try {
      const use = { ...figures.use, priceMax };
      await place.credit.usePurse(use);
      const known = this.#known(place.chain, use.key);
      if (known !== undefined) writePurse(this.#storage, { ...known, priceMax });
      this.#figures.value = { ...figures, use };
    } catch (error) {
      this.#complaint.value = complaintOf(error);
    }
  }

  async #read(place: PursePlace): Promise<void> {
    const { credit, chain, tools } = place;
    try {
      this.#ledger ??= tools.ledger(chain);
      const ledger = await this.#ledger;
      const use = (await credit.purse()) ?? (await this.#recovered(place, ledger));
      if (use === undefined) {
        this.#figures.value = undefined;
      } else {
        const before = this.#figures.value;
        const deposited = this.#known(chain, use.key)?.deposited;
        if (before?.use.key !== use.key) this.#figures.value = { use, view: undefined, deposited, readAtS: 0 };
        const [view, { timeS }] = await Promise.all([viewOf(ledger, use), tools.conditions(chain)]);
        this.#figures.value = { use, view, deposited, readAtS: timeS };
      }
      this.#complaint.value = undefined;
    } catch (error) {
      this.#complaint.value = complaintOf(error);
    }
  }

  /** A purse whose opening was mined after the page had gone. */
  async #recovered({ credit, chain }: PursePlace, ledger: Ledger): Promise<PurseUse | undefined> {
    const known = readPurse(this.#storage);
    if (known === undefined || known.contract !== chain.purse) return undefined;
    const { payer, key, priceMax } = known;
    if ((await viewOf(ledger, known)).state !== 'open') return undefined;
    const use = { payer, key, priceMax };
    await credit.usePurse(use);
    return use;
  }

  #known({ purse }: ChainInfo, key: string): KnownPurse | undefined {
    const known = readPurse(this.#storage);
    return known?.key === key && known.contract === purse ? known : undefined;
  }
}

function viewOf(ledger: Ledger, { payer, key }: { readonly payer: string; readonly key: string }): Promise<PurseView> {
  return ledger.purse(fromHex(payer.slice(2)), fromHex(key.slice(2)));
}
