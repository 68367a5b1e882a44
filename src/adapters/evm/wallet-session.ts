/** A connected wallet: whose account it shows and on which chain it is, as its owner changes both. */

import { SeaError } from '../../base/errors.ts';
import type { ChainInfo } from '../../ports/chain-info.ts';
import { type Eip1193Provider, providerCode, walletError } from './eip1193.ts';

export type WalletState =
  | { readonly state: 'ready'; readonly account: string }
  /** The wallet shows another chain than the sea's: `switchChain` asks its owner. */
  | { readonly state: 'wrong-chain'; readonly account: string; readonly chainId: number }
  | { readonly state: 'disconnected'; readonly reason: string };

/** A wallet that does not know a chain says so by this code of EIP-3085. */
const UNKNOWN_CHAIN = 4902;
const NO_SUCH_METHOD = -32601;
const INTERNAL = -32603; // what some wallets wrap the above in

export class WalletSession {
  readonly chain: ChainInfo;
  readonly #provider: Eip1193Provider;
  readonly #onState: (state: WalletState) => void;
  #account: string | undefined;
  #chainId: number;
  #state: WalletState;

  /** Asks the wallet for its accounts, which it shows its owner. Throws WALLET_DECLINED, NO_WALLET, CHAIN_FAILED. */
  static async open(
    provider: Eip1193Provider,
    chain: ChainInfo,
    onState: (state: WalletState) => void,
  ): Promise<WalletSession> {
    try {
      const account = firstAccount(await provider.request({ method: 'eth_requestAccounts' }));
      if (account === undefined) throw new SeaError('NO_WALLET', 'the wallet shows this page no account');
      const chainId = chainNumber(await provider.request({ method: 'eth_chainId' }));
      return new WalletSession(provider, chain, { account, chainId }, onState);
    } catch (error) {
      throw walletError(error, 'to connect');
    }
  }

  private constructor(
    provider: Eip1193Provider,
    chain: ChainInfo,
    { account, chainId }: { readonly account: string; readonly chainId: number },
    onState: (state: WalletState) => void,
  ) {
    this.#provider = provider;
    this.chain = chain;
    this.#account = account;
    this.#chainId = chainId;
    this.#onState = onState;
    this.#state = this.#judge();
    provider.on?.('accountsChanged', this.#onAccounts);
    provider.on?.('chainChanged', this.#onChain);
    provider.on?.('disconnect', this.#onDisconnect);
  }

  get state(): WalletState {
    return this.#state;
  }

  /** The account that acts now. Throws NO_WALLET, WRONG_CHAIN. */
  account(): string {
    const { state } = this;
    switch (state.state) {
      case 'ready':
        return state.account;
      case 'wrong-chain':
        throw new SeaError(
          'WRONG_CHAIN',
          `the wallet is on chain ${state.chainId}, this sea pays on ${this.chain.chainId} (${this.chain.name})`,
        );
      case 'disconnected':
        throw new SeaError('NO_WALLET', state.reason);
    }
  }

  /** Asks the wallet itself; its owner may be shown what is asked. Throws WALLET_DECLINED, NO_WALLET, CHAIN_FAILED. */
  async request(method: string, params: readonly unknown[], doing: string): Promise<unknown> {
    try {
      return await this.#provider.request({ method, params });
    } catch (error) {
      throw walletError(error, doing);
    }
  }

  /** Asks the owner to change to the sea's chain, adding it where the wallet does not know it. Throws WALLET_DECLINED. */
  async switchChain(): Promise<void> {
    if (this.#state.state === 'disconnected') throw new SeaError('NO_WALLET', this.#state.reason);
    const chainId = `0x${this.chain.chainId.toString(16)}`;
    const doing = `to change to ${this.chain.name}`;
    try {
      await this.#provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId }] });
    } catch (error) {
      const code = providerCode(error);
      if (code !== UNKNOWN_CHAIN && code !== INTERNAL) throw walletError(error, doing);
      await this.#addChain(chainId, doing);
    }
    this.#onChain(await this.request('eth_chainId', [], doing));
    if (this.#chainId !== this.chain.chainId)
      throw new SeaError('WRONG_CHAIN', `the wallet stayed on chain ${this.#chainId}`);
  }

  /** Lets the wallet go, and asks it to forget this page where it can. Never rejects. */
  async disconnect(): Promise<void> {
    if (this.#state.state === 'disconnected') return;
    this.#end('this page has let the wallet go');
    try {
      await this.#provider.request({ method: 'wallet_revokePermissions', params: [{ eth_accounts: {} }] });
    } catch {
      // Most wallets don't know it; then they show the account again without asking when one connects again.
    }
  }

  async #addChain(chainId: string, doing: string): Promise<void> {
    const { name, rpc, currency } = this.chain;
    const chain = {
      chainId,
      chainName: name,
      rpcUrls: [rpc],
      nativeCurrency: { name: currency.symbol, symbol: currency.symbol, decimals: 18 },
    };
    await this.request('wallet_addEthereumChain', [chain], doing);
    try {
      await this.#provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId }] });
    } catch (error) {
      if (providerCode(error) !== NO_SUCH_METHOD) throw walletError(error, doing);
    }
  }

  readonly #onAccounts = (accounts: unknown): void => {
    const account = firstAccount(accounts);
    if (account === undefined) return this.#end('the wallet shows this page no account any more');
    this.#account = account;
    this.#change();
  };

  readonly #onChain = (chainId: unknown): void => {
    this.#chainId = chainNumber(chainId);
    this.#change();
  };

  readonly #onDisconnect = (): void => this.#end('the wallet has disconnected');

  #end(reason: string): void {
    this.#account = undefined;
    this.#provider.removeListener?.('accountsChanged', this.#onAccounts);
    this.#provider.removeListener?.('chainChanged', this.#onChain);
    this.#provider.removeListener?.('disconnect', this.#onDisconnect);
    this.#state = { state: 'disconnected', reason };
    this.#onState(this.#state);
  }

  #change(): void {
    const before = this.#state;
    if (before.state === 'disconnected') return;
    const now = this.#judge();
    if (now.state === before.state && 'account' in now && now.account === before.account) {
      if (!('chainId' in now && 'chainId' in before) || now.chainId === before.chainId) return;
    }
    this.#state = now;
    this.#onState(now);
  }

  #judge(): WalletState {
    const account = this.#account!;
    if (this.#chainId === this.chain.chainId) return { state: 'ready', account };
    return { state: 'wrong-chain', account, chainId: this.#chainId };
  }
}

/** Chain ids come as hex text, from some wallets as numbers. */
function chainNumber(chainId: unknown): number {
  const number = Number(chainId);
  return Number.isSafeInteger(number) ? number : 0;
}

function firstAccount(accounts: unknown): string | undefined {
  const first: unknown = Array.isArray(accounts) ? accounts[0] : undefined;
  return typeof first === 'string' && /^0x[0-9a-fA-F]{40}$/.test(first) ? first.toLowerCase() : undefined;
}
