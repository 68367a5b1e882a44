/** A wallet without an owner to ask: a private key that signs what it is told to, over a chain's node. For the command line. */

import { computeAddress, SigningKey, Transaction } from 'ethers';
import { isSeaError, SeaError } from '../../base/errors.ts';
import type { Eip1193Provider } from './eip1193.ts';
import { httpRpc, type RpcRequest } from './json-rpc.ts';
import { chainError, number } from './transaction.ts';

/** `privateKey`: 32 bytes, or 0x and 64 hex digits. Throws BAD_ARGUMENT. */
export function keyProvider(
  privateKey: string | Uint8Array,
  rpcUrl: string,
  rpc: RpcRequest = httpRpc(rpcUrl),
): Eip1193Provider & { readonly account: string } {
  const key = keyOf(privateKey);
  const account = computeAddress(key);
  return {
    account,
    async request({ method, params }) {
      const [first] = (params ?? []) as readonly [Record<string, string>?];
      switch (method) {
        case 'eth_accounts':
        case 'eth_requestAccounts':
          return [account];
        case 'eth_sendTransaction':
          return rpc('eth_sendRawTransaction', [await sign(key, account, rpc, first ?? {})]).catch((error: unknown) => {
            const known = chainError(error, account);
            throw isSeaError(known, 'ACCOUNT_EMPTY') ? known : error;
          });
        default:
          return rpc(method, (params ?? []) as readonly unknown[]);
      }
    },
  };
}

/** Signs at the chain's price of now, plus a quarter: the base fee may rise before it is mined. */
async function sign(key: SigningKey, account: string, rpc: RpcRequest, asked: Record<string, string>): Promise<string> {
  const [nonce, price, chainId] = await Promise.all([
    rpc('eth_getTransactionCount', [account, 'pending']),
    rpc('eth_gasPrice', []),
    rpc('eth_chainId', []),
  ]);
  const { to, data, value, gas, gasPrice } = asked;
  const transaction = Transaction.from({
    type: 0, // every chain takes it, and its whole cost is known beforehand
    chainId: number(chainId),
    nonce: Number(nonce),
    to: to ?? null,
    data: data ?? '0x',
    value: value ?? '0x0',
    gasLimit: gas ?? '0x5208',
    gasPrice: gasPrice ?? (number(price) * 5n) / 4n,
  });
  transaction.signature = key.sign(transaction.unsignedHash);
  return transaction.serialized;
}

function keyOf(privateKey: string | Uint8Array): SigningKey {
  try {
    const key = new SigningKey(typeof privateKey === 'string' ? privateKey.trim() : privateKey);
    computeAddress(key); // throws for zero and for what lies beyond the curve's order
    return key;
  } catch (cause) {
    throw new SeaError('BAD_ARGUMENT', 'a private key is 0x and 64 hex digits', { cause: redacted(cause) });
  }
}

/** Without the key, which some messages repeat. */
function redacted(cause: unknown): Error {
  return new Error(cause instanceof Error ? cause.name : 'not a key');
}
