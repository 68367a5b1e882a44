/** A wallet, a chain and what finds them, for tests of the page's state: they do what the test says. */

import type { FoundWallet } from '../../src/adapters/evm/eip1193.ts';
import type { WalletState } from '../../src/adapters/evm/wallet-session.ts';
import { toHex } from '../../src/base/bytes.ts';
import { SeaError } from '../../src/base/errors.ts';
import type { ChainInfo } from '../../src/ports/chain-info.ts';
import type { Ledger, PurseView } from '../../src/ports/ledger.ts';
import type { ConnectedWallet, WalletTools } from '../state/wallet-tools.ts';

/** 0x and 40 hex digits of one repeated byte. */
export function accountOf(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0').repeat(20)}`;
}

export const testChain: ChainInfo = {
  chainId: 31_337,
  purse: accountOf(0xcc),
  rpc: 'http://127.0.0.1:8545',
  name: 'Test chain',
  currency: { symbol: 'tETH', decimals: 18 },
  delayS: 60,
  development: true,
};

export const emptyPurse: PurseView = { state: 'none', free: 0n, unlockAt: 0, expiry: 0 };

/** What `openPurse` and the like come to. */
function mined(from: string) {
  return { hash: `0x${'ab'.repeat(32)}`, from, block: 1, gasUsed: 1n, fee: 1n, logs: [] };
}

export class FakeWallet {
  readonly asked: string[] = [];
  account: string = accountOf(0x01);
  answer: 'accept' | 'decline' = 'accept';
  onState: (state: WalletState) => void = () => {};
  shown: WalletState = { state: 'ready', account: this.account };
  coin = 10n ** 18n;
  /** Coin at other accounts. */
  readonly elsewhere: Map<string, bigint> = new Map();
  fee = 1_000n;
  /** What the next thing sent waits for. */
  block: Promise<void> = Promise.resolve();
  purses: Map<string, PurseView> = new Map();
  claimed = 0n;
  timeS = 1_000;
  gasPrice = 1n;
  failure: unknown;
  conditionsAsked = 0;

  readonly found: FoundWallet = {
    id: 'fake',
    name: 'Fake wallet',
    icon: '',
    maker: 'test',
    provider: { request: async () => null },
  };

  /** As the wallet changes by its owner's hand. */
  change(state: WalletState): void {
    this.shown = state;
    this.onState(state);
  }

  asTools(): WalletTools {
    return {
      discover: (_, onWallet) => {
        onWallet(this.found);
        return () => {};
      },
      connect: async (_provider, _chain, onState = () => {}) => {
        this.#consent('connect');
        this.onState = onState;
        return this.asConnected();
      },
      announceDevelopmentWallet: () => undefined,
      ledger: async () => this.asLedger(),
      conditions: async () => {
        this.conditionsAsked += 1;
        if (this.failure !== undefined) throw this.failure;
        return { timeS: this.timeS, gasPrice: this.gasPrice };
      },
      sweep: async (credit, to) => {
        this.asked.push(`sweep to ${to}`);
        const from = await credit.payAddress();
        const amount = this.elsewhere.get(from) ?? 0n;
        this.elsewhere.delete(from);
        return { ...mined(from), amount };
      },
    };
  }

  asLedger(): Ledger {
    return {
      chain: { id: 31_337n, contract: new Uint8Array(20) },
      purse: async (_payer, key) => this.purses.get(`0x${toHex(key)}`) ?? emptyPurse,
      lane: async () => ({ paid: 0n, reserved: 0n, until: 0 }),
    };
  }

  asConnected(): ConnectedWallet {
    const wallet = this;
    const send = async (doing: string, options: { onSent?: ((hash: string) => void) | undefined } = {}) => {
      wallet.#consent(doing);
      options.onSent?.(mined(wallet.account).hash);
      await wallet.block;
      return mined(wallet.account);
    };
    const change = (key: unknown, part: Partial<PurseView>): void => {
      wallet.purses.set(String(key), { ...(wallet.purses.get(String(key)) ?? emptyPurse), ...part });
    };
    return {
      get state() {
        return wallet.shown;
      },
      switchChain: async () => {
        wallet.#consent('switch chain');
        wallet.change({ state: 'ready', account: wallet.account });
      },
      disconnect: async () => void wallet.asked.push('disconnect'),
      balances: async account => {
        const coin = account === undefined ? wallet.coin : (wallet.elsewhere.get(String(account)) ?? 0n);
        return { coin, asset: coin, owed: 0n };
      },
      estimate: async ({ call }) => {
        wallet.asked.push(`estimate ${call}`);
        return { gas: wallet.fee, fee: wallet.fee };
      },
      openPurse: async (key, amount, _expiry, options) => {
        const result = await send(`open ${amount}`, options);
        change(key, { state: 'open', free: amount });
        return { ...result, payer: wallet.account };
      },
      topUp: async (key, amount, options) => {
        const result = await send(`top up ${amount}`, options);
        change(key, { free: (wallet.purses.get(String(key))?.free ?? 0n) + amount });
        return result;
      },
      requestUnlock: async (key, options) => {
        const result = await send('unlock', options);
        change(key, { unlockAt: wallet.timeS + testChain.delayS });
        return result;
      },
      withdraw: async (key, options) => {
        const amount = wallet.purses.get(String(key))?.free ?? 0n;
        const result = await send('withdraw', options);
        change(key, { state: 'closed', free: 0n });
        return { ...result, amount };
      },
      take: async options => ({ ...(await send('take', options)), amount: 0n }),
      redeemBatch: async (payee, packed, options) => {
        const result = await send(`redeem ${packed.length}`, options);
        wallet.elsewhere.set(String(payee), wallet.claimed);
        return { ...result, amount: wallet.claimed, skipped: [] };
      },
      claimFor: async (_voucher, claim, _fee, options) => {
        const result = await send(`claim to ${claim.to}`, options);
        return { ...result, amount: wallet.claimed, bringerFee: 0n };
      },
    };
  }

  #consent(doing: string): void {
    this.asked.push(doing);
    if (this.failure !== undefined) throw this.failure;
    if (this.answer === 'decline') throw new SeaError('WALLET_DECLINED', doing);
  }
}
