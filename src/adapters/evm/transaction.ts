/** A transaction from the thought to the block: what it would take, that it is sent, that it is mined. */

import { abortError, checkAborted, whenAborted } from '../../base/abort.ts';
import { deferred } from '../../base/deferred.ts';
import { isSeaError, SeaError } from '../../base/errors.ts';
import { messageOf } from './eip1193.ts';
import { RpcError, type RpcRequest } from './json-rpc.ts';
import { MINED_TIMEOUT_MS, RECEIPT_POLL_MS, RECEIPT_POLL_MS_MAX } from './limits.ts';
import { refusalOf } from './purse-abi.ts';

export interface Transaction {
  readonly from: string;
  readonly to: string;
  readonly data: string;
  readonly value: bigint;
}

export interface TransactionOptions {
  /** Gives up waiting. What was sent stays sent. */
  readonly signal?: AbortSignal | undefined;
  /** It is on its way, under this hash, and waits to be mined. */
  readonly onSent?: ((hash: string) => void) | undefined;
}

/** What the chain keeps of a transaction that went through. */
export interface Mined {
  readonly hash: string;
  readonly from: string;
  readonly block: number;
  readonly gasUsed: bigint;
  /** Paid to the chain, in the coin's smallest unit. */
  readonly fee: bigint;
  readonly logs: readonly EventLog[];
}

export interface EventLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** The form that nodes and wallets take. */
export function wireForm({ from, to, data, value }: Transaction): Record<string, string> {
  return { from, to, data, value: quantity(value) };
}

/** `0x` and hex digits without leading zeros. */
export function quantity(number: bigint | number): string {
  return `0x${number.toString(16)}`;
}

/**
 * Gas that it needs, and what that costs at the price of now in the coin's smallest unit. Throws CONTRACT_REFUSED (with the
 * reason as a sentence), ACCOUNT_EMPTY, CHAIN_FAILED, ABORTED.
 */
export async function estimate(
  rpc: RpcRequest,
  transaction: Transaction,
  signal?: AbortSignal,
): Promise<{ gas: bigint; fee: bigint }> {
  try {
    const [gas, price] = await Promise.all([
      rpc('eth_estimateGas', [wireForm(transaction)], signal),
      rpc('eth_gasPrice', [], signal),
    ]);
    return { gas: number(gas), fee: number(gas) * number(price) };
  } catch (error) {
    throw chainError(error, transaction.from);
  }
}

/** A node's refusal of what `account` sends as ours; other errors as they are. */
export function chainError(error: unknown, account = 'the account'): unknown {
  if (!(error instanceof RpcError)) return error;
  const refusal = refusalOf(error.data);
  if (refusal !== undefined) return new SeaError('CONTRACT_REFUSED', refusal, { cause: error });
  // There is no code for it: every node says it in these words.
  if (/insufficient funds/i.test(error.message))
    return new SeaError('ACCOUNT_EMPTY', `${account} does not hold the amount and the fee`, { cause: error });
  if (/revert/i.test(error.message)) return new SeaError('CONTRACT_REFUSED', messageOf(error), { cause: error });
  return new SeaError('CHAIN_FAILED', messageOf(error), { cause: error });
}

/**
 * Waits until a block holds it. Throws CONTRACT_REFUSED when it failed there, TIMEOUT when none did for ten minutes, ABORTED.
 * A node that cannot be reached meanwhile is asked again.
 */
export async function mined(rpc: RpcRequest, hash: string, signal?: AbortSignal): Promise<Mined> {
  let waited = 0;
  for (let pause = RECEIPT_POLL_MS; waited < MINED_TIMEOUT_MS; pause = Math.min(pause * 1.5, RECEIPT_POLL_MS_MAX)) {
    const receipt = await receiptOf(rpc, hash, signal);
    if (receipt !== null) return minedOf(receipt, hash);
    await sleep(pause, signal);
    waited += pause;
  }
  throw new SeaError('TIMEOUT', `${hash} was not mined within ${MINED_TIMEOUT_MS / 60_000} minutes; it may still be`);
}

async function receiptOf(rpc: RpcRequest, hash: string, signal?: AbortSignal): Promise<unknown> {
  try {
    return await rpc('eth_getTransactionReceipt', [hash], signal);
  } catch (error) {
    if (error instanceof RpcError || isSeaError(error, 'CHAIN_FAILED')) return null;
    throw error;
  }
}

function minedOf(receipt: unknown, hash: string): Mined {
  const { status, from, blockNumber, gasUsed, effectiveGasPrice, logs } = receipt as Record<string, unknown>;
  if (status !== '0x1') throw new SeaError('CONTRACT_REFUSED', `${hash} was mined, but failed: nothing was moved`);
  const gas = number(gasUsed);
  return {
    hash,
    from: String(from),
    block: Number(blockNumber),
    gasUsed: gas,
    fee: gas * number(effectiveGasPrice ?? '0x0'),
    logs: Array.isArray(logs) ? logs : [],
  };
}

/** A quantity of the chain. Throws CHAIN_FAILED. */
export function number(value: unknown): bigint {
  if (typeof value === 'string' && /^0x[0-9a-f]{1,64}$/i.test(value)) return BigInt(value);
  throw new SeaError('CHAIN_FAILED', `the chain's node gave ${JSON.stringify(value)} for a number`);
}

async function sleep(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  checkAborted(signal);
  const done = deferred<void>();
  const timer = setTimeout(() => done.resolve(), delayMs);
  const forget = whenAborted(signal, () => done.reject(abortError(signal!)));
  try {
    await done.promise;
  } finally {
    clearTimeout(timer);
    forget();
  }
}
