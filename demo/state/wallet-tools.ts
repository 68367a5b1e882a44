/** What the wallet section stands on, each fetched when it is first needed; tests give their own. */

import type { PurseWallet } from '../../src/adapters/evm/purse-wallet.ts';
import type { Mined, TransactionOptions } from '../../src/adapters/evm/transaction.ts';
import type { Wallets } from '../../src/adapters/evm/wallets.ts';
import type { ChainInfo } from '../../src/ports/chain-info.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { announceDevelopmentWallet } from '../wallet/development-wallet.ts';
import type { CreditSource } from './credit.ts';

/** A connected wallet, as far as the page uses it. */
export type ConnectedWallet = Pick<
  PurseWallet,
  | 'state'
  | 'switchChain'
  | 'disconnect'
  | 'balances'
  | 'estimate'
  | 'openPurse'
  | 'topUp'
  | 'requestUnlock'
  | 'withdraw'
  | 'take'
  | 'redeemBatch'
  | 'claimFor'
>;

export interface WalletTools {
  readonly discover: Wallets['discover'];
  readonly connect: (...args: Parameters<Wallets['connect']>) => Promise<ConnectedWallet>;
  readonly announceDevelopmentWallet: typeof announceDevelopmentWallet;
  /** Reads the chain without a wallet. */
  ledger(chain: ChainInfo): Promise<Ledger>;
  /** The chain's own time (Unix seconds) and its price of gas, in the coin's smallest unit. */
  conditions(chain: ChainInfo): Promise<ChainConditions>;
  /** Sends all coin at the pay key's own address to an account. */
  sweep(credit: CreditSource, to: string, chain: ChainInfo, options: TransactionOptions): Promise<SweptOut>;
}

export interface ChainConditions {
  readonly timeS: number;
  readonly gasPrice: bigint;
}

export type SweptOut = Mined & { readonly amount: bigint };

/** The real ones. */
export async function loadWalletTools(): Promise<WalletTools> {
  const [{ wallets }, { announceDevelopmentWallet }, { RpcLedger }, { httpRpc }] = await Promise.all([
    import('../../src/adapters/evm/wallets.ts'),
    import('../wallet/development-wallet.ts'),
    import('../../src/adapters/evm/rpc-ledger.ts'),
    import('../../src/adapters/evm/json-rpc.ts'),
  ]);
  return {
    discover: wallets.discover,
    connect: wallets.connect,
    announceDevelopmentWallet,
    ledger: async chain => new RpcLedger(chain),
    async conditions({ rpc }) {
      const ask = httpRpc(rpc);
      const [block, price] = await Promise.all([
        ask('eth_getBlockByNumber', ['latest', false]),
        ask('eth_gasPrice', []),
      ]);
      return { timeS: Number((block as { timestamp?: string }).timestamp ?? 0), gasPrice: BigInt(String(price)) };
    },
    sweep: async (credit, to, chain, options) => wallets.sweep(await payKeyOf(credit), to, chain, options),
  };
}

/** The pay key itself: it leaves the sea sealed only, so it is sealed and opened again. */
async function payKeyOf(credit: CreditSource): Promise<Uint8Array> {
  const [{ NoblePayKeys }, { WebRandom }] = await Promise.all([
    import('../../src/adapters/evm/noble-pay-keys.ts'),
    import('../../src/adapters/browser/web-random.ts'),
  ]);
  const passphrase = crypto.randomUUID();
  const nothingKept = { get: async () => undefined, set: async () => {}, delete: async () => {} };
  const keys = new NoblePayKeys(nothingKept, new WebRandom());
  return keys.unseal(await credit.exportPayKey(passphrase), passphrase);
}
