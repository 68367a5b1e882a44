/** A development chain with SeaPurse on it, for tests of what talks to a chain: anvil on a free port, gone when stopped. */

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ContractFactory, JsonRpcProvider } from 'ethers';
import { startAnvil } from '../../bench/anvil.ts';
import { type Artifact, compile } from '../../contracts/build.mjs';
import { httpRpc, type RpcRequest } from '../../src/adapters/evm/json-rpc.ts';
import type { ChainInfo } from '../../src/ports/chain-info.ts';

export interface DevChain {
  readonly info: ChainInfo;
  readonly rpc: RpcRequest;
  /** Unlocked and rich, lower case. */
  readonly accounts: readonly string[];
  /** Lets so many seconds pass on the chain. */
  pass(seconds: number): Promise<void>;
  stop(): void;
}

const DELAY_S = 60;
const NO_ADDRESS = `0x${'00'.repeat(20)}`;
const built = fileURLToPath(new URL('../../contracts/out/sea-purse.json', import.meta.url));

/** The contract as setup has compiled it, else compiled now. */
export function purseArtifact(): Artifact {
  return existsSync(built) ? JSON.parse(readFileSync(built, 'utf8')) : compile('src/SeaPurse.sol', 'SeaPurse');
}

/** `token`: an artifact without constructor arguments; the purses then hold it in place of the chain's coin. */
export async function startDevChain(token?: Artifact): Promise<DevChain & { readonly asset: string }> {
  const { url, stop } = await startAnvil();
  try {
    const asset = token === undefined ? NO_ADDRESS : await deploy(url, token, []);
    const purse = await deploy(url, purseArtifact(), [asset, DELAY_S]);
    const rpc = httpRpc(url);
    const accounts = ((await rpc('eth_accounts', [])) as string[]).map(account => account.toLowerCase());
    const info = {
      chainId: 31_337,
      purse,
      rpc: url,
      name: 'Test chain',
      currency: { symbol: 'tETH', decimals: 18 },
      delayS: DELAY_S,
      development: true,
    };
    const pass = async (seconds: number): Promise<void> => {
      await rpc('evm_increaseTime', [seconds]);
      await rpc('evm_mine', []);
    };
    return { info, asset, rpc, accounts, pass, stop };
  } catch (error) {
    stop();
    throw error;
  }
}

async function deploy(url: string, { abi, bytecode }: Artifact, args: readonly unknown[]): Promise<string> {
  const provider = new JsonRpcProvider(url, undefined, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 10 });
  try {
    const contract = await new ContractFactory(abi, bytecode, await provider.getSigner(0)).deploy(...args);
    await contract.waitForDeployment();
    return String(contract.target);
  } finally {
    provider.destroy();
  }
}
