/**
 * What this device has signed away from one purse, by payee and lane: durable before a voucher leaves. Several devices may
 * be paid to one account and cannot see each other's vouchers, so each provider has a lane of its own there.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { equal, toHex } from '../base/bytes.ts';
import type { Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import type { Chain } from '../ports/ledger.ts';
import type { PayAddress } from '../ports/pay-keys.ts';
import { Reader } from '../wire/reader.ts';
import { AMOUNT_BYTES, fromBytes, greatest, PAY_ADDRESS_BYTES, toBytes } from './amount.ts';
import type { Kept } from './kept.ts';
import { isSameChain } from './lanes.ts';
import { DEVICE_LANES, PAYEES_MAX } from './limits.ts';

const TOTAL_BYTES = 16;
/** Of a provider's address: enough to tell the devices of one payee apart, who harms nobody but itself by another. */
const PROVIDER_BYTES = 8;
const LANES = 256;

/** What a provider has vouchers for, to one account. */
interface Sum {
  readonly payee: PayAddress;
  readonly lane: number;
  readonly provider: Uint8Array;
  readonly signed: bigint;
}

export class Spendings {
  readonly #kept: Kept;
  readonly #name: string;
  readonly #chain: Chain;
  readonly #firstLane: number;
  /** By payee and lane, the one heard of longest ago first: it makes room. Its payee says itself what it holds. */
  readonly #sums = new Map<string, Sum>(); // at most PAYEES_MAX
  #total = 0n;
  /** The store refused the last change. */
  #isUnwritten = false;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(kept: Kept, name: string, chain: Chain, lane: number) {
    this.#kept = kept;
    this.#name = name;
    this.#chain = chain;
    this.#firstLane = lane;
  }

  /** Of the purse of a session key. `lane`: the first of this process; below DEVICE_LANES for the one that keeps the books. */
  static async open(kept: Kept, chain: Chain, key: PayAddress, lane: number): Promise<Spendings> {
    const spendings = new Spendings(kept, `spent-${toHex(key)}-${lane}`, chain, lane);
    await kept.get(spendings.#name, reader => spendings.#read(reader));
    return spendings;
  }

  /** All vouchers together. */
  get total(): bigint {
    return this.#total;
  }

  /** The largest sum that a payee has a voucher for in a lane. */
  signed(payee: PayAddress, lane: number): bigint {
    return this.#sums.get(nameOf(payee, lane))?.signed ?? 0n;
  }

  /** The lane in which a provider was paid last; one that was never paid is asked for terms in the first. */
  lastLane(provider: HashAddress): number {
    const own = [...this.#sums.values()].filter(sum => isOf(sum, provider));
    return own.at(-1)?.lane ?? this.#firstLane;
  }

  /** The lane in which a provider is paid to an account: its own from now on. Throws OVERLOADED when that has no more. */
  lane(provider: HashAddress, payee: PayAddress): number {
    const of = [...this.#sums.values()].filter(sum => equal(sum.payee, payee));
    const known = of.find(sum => isOf(sum, provider));
    if (known !== undefined) return known.lane;
    const [first, count] = this.#firstLane < DEVICE_LANES ? [0, DEVICE_LANES] : [DEVICE_LANES, LANES - DEVICE_LANES];
    for (let i = 0; i < count; i++) {
      const lane = first + ((this.#firstLane - first + i) % count);
      if (of.some(sum => sum.lane === lane)) continue;
      this.#set({ payee, lane, provider: provider.bytes.slice(0, PROVIDER_BYTES), signed: 0n });
      return lane;
    }
    throw new SeaError('OVERLOADED', `${count} devices are paid to one account, more there are not`);
  }

  /** A voucher for this sum may leave when it resolves. Throws NO_STORAGE. */
  async record(provider: HashAddress, payee: PayAddress, lane: number, cumulative: bigint): Promise<void> {
    const turn = this.#last.then(() => this.#record(provider, payee, lane, cumulative));
    this.#last = turn.catch(() => {}); // its caller hears of it
    await turn;
  }

  async #record(provider: HashAddress, payee: PayAddress, lane: number, cumulative: bigint): Promise<void> {
    const before = this.signed(payee, lane);
    if (cumulative <= before && !this.#isUnwritten) return;
    const signed = greatest(cumulative, before);
    this.#set({ payee, lane, provider: provider.bytes.slice(0, PROVIDER_BYTES), signed });
    this.#total += signed - before;
    this.#isUnwritten = true;
    await this.#kept.set(this.#name, this.#write());
    this.#isUnwritten = false;
  }

  #set(sum: Sum): void {
    const name = nameOf(sum.payee, sum.lane);
    this.#sums.delete(name);
    for (const oldest of this.#sums.keys()) {
      if (this.#sums.size < PAYEES_MAX) break;
      this.#sums.delete(oldest);
    }
    this.#sums.set(name, sum);
  }

  #write(): Value[] {
    const { id, contract } = this.#chain;
    const sums = [...this.#sums.values()].map(({ payee, lane, provider, signed }) => [
      payee,
      lane,
      provider,
      toBytes(signed, AMOUNT_BYTES),
    ]);
    return [toBytes(id, 8), contract, toBytes(this.#total, TOTAL_BYTES), sums];
  }

  /** What was signed for another deployment is of no account in this one. */
  #read(reader: Reader): void {
    const chain = { id: fromBytes(reader.bytes('chain', 8)), contract: reader.bytes('contract', PAY_ADDRESS_BYTES) };
    if (!isSameChain(chain, this.#chain)) return;
    this.#total = fromBytes(reader.bytes('total', TOTAL_BYTES));
    const sums = reader.list('sums', PAYEES_MAX, item => {
      const fields = new Reader(item, 'sum');
      return {
        payee: fields.bytes('payee', PAY_ADDRESS_BYTES),
        lane: fields.uint('lane', LANES - 1),
        provider: fields.bytes('provider', PROVIDER_BYTES),
        signed: fromBytes(fields.bytes('sum', AMOUNT_BYTES)),
      };
    });
    for (const sum of sums) this.#sums.set(nameOf(sum.payee, sum.lane), sum);
  }
}

function isOf(sum: Sum, provider: HashAddress): boolean {
  return equal(sum.provider, provider.bytes.subarray(0, PROVIDER_BYTES));
}

function nameOf(payee: PayAddress, lane: number): string {
  return `${toHex(payee)}/${lane}`;
}
