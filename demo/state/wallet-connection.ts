/** Which wallets are in this browser, which one is connected, and what its account has. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { FoundWallet } from '../../src/adapters/evm/eip1193.ts';
import type { Balances } from '../../src/adapters/evm/purse-wallet.ts';
import type { WalletState } from '../../src/adapters/evm/wallet-session.ts';
import type { ChainInfo } from '../../src/ports/chain-info.ts';
import { type Complaint, complaintOf } from '../errors.ts';
import type { DevelopmentWallet } from '../wallet/development-wallet.ts';
import { Prompts } from './wallet-prompts.ts';
import type { ConnectedWallet, WalletTools } from './wallet-tools.ts';

export type ConnectionPhase =
  /** `note`: why, where it was not always so; quiet words. */
  | { readonly state: 'none'; readonly note: string; readonly complaint: Complaint | undefined }
  | { readonly state: 'connecting'; readonly wallet: FoundWallet }
  | {
      readonly state: 'connected';
      readonly wallet: FoundWallet;
      readonly purses: ConnectedWallet;
      readonly shown: Exclude<WalletState, { state: 'disconnected' }>;
      readonly note: string;
      readonly complaint: Complaint | undefined;
    };

export type Connected = Extract<ConnectionPhase, { state: 'connected' }>;

const unconnected: ConnectionPhase = { state: 'none', note: '', complaint: undefined };

export class WalletConnection {
  readonly prompts: Prompts = new Prompts();
  readonly #found: Signal<readonly FoundWallet[]> = signal<readonly FoundWallet[]>([]);
  readonly #phase: Signal<ConnectionPhase> = signal<ConnectionPhase>(unconnected);
  readonly #balances: Signal<Balances | undefined> = signal<Balances | undefined>(undefined);
  readonly #accounts: Signal<readonly string[]> = signal<readonly string[]>([]);
  #tools: WalletTools | undefined;
  #chain: ChainInfo | undefined;
  #development: DevelopmentWallet | undefined;
  #attempt = 0;

  /** In the order of their announcement. */
  get found(): ReadonlySignal<readonly FoundWallet[]> {
    return this.#found;
  }

  get phase(): ReadonlySignal<ConnectionPhase> {
    return this.#phase;
  }

  /** Of the account that is shown; undefined until the chain has told them. */
  get balances(): ReadonlySignal<Balances | undefined> {
    return this.#balances;
  }

  /** All accounts of the development wallet while it is the connected one: it has no window of its own to choose in. */
  get accounts(): ReadonlySignal<readonly string[]> {
    return this.#accounts;
  }

  /** The wallet that can act now: connected, and on the sea's chain. */
  get ready(): { readonly purses: ConnectedWallet; readonly account: string } | undefined {
    const phase = this.#phase.value;
    if (phase.state !== 'connected' || phase.shown.state !== 'ready') return undefined;
    return { purses: phase.purses, account: phase.shown.account };
  }

  /** Looks for wallets from now on, for a sea that pays on this chain. */
  start(tools: WalletTools, chain: ChainInfo, target: Window): void {
    if (this.#tools !== undefined) return;
    this.#tools = tools;
    this.#chain = chain;
    this.#development = tools.announceDevelopmentWallet(target, chain, this.prompts.ask);
    tools.discover(target, wallet => {
      this.#found.value = [...this.#found.value, wallet];
    });
  }

  async connect(wallet: FoundWallet): Promise<void> {
    if (this.#tools === undefined || this.#chain === undefined || this.#phase.value.state === 'connecting') return;
    const attempt = ++this.#attempt;
    this.#phase.value = { state: 'connecting', wallet };
    try {
      const purses = await this.#tools.connect(wallet.provider, this.#chain, shown => this.#follow(attempt, shown));
      if (attempt !== this.#attempt) return void purses.disconnect();
      const shown = purses.state;
      if (shown.state === 'disconnected') return this.#end(shown.reason);
      this.#phase.value = { state: 'connected', wallet, purses, shown, note: '', complaint: undefined };
      await Promise.all([this.readBalances(), this.#readAccounts()]);
    } catch (error) {
      if (attempt === this.#attempt) this.#phase.value = refusedBy(wallet, error);
    }
  }

  /** Stops waiting for a wallet's answer; a late one is let go. */
  stopConnecting(): void {
    if (this.#phase.value.state !== 'connecting') return;
    this.#attempt += 1;
    this.prompts.declineAll();
    this.#phase.value = unconnected;
  }

  async disconnect(): Promise<void> {
    const phase = this.#phase.value;
    if (phase.state !== 'connected') return;
    this.#attempt += 1;
    this.#end('');
    await phase.purses.disconnect();
  }

  /** Asks the wallet to change to the sea's chain. */
  async switchChain(): Promise<void> {
    const phase = this.#phase.value;
    if (phase.state !== 'connected') return;
    this.#change({ note: '', complaint: undefined });
    try {
      await phase.purses.switchChain();
      await this.readBalances();
    } catch (error) {
      const complaint = complaintOf(error);
      if (complaint.code === 'WALLET_DECLINED') this.#change({ note: 'You declined: the wallet stays where it is.' });
      else this.#change({ complaint });
    }
  }

  /** Shows another account of the development wallet. */
  async switchAccount(account: string): Promise<void> {
    try {
      await this.#development?.switchAccount(account);
      this.#change({ note: '' }); // who chose it here need not be told
    } catch (error) {
      this.#change({ complaint: complaintOf(error) });
    }
  }

  /** Asks the chain what the account has; where it does not answer, the page says so and goes on. */
  async readBalances(): Promise<void> {
    const ready = this.ready;
    if (ready === undefined) return;
    try {
      const balances = await ready.purses.balances();
      if (this.ready?.account !== ready.account) return;
      this.#balances.value = balances;
      if (this.#phase.value.state === 'connected' && this.#phase.value.complaint !== undefined)
        this.#change({ complaint: undefined });
    } catch (error) {
      if (this.ready?.account === ready.account) this.#change({ complaint: complaintOf(error) });
    }
  }

  #follow(attempt: number, shown: WalletState): void {
    const phase = this.#phase.value;
    if (attempt !== this.#attempt || phase.state !== 'connected') return;
    if (shown.state === 'disconnected') return this.#end(shown.reason);
    const isOther = shown.account !== phase.shown.account;
    this.#phase.value = { ...phase, shown, note: isOther ? 'The wallet shows another account now.' : '' };
    this.#balances.value = undefined;
    void this.readBalances();
  }

  #end(reason: string): void {
    this.prompts.declineAll();
    this.#balances.value = undefined;
    this.#accounts.value = [];
    this.#phase.value = { state: 'none', note: reason === '' ? '' : `Disconnected: ${reason}.`, complaint: undefined };
  }

  #change(part: Partial<Pick<Connected, 'note' | 'complaint'>>): void {
    const phase = this.#phase.value;
    if (phase.state === 'connected') this.#phase.value = { ...phase, ...part };
  }

  async #readAccounts(): Promise<void> {
    const phase = this.#phase.value;
    if (phase.state !== 'connected' || phase.wallet.provider !== this.#development?.provider) return;
    this.#accounts.value = await this.#development.accounts();
  }
}

/** Declining is an answer, not an error. */
function refusedBy(wallet: FoundWallet, error: unknown): ConnectionPhase {
  const complaint = complaintOf(error);
  return complaint.code === 'WALLET_DECLINED'
    ? { state: 'none', note: `You declined to connect ${wallet.name}. Nothing has changed.`, complaint: undefined }
    : { state: 'none', note: '', complaint };
}
