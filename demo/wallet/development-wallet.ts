/**
 * A wallet for trying things out: the accounts that a development chain sends for, offered to the page like any other
 * wallet (EIP-1193, announced by EIP-6963). The visitor is asked before each thing that a real wallet asks about. Its money
 * is worth nothing, and it exists only where the chain says that it is for development.
 */

import type { Eip1193Provider } from '../../src/adapters/evm/eip1193.ts';
import { httpRpc, type RpcRequest } from '../../src/adapters/evm/json-rpc.ts';
import type { ChainInfo } from '../../src/ports/chain-info.ts';

export const DEVELOPMENT_WALLET_NAME = 'Development wallet (test money only)';

/** What the visitor is asked. */
export type WalletRequest =
  | { readonly kind: 'connect'; readonly account: string }
  | {
      readonly kind: 'transaction';
      readonly account: string;
      readonly to: string;
      /** Coin that is sent along, in its smallest unit. */
      readonly value: bigint;
      /** What it does, as an infinitive. */
      readonly what: string;
    };

export type Ask = (request: WalletRequest) => Promise<boolean>;

/** What the page needs of it besides the wallet's own face. */
export interface DevelopmentWallet {
  readonly provider: Eip1193Provider;
  /** All that it has, lower case; the account in use first. Throws CHAIN_FAILED. */
  accounts(): Promise<readonly string[]>;
  /** Shows connected pages another account. */
  switchAccount(account: string): Promise<void>;
  /** Shows pages none any more, until they ask to connect. */
  disconnect(): void;
}

/** As EIP-1193 numbers them. */
const USER_REJECTED = 4001;
const UNAUTHORIZED = 4100;
const UNKNOWN_CHAIN = 4902;

/** First four bytes of SeaPurse's calls; the wallet's test holds them against the contract. */
export const purposes: Readonly<Record<string, string>> = {
  '0x7e873053': 'to open a purse',
  '0x69901858': 'to add to a purse',
  '0x9b10e1f4': 'to unlock a purse',
  '0x51cff8d9': 'to take back what is in a purse',
  '0xa8bb3771': 'to redeem vouchers',
  '0x47386f4e': 'to claim a voucher',
  '0x159090bd': 'to take what is owed',
};

/** Makes the wallet and announces it on `target`; undefined where the chain is not for development. */
export function announceDevelopmentWallet(
  target: EventTarget,
  chain: ChainInfo,
  ask: Ask,
): DevelopmentWallet | undefined {
  if (!chain.development) return undefined;
  const wallet = new AnvilWallet(chain, ask);
  const info = {
    uuid: 'b7c7c1a2-5ea0-4d65-9a11-0d0e5ea0cafe',
    name: DEVELOPMENT_WALLET_NAME,
    icon,
    rdns: 'peersea.dev',
  };
  const detail = Object.freeze({ info, provider: wallet.provider });
  const announce = (): void => {
    target.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }));
  };
  target.addEventListener('eip6963:requestProvider', announce);
  announce();
  return wallet;
}

class AnvilWallet implements DevelopmentWallet {
  readonly provider: Eip1193Provider;
  readonly #chain: ChainInfo;
  readonly #ask: Ask;
  readonly #rpc: RpcRequest;
  readonly #listeners = new Map<string, Set<(news: unknown) => void>>();
  /** In use; kept over a disconnect. */
  #account: string | undefined;
  #isConnected = false;

  constructor(chain: ChainInfo, ask: Ask) {
    this.#chain = chain;
    this.#ask = ask;
    this.#rpc = httpRpc(chain.rpc);
    this.provider = {
      request: ({ method, params }) => this.#answer(method, (params ?? []) as readonly unknown[]),
      on: (event, listener) => this.#of(event).add(listener),
      removeListener: (event, listener) => this.#of(event).delete(listener),
    };
  }

  async accounts(): Promise<readonly string[]> {
    const accounts = ((await this.#rpc('eth_accounts', [])) as string[]).map(account => account.toLowerCase());
    this.#account ??= accounts[0];
    return accounts.toSorted((a, b) => Number(b === this.#account) - Number(a === this.#account));
  }

  async switchAccount(account: string): Promise<void> {
    const chosen = account.toLowerCase();
    if (!(await this.accounts()).includes(chosen)) throw refusal(UNAUTHORIZED, 'this wallet has no such account');
    this.#account = chosen;
    if (this.#isConnected) this.#tell('accountsChanged', [chosen]);
  }

  disconnect(): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.#tell('accountsChanged', []);
  }

  #answer(method: string, params: readonly unknown[]): Promise<unknown> {
    switch (method) {
      case 'eth_requestAccounts':
        return this.#connect();
      case 'eth_accounts':
        return Promise.resolve(this.#isConnected ? [this.#account] : []);
      case 'eth_sendTransaction':
        return this.#send(params[0] as Record<string, string>);
      case 'wallet_switchEthereumChain':
        return this.#switchChain(params[0] as { chainId?: string });
      case 'wallet_revokePermissions':
        this.disconnect();
        return Promise.resolve(null);
      default:
        return this.#rpc(method, params);
    }
  }

  async #connect(): Promise<readonly string[]> {
    const [account] = await this.accounts();
    if (account === undefined) throw refusal(UNAUTHORIZED, 'the chain lends no accounts');
    if (!this.#isConnected && !(await this.#ask({ kind: 'connect', account })))
      throw refusal(USER_REJECTED, 'the visitor declined');
    this.#isConnected = true;
    return [this.#account!];
  }

  async #send(transaction: Record<string, string>): Promise<unknown> {
    const { from = '', to = '', value = '0x0', data = '0x' } = transaction;
    if (!this.#isConnected || from.toLowerCase() !== this.#account)
      throw refusal(UNAUTHORIZED, 'this account is not shown to the page');
    const what = purposes[data.slice(0, 10)] ?? 'to call a contract';
    const agreed = await this.#ask({ kind: 'transaction', account: from, to, value: BigInt(value), what });
    if (!agreed) throw refusal(USER_REJECTED, 'the visitor declined');
    const { chainId: _, ...accepted } = transaction;
    return this.#rpc('eth_sendTransaction', [accepted]);
  }

  async #switchChain({ chainId }: { chainId?: string }): Promise<null> {
    if (Number(chainId) === this.#chain.chainId) return null;
    throw refusal(UNKNOWN_CHAIN, 'this wallet knows its own chain only');
  }

  #of(event: string): Set<(news: unknown) => void> {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    return listeners;
  }

  #tell(event: string, news: unknown): void {
    for (const listener of this.#of(event)) listener(news);
  }
}

function refusal(code: number, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** A purse-coloured wave. */
const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b4f6c"/>' +
    '<path d="M3 19c4-6 7-6 10-2s7 4 9 0 5-4 7-1" fill="none" stroke="#f2c14e" stroke-width="3" stroke-linecap="round"/></svg>',
)}`;
