/** Wallets as a page gets at them: found at once, connected by code that is fetched then. */

import type { ChainInfo } from '../../ports/chain-info.ts';
import type { Eip1193Provider, FoundWallet } from './eip1193.ts';
import type { Account } from './purse-calls.ts';
import type { PaidOut, PurseWallet } from './purse-wallet.ts';
import type { TransactionOptions } from './transaction.ts';
import { discoverWallets } from './wallet-discovery.ts';
import type { WalletState } from './wallet-session.ts';

export interface Wallets {
  /** See discoverWallets. */
  discover(target: EventTarget, onWallet: (wallet: FoundWallet) => void): () => void;
  /** See connectWallet. */
  connect(provider: Eip1193Provider, chain: ChainInfo, onState?: (state: WalletState) => void): Promise<PurseWallet>;
  /** See sweep. */
  sweep(privateKey: Uint8Array, to: Account, chain: ChainInfo, options?: TransactionOptions): Promise<PaidOut>;
}

export const wallets: Wallets = {
  discover: discoverWallets,
  connect: async (provider, chain, onState) => (await import('./wallet.ts')).connectWallet(provider, chain, onState),
  sweep: async (privateKey, to, chain, options) => (await import('./wallet.ts')).sweep(privateKey, to, chain, options),
};
