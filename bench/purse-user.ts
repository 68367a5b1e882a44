/**
 * A payer with a session key, its payee, and somebody else who submits what they signed; on a chain that sends for any
 * account. Each call resolves to the gas of its receipt.
 */

import { type Contract, ContractFactory, concat, id, JsonRpcProvider, toQuantity, Wallet } from 'ethers';
import { compile } from '../contracts/build.mjs';
import {
  compact,
  domainOf,
  hashTimes,
  type Messages,
  type PrimaryType,
  packVoucher,
  sign,
  type Voucher,
} from '../contracts/typed-data.ts';

const UNLOCK_DELAY_S = 60;
const NEVER = 2 ** 48 - 1;
const LANE = 0;
const RICH_WEI = 10n ** 24n;
const GAS_MAX = 16_000_000;
const NO_ADDRESS = `0x${'00'.repeat(20)}`;

/** Contracts of one chain, and who deployed and submits. */
export interface Deployment {
  readonly provider: JsonRpcProvider;
  readonly purse: Contract;
  /** Undefined for the native coin. */
  readonly token: Contract | undefined;
  readonly deployGas: bigint;
  readonly chainId: bigint;
}

/** Deploys the contract for the chain's coin or for a token of its own. */
export async function deploy(url: string, asset: 'coin' | 'token'): Promise<Deployment> {
  const provider = new JsonRpcProvider(url, undefined, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 10 });
  const token = asset === 'coin' ? undefined : await create(provider, 'test/tokens/PlainToken.sol', 'PlainToken', []);
  const args = [token?.target ?? NO_ADDRESS, UNLOCK_DELAY_S];
  const purse = await create(provider, 'src/SeaPurse.sol', 'SeaPurse', args);
  const { gasUsed } = (await purse.deploymentTransaction()!.wait())!;
  const { chainId } = await provider.getNetwork();
  return { provider, purse, token, deployGas: gasUsed, chainId };
}

export class PurseUser {
  readonly #deployment: Deployment;
  readonly #payer: Wallet;
  readonly #key: Wallet;
  readonly #payee: Wallet;
  readonly #receiver: Wallet;

  /** Different names, different accounts; the same payee by the same `payee`. */
  constructor(deployment: Deployment, name: string, payee: string = name) {
    this.#deployment = deployment;
    this.#payer = walletOf(`payer ${name}`);
    this.#key = walletOf(`key ${name}`);
    this.#payee = walletOf(`payee ${payee}`);
    this.#receiver = walletOf(`receiver ${name}`);
  }

