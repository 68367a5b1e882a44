/** Connecting a wallet: the entry of the chunk that is loaded when somebody connects one, and not before. */

import type { ChainInfo } from '../../ports/chain-info.ts';
import type { Eip1193Provider } from './eip1193.ts';
import { httpRpc } from './json-rpc.ts';
import { PurseWallet } from './purse-wallet.ts';
import { WalletSession, type WalletState } from './wallet-session.ts';

export { keyProvider } from './key-provider.ts';
export { sweep } from './sweep.ts';

/**
 * Asks the wallet's owner for an account. `onState` hears of every change afterwards: another account, another chain, the
 * end. Throws WALLET_DECLINED, NO_WALLET, CHAIN_FAILED. A wallet on another chain connects: see `state`.
 */
export async function connectWallet(
  provider: Eip1193Provider,
  chain: ChainInfo,
  onState: (state: WalletState) => void = () => {},
): Promise<PurseWallet> {
  return new PurseWallet(await WalletSession.open(provider, chain, onState), httpRpc(chain.rpc));
}
