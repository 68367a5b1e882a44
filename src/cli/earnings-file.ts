/**
 * What a node has earned, read from its data folder: vouchers and the pay key that they are for. It only reads, so that it
 * may be done while the node runs; what has been paid is asked of the chain.
 */

import { NoblePayKeys } from '../adapters/evm/noble-pay-keys.ts';
import { RpcLedger } from '../adapters/evm/rpc-ledger.ts';
import { FileSmallStore } from '../adapters/node/file-small-store.ts';
import { NodeRandom } from '../adapters/node/node-random.ts';
import { equal, fromHex } from '../base/bytes.ts';
import { SeaError } from '../base/errors.ts';
import { excess, formatPayAddress, least } from '../credit/amount.ts';
import { Debtor } from '../credit/debtor.ts';
import { Kept } from '../credit/kept.ts';
import { type Lane, Lanes } from '../credit/lanes.ts';
import { EGRESS_KIB_MAX, LINE_PARTS_PER_SLOT } from '../credit/limits.ts';
import { PriceTag } from '../credit/price-tag.ts';
import { NO_PRICES, priceMaxOf } from '../credit/quote.ts';
import { digestOf } from '../credit/typed-data.ts';
import type { HeldVoucher, SignedClaim } from '../credit/views.ts';
import { packVoucher } from '../credit/voucher.ts';
import type { ChainInfo } from '../ports/chain-info.ts';
import { type Log, silentLog } from '../ports/log.ts';
import type { PayKey } from '../ports/pay-keys.ts';

const PAY_KEY = 'pay'; // as src/credit names it

/** A voucher and how it stands on the chain. */
export interface Earning {
  readonly voucher: HeldVoucher;
  /** What the chain has paid of it. */
  readonly paid: bigint;
  /** What it would pay now: the rest, as far as the purse reaches. */
  readonly payable: bigint;
  /** Unix seconds from which the payer may take back what is in the purse; 0 when nobody asked. */
  readonly unlockAt: number;
  /** So much of the purse is held that a node of one slot takes no more of it; one of more slots stops later. */
  readonly claimFirst: boolean;
}

export class EarningsFile {
  readonly #keys: NoblePayKeys;
  readonly #lanes: readonly Lane[];
  /** Most that one part costs, by the price that is kept. */
  readonly #priceMax: bigint;
  readonly payKey: PayKey;

  /** Throws BAD_ARGUMENT where the folder has no pay key: no node has earned there. */
  static async open(folder: string | undefined): Promise<EarningsFile> {
    if (folder === undefined) throw new SeaError('BAD_ARGUMENT', 'earnings are kept in a folder: name it by --data');
    const store = new FileSmallStore(folder);
    if ((await store.get(`pay:${PAY_KEY}`)) === undefined)
      throw new SeaError('BAD_ARGUMENT', `nothing was earned in ${folder}: it holds no pay key`);
    const keys = new NoblePayKeys(store, new NodeRandom());
    const kept = new Kept(store, silentLog);
    const [lanes, { ask }] = await Promise.all([Lanes.open(kept), PriceTag.open(kept)]);
    const priceMax = priceMaxOf({ ...NO_PRICES, part: ask.part, egress: ask.egress }, EGRESS_KIB_MAX);
    return new EarningsFile(keys, { payKey: await keys.kept(PAY_KEY), lanes: lanes.all(), priceMax });
  }

  private constructor(
    keys: NoblePayKeys,
    { payKey, lanes, priceMax }: { payKey: PayKey; lanes: readonly Lane[]; priceMax: bigint },
  ) {
    this.#keys = keys;
    this.payKey = payKey;
    this.#lanes = lanes;
    this.#priceMax = priceMax;
  }

  /** Where `redeem` brings the money: 0x and 40 hex digits. */
  get payAddress(): string {
    return formatPayAddress(this.payKey.address);
  }