  /** Gives the payer what it deposits. Accounts of payee and receiver exist unless they are to be new. */
  async prepare(areNew: 'new' | 'existing'): Promise<this> {
    const { provider, purse, token } = this.#deployment;
    const others = areNew === 'new' ? [] : [this.#payee.address, this.#receiver.address];
    for (const address of [this.#payer.address, ...others]) {
      await provider.send('anvil_setBalance', [address, toQuantity(RICH_WEI)]);
      if (token !== undefined) await this.#send(address, token, 'mint', [address, RICH_WEI]);
    }
    if (token !== undefined) await this.#send(this.#payer.address, token, 'approve', [purse.target, 2n ** 256n - 1n]);
    return this;
  }

  open(amount: bigint): Promise<bigint> {
    return this.#deposit('open', [this.#key.address, 0, amount], amount);
  }

  topUp(amount: bigint): Promise<bigint> {
    return this.#deposit('topUp', [this.#payer.address, this.#key.address, amount], amount);
  }

  async reserve(total: bigint): Promise<bigint> {
    const { provider, purse } = this.#deployment;
    const { timestamp } = (await provider.getBlock('latest'))!;
    const { until } = await purse.lane!(this.#payer.address, this.#key.address, this.#payee.address, LANE);
    const later = Math.max(Number(until), timestamp + 1_000) + 1;
    const signed = { ...this.#lane(), total, until: later };
    return this.#submit('reserve', [signed, this.#sign(this.#key, 'Reserve', signed)]);
  }

  redeem(cumulative: bigint): Promise<bigint> {
    const voucher = this.#voucher(cumulative);
    return this.#submit('redeem', [voucher, this.#sign(this.#key, 'Voucher', voucher)]);
  }

  /** All the ticks of a chain that pays `each` for one. */
  redeemTicks(cumulative: bigint, each: bigint, ticks: number): Promise<bigint> {
    const preimage = id('preimage');
    const voucher = { ...this.#voucher(cumulative), root: hashTimes(preimage, ticks), tick: each, max: ticks };
    return this.#submit('redeemTicks', [voucher, this.#sign(this.#key, 'TickVoucher', voucher), ticks, preimage]);
  }

  packed(cumulative: bigint): string {
    const { purse, chainId } = this.#deployment;
    const voucher = this.#voucher(cumulative);
    return packVoucher(voucher, sign(this.#key, domainOf(chainId, `${purse.target}`), 'Voucher', voucher));
  }

  redeemBatch(packed: readonly string[]): Promise<bigint> {
    return this.#submit('redeemBatch', [this.#payee.address, concat(packed)]);
  }

  claim(cumulative: bigint, fee: bigint): Promise<bigint> {
    const voucher = this.#voucher(cumulative);
    const claim = {
      payer: this.#payer.address,
      key: this.#key.address,
      lane: LANE,
      to: this.#receiver.address,
      maxFee: fee,
      onlyWhileUnlocking: false,
      deadline: NEVER,
    };
    const signatures = [this.#sign(this.#key, 'Voucher', voucher), this.#sign(this.#payee, 'Claim', claim)];
    return this.#submit('claimFor', [voucher, signatures[0], claim, signatures[1], fee]);
  }

  /** When its time is over. */
  async release(): Promise<bigint> {
    await this.#wait(1_000 + UNLOCK_DELAY_S + 10);
    const { payer, payee } = this.#lane();
    return this.#submit('release', [payer, this.#key.address, payee, LANE]);
  }

  releaseSigned(cumulativePaid: bigint): Promise<bigint> {
    const signed = { payer: this.#payer.address, key: this.#key.address, lane: LANE, cumulativePaid };
    return this.#submit('releaseSigned', [signed, this.#sign(this.#payee, 'Release', signed)]);
  }

  requestUnlock(): Promise<bigint> {
    return this.#send(this.#payer.address, this.#deployment.purse, 'requestUnlock', [this.#key.address]);
  }

  /** When the delay is over. */
  async withdraw(): Promise<bigint> {
    await this.#wait(UNLOCK_DELAY_S + 1);
    return this.#send(this.#payer.address, this.#deployment.purse, 'withdraw', [this.#key.address]);
  }

  #lane(): { payer: string; payee: string; lane: number } {
    return { payer: this.#payer.address, payee: this.#payee.address, lane: LANE };
  }

  #voucher(cumulative: bigint): Voucher {
    return { ...this.#lane(), cumulative };
  }

  #sign<T extends PrimaryType>(by: Wallet, type: T, message: Messages[T]): { r: string; vs: string } {
    const { purse, chainId } = this.#deployment;
    return compact(sign(by, domainOf(chainId, `${purse.target}`), type, message));
  }

  async #wait(seconds: number): Promise<void> {
    await this.#deployment.provider.send('evm_increaseTime', [seconds]);
  }

  #deposit(call: string, args: unknown[], amount: bigint): Promise<bigint> {
    const { purse, token } = this.#deployment;
    return this.#send(this.#payer.address, purse, call, args, token === undefined ? amount : 0n);
  }

  /** By somebody who has nothing to do with it. */
  #submit(call: string, args: unknown[]): Promise<bigint> {
    return this.#send(undefined, this.#deployment.purse, call, args);
  }

  async #send(
    from: string | undefined,
    contract: Contract,
    call: string,
    args: unknown[],
    value = 0n,
  ): Promise<bigint> {
    const { provider } = this.#deployment;
    const sender = from ?? (await provider.send('eth_accounts', []))[1];
    const data = contract.interface.encodeFunctionData(call, args);
    if (from !== undefined) await provider.send('anvil_impersonateAccount', [from]);
    const transaction = { from: sender, to: contract.target, data, value: toQuantity(value), gas: toQuantity(GAS_MAX) };
    const receipt = await receiptOf(provider, await provider.send('eth_sendTransaction', [transaction]));
    if (receipt.status !== '0x1') throw new Error(`${call} failed: ${await reasonOf(provider, contract, transaction)}`);
    return BigInt(receipt.gasUsed);
  }
}

/** The chain answers a little before the block is there. */
async function receiptOf(provider: JsonRpcProvider, hash: string): Promise<{ status: string; gasUsed: string }> {
  for (;;) {
    const receipt = await provider.send('eth_getTransactionReceipt', [hash]);
    if (receipt !== null) return receipt;
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

/** The error that the call reverts with, by its name. */
async function reasonOf(provider: JsonRpcProvider, contract: Contract, transaction: object): Promise<string> {
  try {
    await provider.send('eth_call', [transaction, 'latest']);
    return 'no reason given';
  } catch (error) {
    const data = (error as { error?: { data?: string } }).error?.data;
    return contract.interface.parseError(data ?? '0x')?.name ?? String(error);
  }
}

async function create(provider: JsonRpcProvider, path: string, name: string, args: unknown[]): Promise<Contract> {
  const { abi, bytecode } = compile(path, name);
  const contract = await new ContractFactory(abi, bytecode, await provider.getSigner(0)).deploy(...args);
  await contract.waitForDeployment();
  return contract as Contract;
}

/** The same account for the same words, always. */
function walletOf(words: string): Wallet {
  return new Wallet(id(words));
}
