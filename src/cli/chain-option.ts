/** The chain that a command works with: `--chain`, and `--purse` where that is a chain's node. */

import { readFile } from 'node:fs/promises';
import { httpRpc } from '../adapters/evm/json-rpc.ts';
import { asSeaError, SeaError } from '../base/errors.ts';
import { type ChainInfo, parseChainInfo } from '../ports/chain-info.ts';

export const chainOptions: {
  readonly chain: { readonly type: 'string' };
  readonly purse: { readonly type: 'string' };
} = { chain: { type: 'string' }, purse: { type: 'string' } };

export const chainUsage = `  --chain WHERE     the chain to be paid on: what a bootstrap node tells of it (http://HOST:PORT/chain.json, a file of
                    that, or its JSON), or with --purse the URL of a chain's node
  --purse 0x…       the SeaPurse on that chain`;

/** First four bytes of `unlockDelay()`; a test holds them against the contract. */
export const UNLOCK_DELAY_CALL = '0x0519da32';
const FETCH_TIMEOUT_MS = 10_000;

/** What is known of the chain; undefined without --chain. Throws BAD_ARGUMENT, CHAIN_FAILED. */
export async function readChain(values: {
  readonly chain?: string | undefined;
  readonly purse?: string | undefined;
}): Promise<ChainInfo | undefined> {
  const { chain, purse } = values;
  if (chain === undefined && purse !== undefined) throw new SeaError('BAD_ARGUMENT', '--purse needs --chain');
  if (chain === undefined) return undefined;
  if (purse !== undefined) return askChain(chain, purse);
  if (chain.trimStart().startsWith('{')) return parse(chain, '--chain');
  if (!/^https?:/.test(chain)) return parse(await readText(chain), chain);
  return parse(await fetchText(chain), chain);
}

/** The same for a command that cannot do without. */
export async function needChain(values: Parameters<typeof readChain>[0]): Promise<ChainInfo> {
  const chain = await readChain(values);
  if (chain === undefined) throw new SeaError('NO_CHAIN', 'name the chain: --chain http://HOST:PORT/chain.json');
  return chain;
}

function parse(text: string, where: string): ChainInfo {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const hint = /^https?:/.test(where) ? "; a chain's own node needs --purse as well" : '';
    throw new SeaError('BAD_ARGUMENT', `${where} holds no JSON${hint}`, { cause });
  }
  if (value === null) throw new SeaError('NO_CHAIN', `${where}: that sea has no chain`);
  return parseChainInfo(value);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SeaError('BAD_ARGUMENT', `cannot read ${file}`, { cause });
  }
}

async function fetchText(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    if (response.status === 404) throw new SeaError('NO_CHAIN', `${url} is not there: that sea has no chain`);
    return await response.text();
  } catch (error) {
    if (error instanceof SeaError) throw error;
    throw new SeaError('CHAIN_FAILED', `${url}: ${connectionTrouble(error)}`, { cause: error });
  }
}

/** What `fetch` failed of: it says "fetch failed", and its cause the rest; of several addresses there is a code alone. */
function connectionTrouble(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${FETCH_TIMEOUT_MS / 1000} s`;
  const { message, code } = (error.cause ?? error) as NodeJS.ErrnoException;
  return message || code || error.message;
}

async function askChain(rpc: string, purse: string): Promise<ChainInfo> {
  const request = httpRpc(rpc);
  try {
    const [chainId, delay] = await Promise.all([
      request('eth_chainId', []),
      request('eth_call', [{ to: purse, data: UNLOCK_DELAY_CALL }, 'latest']),
    ]);
    if (typeof delay !== 'string' || delay.length !== 66)
      throw new SeaError('BAD_ARGUMENT', `that chain has no SeaPurse at ${purse}`);
    const currency = { symbol: 'ETH', decimals: 18 };
    const name = `Chain ${Number(chainId)}`;
    return parseChainInfo({ chainId: Number(chainId), purse, rpc, name, currency, delayS: Number(delay) });
  } catch (error) {
    throw asSeaError(error, 'CHAIN_FAILED');
  }
}