  /** The vouchers for this pay key on that chain, asked about there. Throws CHAIN_FAILED, WRONG_CHAIN. */
  async on(chain: ChainInfo, signal: AbortSignal): Promise<Earning[]> {
    const ledger = new RpcLedger(chain);
    const { id, contract } = ledger.chain;
    const ours = this.#lanes.filter(
      lane => lane.chain.id === id && equal(lane.chain.contract, contract) && equal(lane.payee, this.payKey.address),
    );
    return Promise.all(ours.map(lane => look(ledger, lane, this.#priceMax, signal)));
  }

  /** A claim by this pay key, as `claimFor` takes it. `to`: 0x and 40 hex digits; `deadline`: Unix seconds. */
  async signClaim({
    voucher,
    to,
    deadline,
  }: {
    voucher: HeldVoucher;
    to: string;
    deadline: number;
  }): Promise<SignedClaim> {
    const { payer, key, lane, chainId, contract } = voucher;
    const domain = { id: chainId, contract: bytes(contract) };
    const members = [bytes(payer), bytes(key), BigInt(lane), bytes(to), 0n, false, BigInt(deadline)];
    const signature = this.payKey.sign(await digestOf(this.#keys, domain, 'Claim', members));
    return { payer, key, lane, to, maxFee: 0n, onlyWhileUnlocking: false, deadline, signature };
  }
}

/** Throws NO_STORAGE where the folder holds something else as its pay key: a node would go on, and earn nothing. */
export async function checkPayKey(folder: string): Promise<void> {
  const store = new FileSmallStore(folder);
  if ((await store.get(`pay:${PAY_KEY}`)) === undefined) return; // one will be made
  try {
    await new NoblePayKeys(store, new NodeRandom()).kept(PAY_KEY);
  } catch (cause) {
    throw new SeaError('NO_STORAGE', `the pay key in ${folder} is damaged`, { cause });
  }
}

/** Throws NO_STORAGE where the folder keeps a price that cannot be read: a node would go on, and work for nothing. */
export async function checkPrice(folder: string): Promise<void> {
  const damage: unknown[] = [];
  const log: Log = { write: (_level, _message, data) => void damage.push(data) };
  await PriceTag.open(new Kept(new FileSmallStore(folder), log));
  if (damage.length === 0) return;
  throw new SeaError('NO_STORAGE', `the price kept in ${folder} is damaged: set it anew by --price`, { cause: damage });
}

async function look(ledger: RpcLedger, lane: Lane, priceMax: bigint, signal: AbortSignal): Promise<Earning> {
  const { payer, key, payee, voucher } = lane;
  const [purse, view] = await Promise.all([
    ledger.purse(payer, key, signal),
    ledger.lane(payer, key, payee, voucher.lane, signal),
  ]);
  const rest = excess(voucher.cumulative, view.paid);
  const unlockAt = purse.state === 'open' ? purse.unlockAt : 0;
  const payable = least(rest, view.reserved + purse.free);
  const debtor = new Debtor(); // the provider's own rule
  debtor.priceMax = priceMax;
  debtor.line = BigInt(LINE_PARTS_PER_SLOT) * priceMax;
  debtor.free = purse.free;
  debtor.left = excess(purse.free + view.reserved, rest);
  debtor.unsecured = excess(rest, view.reserved);
  return { voucher: heldVoucher(lane), paid: view.paid, payable, unlockAt, claimFirst: debtor.isStopped };
}

function heldVoucher({ chain, payer, key, payee, voucher }: Lane): HeldVoucher {
  return {
    chainId: chain.id,
    contract: formatPayAddress(chain.contract),
    payer: formatPayAddress(payer),
    key: formatPayAddress(key),
    payee: formatPayAddress(payee),
    lane: voucher.lane,
    cumulative: voucher.cumulative,
    signature: voucher.signature,
    packed: packVoucher(voucher),
  };
}

function bytes(account: string): Uint8Array {
  return fromHex(account.slice(2));
}
