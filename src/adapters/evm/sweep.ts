/** All the coin of a pay key sent to an account of one's own: what `redeemBatch` paid lies at the pay key's address. */

import { SeaError } from '../../base/errors.ts';
import type { ChainInfo } from '../../ports/chain-info.ts';
import { httpRpc } from './json-rpc.ts';
import { keyProvider } from './key-provider.ts';
import { type Account, accountText } from './purse-calls.ts';
import { chainError, type Mined, mined, number, quantity, type TransactionOptions } from './transaction.ts';

/**
 * Sends everything but the fee. `privateKey`: the pay key's, 32 bytes. Throws ACCOUNT_EMPTY where the fee is more than there
 * is, CHAIN_FAILED, TIMEOUT, ABORTED. Tokens are not swept: they need coin for the fee, which a pay key has none of.
 */
export async function sweep(
  privateKey: Uint8Array,
  to: Account,
  chain: ChainInfo,
  { signal, onSent }: TransactionOptions = {},
): Promise<Mined & { readonly amount: bigint }> {
  const rpc = httpRpc(chain.rpc);
  const provider = keyProvider(privateKey, chain.rpc, rpc);
  const target = accountText(to);
  try {
    const [balance, price] = await Promise.all([
      rpc('eth_getBalance', [provider.account, 'latest'], signal),
      rpc('eth_gasPrice', [], signal),
    ]);
    const gas = number(await rpc('eth_estimateGas', [{ from: provider.account, to: target, value: '0x1' }], signal));
    const gasPrice = (number(price) * 5n) / 4n;
    const amount = number(balance) - gas * gasPrice;
    if (amount <= 0n) throw new SeaError('ACCOUNT_EMPTY', `the fee would be more than there is at ${provider.account}`);
    const sent = { to: target, value: quantity(amount), gas: quantity(gas), gasPrice: quantity(gasPrice) };
    const hash = String(await provider.request({ method: 'eth_sendTransaction', params: [sent] }));
    onSent?.(hash);
    return { ...(await mined(rpc, hash, signal)), amount };
  } catch (error) {
    throw chainError(error, provider.account);
  }
}
