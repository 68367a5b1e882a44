/** Wallets as a page gets at them: found at once, connected by code that is fetched then. */

import type { ChainInfo } from '../../ports/chain-info.ts';
import type { Eip1193Provider, FoundWallet } from './eip1193.ts';
import type { Account } from './purse-calls.ts';
import type { PaidOut, PurseWallet } from './purse-wallet.ts';
import type { TransactionOptions } from './transaction.ts';
import { discoverWallets } from './wallet-discovery.ts';
import type { WalletState } from './wallet-session.ts';

export interface Wallets {
  /**
   * Calls `onWallet` for each wallet of this browser (EIP-6963), once, now and when one is installed later. Connects none.
   * `target`: the page's window. Returns what stops it.
   */
  discover(target: EventTarget, onWallet: (wallet: FoundWallet) => void): () => void;
  /**
   * Asks the wallet's owner for an account. `onState` hears of every change afterwards: another account, another chain, the
   * end. Throws WALLET_DECLINED, NO_WALLET, CHAIN_FAILED. A wallet on another chain connects: see `state`.
   */
  connect(provider: Eip1193Provider, chain: ChainInfo, onState?: (state: WalletState) => void): Promise<PurseWallet>;
  /**
   * Sends all the coin of a pay key, but the fee, to an account. `privateKey`: 32 bytes. Throws ACCOUNT_EMPTY where the fee is
   * more than there is, CHAIN_FAILED, TIMEOUT, ABORTED.
   */
  sweep(privateKey: Uint8Array, to: Account, chain: ChainInfo, options?: TransactionOptions): Promise<PaidOut>;
}

export const wallets: Wallets = {
  discover: discoverWallets,
  connect: async (provider, chain, onState) => (await import('./wallet.ts')).connectWallet(provider, chain, onState),
  sweep: async (privateKey, to, chain, options) => (await import('./wallet.ts')).sweep(privateKey, to, chain, options),
};
