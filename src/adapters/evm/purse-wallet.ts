/** A wallet that works with purses: its owner's money in, out and along, each by a transaction that the owner agrees to. */

import type { Interface } from 'ethers';
import { fromHex } from '../../base/bytes.ts';
import { SeaError } from '../../base/errors.ts';
import type { ChainInfo } from '../../ports/chain-info.ts';
import type { LaneView, PurseView } from '../../ports/ledger.ts';
import type { RpcRequest } from './json-rpc.ts';
import { purseInterface, tokenInterface } from './purse-abi.ts';
import {
  type Account,
  accountText,
  depositOf,
  encodeCall,
  type PurseCall,
  type SignedClaim,
  type SignedVoucher,
} from './purse-calls.ts';
import { RpcLedger } from './rpc-ledger.ts';
import {
  chainError,
  estimate,
  type Mined,
  mined,
  number,
  quantity,
  type Transaction,
  type TransactionOptions,
} from './transaction.ts';
import type { WalletSession, WalletState } from './wallet-session.ts';

/** What an account has, in smallest units. */
export interface Balances {
  /** The chain's coin, which its fees are paid in. */
  readonly coin: bigint;
  /** What purses hold; the same as `coin` where that is the chain's coin. */
  readonly asset: bigint;
  /** Payments that failed and wait to be taken (`take`). */
  readonly owed: bigint;
}

export type Opened = Mined & { readonly payer: string };
/** `amount`: what came out of the contract. */
export type PaidOut = Mined & { readonly amount: bigint };
/** `skipped`: positions of vouchers that had nothing to pay. */
export type Redeemed = PaidOut & { readonly skipped: readonly number[] };
/** `amount`: what went where the claim says. `bringerFee`: what this account got for bringing it. */
export type Claimed = PaidOut & { readonly bringerFee: bigint };

const ZERO_ADDRESS = `0x${'00'.repeat(20)}`;
/** More gas than estimated, in percent: blocks before ours may change what the call meets. */
const GAS_MARGIN_PERCENT = 20n;

/** Every method that sends throws NO_WALLET, WRONG_CHAIN, WALLET_DECLINED, CONTRACT_REFUSED, ACCOUNT_EMPTY, CHAIN_FAILED, TIMEOUT, ABORTED. */
export class PurseWallet {
  readonly #session: WalletSession;
  readonly #rpc: RpcRequest;
  readonly #ledger: RpcLedger;
  #asset: Promise<string> | undefined;

  constructor(session: WalletSession, rpc: RpcRequest) {
    this.#session = session;
    this.#rpc = rpc;
    this.#ledger = new RpcLedger(session.chain, rpc);
  }

  get chain(): ChainInfo {
    return this.#session.chain;
  }

  get state(): WalletState {
    return this.#session.state;
  }

  /** Asks the owner to change to the sea's chain. Throws WALLET_DECLINED, WRONG_CHAIN, NO_WALLET, CHAIN_FAILED. */
  switchChain(): Promise<void> {
    return this.#session.switchChain();
  }

  /** Lets the wallet go; its owner finds it disconnected. Never rejects. */
  disconnect(): Promise<void> {
    return this.#session.disconnect();
  }

