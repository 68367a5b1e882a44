/** The ledger read from a chain's node: two calls of SeaPurse, encoded by hand. It writes nothing. */

import { abortable } from '../../base/abort.ts';
import { fromHex, toHex } from '../../base/bytes.ts';
import { asSeaError, SeaError } from '../../base/errors.ts';
import type { ChainInfo } from '../../ports/chain-info.ts';
import type { Chain, LaneView, Ledger, PurseView } from '../../ports/ledger.ts';
import type { PayAddress } from '../../ports/pay-keys.ts';
import { httpRpc, type RpcRequest } from './json-rpc.ts';

/** First four bytes of the Keccak-256 of `purse(address,address)` and `lane(address,address,address,uint8)`. */
export const PURSE_SELECTOR = '998e2128';
export const LANE_SELECTOR = '2b634dce';

const states = ['none', 'open', 'closed'] as const;
/** The highest uint48: what the contract keeps for a purse without expiry. */
const NEVER = 2n ** 48n - 1n;

export class RpcLedger implements Ledger {
  readonly chain: Chain;
  readonly #request: RpcRequest;
  #isRightChain: Promise<void> | undefined;

  constructor(info: Pick<ChainInfo, 'chainId' | 'purse' | 'rpc'>, request: RpcRequest = httpRpc(info.rpc)) {
    this.chain = { id: BigInt(info.chainId), contract: fromHex(info.purse.slice(2)) };
    this.#request = request;
  }

  async purse(payer: PayAddress, key: PayAddress, signal?: AbortSignal): Promise<PurseView> {
    const [free, unlockAt, expiry, state] = await this.#call(PURSE_SELECTOR, [payer, key], 4, signal);
    return {
      state: states[Number(state)] ?? 'none',
      free: free!,
      unlockAt: Number(unlockAt),
      expiry: expiry === NEVER ? 0 : Number(expiry),
    };
  }

  async lane(
    payer: PayAddress,
    key: PayAddress,
    payee: PayAddress,
    lane: number,
    signal?: AbortSignal,
  ): Promise<LaneView> {
    const words = [payer, key, payee, Uint8Array.of(lane)];
    const [paid, reserved, until] = await this.#call(LANE_SELECTOR, words, 3, signal);
    return { paid: paid!, reserved: reserved!, until: Number(until) };
  }

  /** The words that a view of the contract returns. Throws CHAIN_FAILED, WRONG_CHAIN, ABORTED. */
  async #call(selector: string, args: readonly Uint8Array[], count: number, signal?: AbortSignal): Promise<bigint[]> {
    this.#isRightChain ??= this.#checkChain();
    await abortable(this.#isRightChain, signal);
    const to = `0x${toHex(this.chain.contract)}`;
    const data = `0x${selector}${args.map(word => toHex(word).padStart(64, '0')).join('')}`;
    const said = await this.#ask('eth_call', [{ to, data }, 'latest'], signal);
    if (typeof said !== 'string' || !/^0x[0-9a-f]*$/.test(said) || said.length !== 2 + 64 * count)
      throw new SeaError('CHAIN_FAILED', `the chain has no SeaPurse at ${to}`);
    return Array.from({ length: count }, (_, i) => BigInt(`0x${said.slice(2 + 64 * i, 66 + 64 * i)}`));
  }

  /** Asked once for all callers; again after a failure. */
  async #checkChain(): Promise<void> {
    try {
      const id = BigInt(String(await this.#ask('eth_chainId', [])));
      if (id !== this.chain.id)
        throw new SeaError('WRONG_CHAIN', `the chain's node is of chain ${id}, not of ${this.chain.id}`);
    } catch (error) {
      this.#isRightChain = undefined;
      throw asSeaError(error, 'CHAIN_FAILED');
    }
  }

  async #ask(method: string, params: readonly unknown[], signal?: AbortSignal): Promise<unknown> {
    try {
      return await this.#request(method, params, signal);
    } catch (error) {
      throw asSeaError(error, 'CHAIN_FAILED');
    }
  }
}
