/** What this device has signed away from one purse, by payee: durable before a voucher leaves. */

import { toHex } from '../base/bytes.ts';
import type { Value } from '../base/cbor.ts';
import type { Chain } from '../ports/ledger.ts';
import type { PayAddress } from '../ports/pay-keys.ts';
import { Reader } from '../wire/reader.ts';
import { AMOUNT_BYTES, fromBytes, greatest, PAY_ADDRESS_BYTES, toBytes } from './amount.ts';
import type { Kept } from './kept.ts';
import { isSameChain } from './lanes.ts';
import { PAYEES_MAX } from './limits.ts';

const TOTAL_BYTES = 16;

interface Sum {
  readonly payee: PayAddress;
  readonly signed: bigint;
}

export class Spendings {
  readonly #kept: Kept;
  readonly #name: string;
  readonly #chain: Chain;
  /** The one heard of longest ago first: it makes room. Its payee says itself what it holds. */
  readonly #sums = new Map<string, Sum>(); // at most PAYEES_MAX
  #total = 0n;
  /** The store refused the last change. */
  #isUnwritten = false;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(kept: Kept, name: string, chain: Chain) {
    this.#kept = kept;
    this.#name = name;
    this.#chain = chain;
  }

  /** Of the purse of a session key, in one of its lanes. */
  static async open(kept: Kept, chain: Chain, key: PayAddress, lane: number): Promise<Spendings> {
    const spendings = new Spendings(kept, `spent-${toHex(key)}-${lane}`, chain);
    await kept.get(spendings.#name, reader => spendings.#read(reader));
    return spendings;
  }

  /** All vouchers together. */
  get total(): bigint {
    return this.#total;
  }

  /** The largest sum that a payee has a voucher for. */
  signed(payee: PayAddress): bigint {
    return this.#sums.get(toHex(payee))?.signed ?? 0n;
  }

  /** A voucher for this sum may leave when it resolves. Throws NO_STORAGE. */
  async record(payee: PayAddress, cumulative: bigint): Promise<void> {
    const turn = this.#last.then(() => this.#record(payee, cumulative));
    this.#last = turn.catch(() => {}); // its caller hears of it
    await turn;
  }

  async #record(payee: PayAddress, cumulative: bigint): Promise<void> {
    const before = this.signed(payee);
    if (cumulative <= before && !this.#isUnwritten) return;
    const name = toHex(payee);
    this.#sums.delete(name);
    for (const oldest of this.#sums.keys()) {
      if (this.#sums.size < PAYEES_MAX) break;
      this.#sums.delete(oldest);
    }
    const signed = greatest(cumulative, before);
    this.#sums.set(name, { payee, signed });
    this.#total += signed - before;
    this.#isUnwritten = true;
    await this.#kept.set(this.#name, this.#write());
    this.#isUnwritten = false;
  }

  #write(): Value[] {
    const { id, contract } = this.#chain;
    const sums = [...this.#sums.values()].map(({ payee, signed }) => [payee, toBytes(signed, AMOUNT_BYTES)]);
    return [toBytes(id, 8), contract, toBytes(this.#total, TOTAL_BYTES), sums];
  }

  /** What was signed for another deployment is of no account in this one. */
  #read(reader: Reader): void {
    const chain = { id: fromBytes(reader.bytes('chain', 8)), contract: reader.bytes('contract', PAY_ADDRESS_BYTES) };
    if (!isSameChain(chain, this.#chain)) return;
    this.#total = fromBytes(reader.bytes('total', TOTAL_BYTES));
    const sums = reader.list('sums', PAYEES_MAX, item => {
      const fields = new Reader(item, 'sum');
      return { payee: fields.bytes('payee', PAY_ADDRESS_BYTES), signed: fromBytes(fields.bytes('sum', AMOUNT_BYTES)) };
    });
    for (const sum of sums) this.#sums.set(toHex(sum.payee), sum);
  }
}