  /** Default: the account that is shown. */
  async balances(account: Account = this.#session.account(), signal?: AbortSignal): Promise<Balances> {
    const owner = accountText(account);
    const asset = await this.asset();
    const coin = number(await this.#ask('eth_getBalance', [owner, 'latest'], signal));
    const owed = BigInt(String(await this.#view(this.chain.purse, purseInterface, 'owed', [owner], signal)));
    if (asset === undefined) return { coin, asset: coin, owed };
    return { coin, asset: BigInt(String(await this.#view(asset, tokenInterface, 'balanceOf', [owner], signal))), owed };
  }

  /** Default payer: the account that is shown. */
  purse(key: Account, payer: Account = this.#session.account(), signal?: AbortSignal): Promise<PurseView> {
    return this.#ledger.purse(bytesOf(payer), bytesOf(key), signal);
  }

  lane(payer: Account, key: Account, payee: Account, lane = 0, signal?: AbortSignal): Promise<LaneView> {
    return this.#ledger.lane(bytesOf(payer), bytesOf(key), bytesOf(payee), lane, signal);
  }

  /** What a call would take, and whether it would go through: gas, and its fee in the coin's smallest unit. */
  async estimate(call: PurseCall, signal?: AbortSignal): Promise<{ gas: bigint; fee: bigint }> {
    return estimate(this.#rpc, await this.#transaction(call), signal);
  }

  /** Deposits `amount` in a purse for a session key, in one prompt. `expiry`: Unix seconds, 0 for never. */
  async openPurse(key: Account, amount: bigint, expiry = 0, options?: TransactionOptions): Promise<Opened> {
    const opened = await this.#send({ call: 'open', key, amount, expiry }, options);
    return { ...opened, payer: accountText(opened.from) };
  }

  /** Adds to an open purse; default payer: the account that is shown. */
  topUp(key: Account, amount: bigint, options?: TransactionOptions & { readonly payer?: Account }): Promise<Mined> {
    return this.#send({ call: 'topUp', payer: options?.payer ?? this.#session.account(), key, amount }, options);
  }

  /** Starts the delay after which the purse can be withdrawn. It cannot be taken back. */
  requestUnlock(key: Account, options?: TransactionOptions): Promise<Mined> {
    return this.#send({ call: 'requestUnlock', key }, options);
  }

  /** Takes back what is free in an unlocked purse, and closes it for ever. */
  async withdraw(key: Account, options?: TransactionOptions): Promise<PaidOut> {
    return this.#withAmount(await this.#send({ call: 'withdraw', key }, options), 'Withdrawn');
  }

  /** Pays packed vouchers (97 bytes each) to their payee. Vouchers with nothing to pay are skipped. */
  async redeemBatch(
    payee: Account,
    packed: readonly (string | Uint8Array)[],
    options?: TransactionOptions,
  ): Promise<Redeemed> {
    const result = await this.#send({ call: 'redeemBatch', payee, packed }, options);
    const skipped = this.#events(result, 'Skipped').map(({ index }) => Number(index));
    return { ...this.#withAmount(result, 'Redeemed'), skipped };
  }

  /** Pays a voucher to where its payee's claim says; up to `maxFee` of it to this account. */
  async claimFor(voucher: SignedVoucher, claim: SignedClaim, fee = 0n, options?: TransactionOptions): Promise<Claimed> {
    const result = await this.#send({ call: 'claimFor', voucher, claim, fee }, options);
    const [claimed] = this.#events(result, 'Claimed');
    const bringerFee = BigInt(claimed?.fee ?? 0);
    return { ...result, amount: BigInt(claimed?.amount ?? 0) - bringerFee, bringerFee };
  }

  /** Takes what failed payments left for this account. */
  async take(options?: TransactionOptions): Promise<PaidOut> {
    return this.#withAmount(await this.#send({ call: 'take' }, options), 'Taken');
  }

  /** The ERC-20 that purses hold; undefined for the chain's coin. */
  async asset(): Promise<string | undefined> {
    this.#asset ??= this.#view(this.chain.purse, purseInterface, 'asset', []).then(String);
    try {
      const asset = await this.#asset;
      return asset === ZERO_ADDRESS ? undefined : asset;
    } catch (error) {
      this.#asset = undefined;
      throw error;
    }
  }

  async #send(call: PurseCall, options: TransactionOptions = {}): Promise<Mined> {
    const transaction = await this.#transaction(call);
    if (depositOf(call) > transaction.value) await this.#approve(depositOf(call), options.signal);
    return this.#sendTransaction(transaction, call.call, options);
  }

  async #transaction(call: PurseCall): Promise<Transaction> {
    const from = this.#session.account();
    const data = encodeCall(call);
    const deposit = depositOf(call);
    const value = deposit > 0n && (await this.asset()) === undefined ? deposit : 0n;
    return { from, to: this.chain.purse, data, value };
  }

  /** Lets the contract take `amount` of the token, when it may not yet: a prompt of its own. */
  async #approve(amount: bigint, signal: AbortSignal | undefined): Promise<void> {
    const token = (await this.asset())!;
    const from = this.#session.account();
    const { purse } = this.chain;
    const allowed = BigInt(String(await this.#view(token, tokenInterface, 'allowance', [from, purse], signal)));
    if (allowed >= amount) return;
    const data = tokenInterface.encodeFunctionData('approve', [purse, amount]);
    await this.#sendTransaction({ from, to: token, data, value: 0n }, 'approve', { signal });
  }

  async #sendTransaction(
    transaction: Transaction,
    doing: string,
    { signal, onSent }: TransactionOptions,
  ): Promise<Mined> {
    const { gas } = await estimate(this.#rpc, transaction, signal);
    const { from, to, data, value } = transaction;
    const margin = (gas * GAS_MARGIN_PERCENT) / 100n;
    const asked = {
      from,
      to,
      data,
      value: quantity(value),
      gas: quantity(gas + margin),
      chainId: quantity(this.chain.chainId),
    };
    const hash = String(await this.#session.request('eth_sendTransaction', [asked], doing));
    onSent?.(hash);
    return mined(this.#rpc, hash, signal);
  }

  async #view(
    to: string,
    contract: Interface,
    name: string,
    args: readonly unknown[],
    signal?: AbortSignal,
  ): Promise<unknown> {
    const said = await this.#ask('eth_call', [{ to, data: contract.encodeFunctionData(name, args) }, 'latest'], signal);
    try {
      return contract.decodeFunctionResult(name, String(said))[0];
    } catch (cause) {
      throw new SeaError('CHAIN_FAILED', `${to} does not answer ${name} as it should`, { cause });
    }
  }

  async #ask(method: string, params: readonly unknown[], signal?: AbortSignal): Promise<unknown> {
    try {
      return await this.#rpc(method, params, signal);
    } catch (error) {
      throw chainError(error);
    }
  }

  #withAmount(result: Mined, event: string): PaidOut {
    const amount = this.#events(result, event).reduce((sum, { amount: each }) => sum + BigInt(each ?? 0), 0n);
    return { ...result, amount };
  }

  /** The contract's own events of that name, by their members. */
  #events({ logs }: Mined, name: string): Record<string, bigint | string>[] {
    const purse = this.chain.purse.toLowerCase();
    return logs
      .filter(({ address }) => address.toLowerCase() === purse)
      .map(log => purseInterface.parseLog(log))
      .flatMap(event => (event?.name === name ? [event.args.toObject()] : []));
  }
}

function bytesOf(account: Account): Uint8Array {
  return fromHex(accountText(account).slice(2));
}
