/**
 * The vouchers that this device holds, the best of each lane, and what each has been set against: the one table of them.
 * Written through to the store, for a voucher is money. Where they are too many the least is given up; what the chain has
 * paid of it the chain does not forget.
 */

import { concat, equal, toHex } from '../base/bytes.ts';
import type { Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import type { Chain } from '../ports/ledger.ts';
import type { PayAddress } from '../ports/pay-keys.ts';
import type { Reader } from '../wire/reader.ts';
import { AMOUNT_BYTES, excess, fromBytes, PAY_ADDRESS_BYTES, toBytes } from './amount.ts';
import type { Kept } from './kept.ts';
import { LANES_MAX, LANES_PER_PURSE_MAX } from './limits.ts';
import { PACKED_BYTES, packVoucher, type SignedVoucher, unpackVoucher } from './voucher.ts';

/** Who pays whom where, by the session key `key`. */
export interface PurseName {
  readonly chain: Chain;
  readonly payee: PayAddress;
  readonly payer: PayAddress;
  readonly key: PayAddress;
}

export interface Lane extends PurseName {
  readonly voucher: SignedVoucher;
  /** How much of it is for parts on the books. */
  readonly credited: bigint;
  /** What the chain has paid, as far as it was asked. */
  readonly paid: bigint;
}

const CHAIN_ID_BYTES = 8;

export class Lanes {
  readonly #kept: Kept;
  /** By name, each with its place in the store. */
  readonly #lanes = new Map<string, { readonly place: number; readonly lane: Lane }>();
  /** Taken in the store, also by what cannot be read. */
  #places = 0;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(kept: Kept) {
    this.#kept = kept;
  }

  static async open(kept: Kept): Promise<Lanes> {
    const lanes = new Lanes(kept);
    const found = await kept.list('lane', LANES_MAX, readLane);
    lanes.#places = found.length;
    for (const [place, lane] of found.entries())
      if (lane !== undefined) lanes.#lanes.set(laneName(lane, lane.voucher.lane), { place, lane });
    return lanes;
  }

  all(): Lane[] {
    return [...this.#lanes.values()].map(({ lane }) => lane);
  }

  get(purse: PurseName, lane: number): Lane | undefined {
    return this.#lanes.get(laneName(purse, lane))?.lane;
  }

  /** What a purse's vouchers are worth beyond what the chain has paid, all its lanes together. */
  unredeemed(purse: PurseName): bigint {
    return this.of(purse).reduce((sum, lane) => sum + unpaidOf(lane), 0n);
  }

  /** The same of what its parts on the books have cost: a voucher that the purse did not cover is worth more than that. */
  due(purse: PurseName): bigint {
    return this.of(purse).reduce((sum, { credited, paid }) => sum + excess(credited, paid), 0n);
  }

  /** Those of one purse. */
  of(purse: PurseName): Lane[] {
    const name = purseName(purse);
    return this.all().filter(lane => purseName(lane) === name);
  }

  /** Resolves when it is durable; one more lane in which nothing is to redeem is not kept. Throws NO_STORAGE, OVERLOADED. */
  async keep(lane: Lane): Promise<void> {
    const turn = this.#last.then(() => this.#keep(lane));
    this.#last = turn.catch(() => {}); // its caller hears of it
    await turn;
  }

  async #keep(lane: Lane): Promise<void> {
    const name = laneName(lane, lane.voucher.lane);
    const known = this.#lanes.get(name);
    if (known === undefined && unpaidOf(lane) === 0n) return;
    const { place, of } = known === undefined ? this.#room(lane) : { place: known.place, of: name };
    await this.#kept.set(`lane-${place}`, writeLane(lane));
    if (place === this.#places) this.#places++;
    if (of !== name) this.#lanes.delete(of);
    this.#lanes.set(name, { place, lane });
  }

  /** A place for one more lane, and whose it was. Throws OVERLOADED when it is worth no more than any that is held. */
  #room(lane: Lane): { readonly place: number; readonly of: string } {
    const purse = purseName(lane);
    const held = [...this.#lanes];
    const own = held.filter(([, it]) => purseName(it.lane) === purse);
    const isCrowded = own.length >= LANES_PER_PURSE_MAX;
    if (!isCrowded && this.#places < LANES_MAX) return { place: this.#places, of: '' };
    let [least, worth] = [undefined as (typeof held)[number] | undefined, unpaidOf(lane)];
    for (const it of isCrowded ? own : held) {
      const unpaid = unpaidOf(it[1].lane);
      if (unpaid < worth) [least, worth] = [it, unpaid];
    }
    if (least === undefined)
      throw new SeaError('OVERLOADED', 'vouchers of as many lanes are held as fit, and none is worth less');
    return { place: least[1].place, of: least[0] };
  }
}

/** What a lane's voucher is worth beyond what the chain has paid. */
export function unpaidOf({ voucher, paid }: Lane): bigint {
  return excess(voucher.cumulative, paid);
}

/**
 * What the next voucher of a lane counts from, `paid` being what the chain has paid in it: what was paid of vouchers that this
 * device does not have counts, what was paid of the one that it has does not count twice.
 */
export function creditedOf(held: Lane | undefined, paid: bigint): bigint {
  return held === undefined || paid > held.voucher.cumulative ? paid : held.credited;
}

/** The same for the same purse and payee; for maps. */
export function purseName({ chain, payee, payer, key }: PurseName): string {
  return toHex(concat(toBytes(chain.id, CHAIN_ID_BYTES), chain.contract, payee, payer, key));
}

export function isSameChain(a: Chain, b: Chain): boolean {
  return a.id === b.id && equal(a.contract, b.contract);
}

function laneName(purse: PurseName, lane: number): string {
  return `${purseName(purse)}/${lane}`;
}

function writeLane({ chain, payee, key, voucher, credited, paid }: Lane): Value[] {
  const chainId = toBytes(chain.id, CHAIN_ID_BYTES);
  const sums = concat(toBytes(credited, AMOUNT_BYTES), toBytes(paid, AMOUNT_BYTES));
  return [chainId, chain.contract, payee, key, packVoucher(voucher), sums];
}

function readLane(reader: Reader): Lane {
  const chain = {
    id: fromBytes(reader.bytes('chain', CHAIN_ID_BYTES)),
    contract: reader.bytes('contract', PAY_ADDRESS_BYTES),
  };
  const payee = reader.bytes('payee', PAY_ADDRESS_BYTES);
  const key = reader.bytes('key', PAY_ADDRESS_BYTES);
  const voucher = unpackVoucher(reader.bytes('voucher', PACKED_BYTES));
  const sums = reader.bytes('sums', 2 * AMOUNT_BYTES);
  const [credited, paid] = [fromBytes(sums.subarray(0, AMOUNT_BYTES)), fromBytes(sums.subarray(AMOUNT_BYTES))];
  return { chain, payee, payer: voucher.payer, key, voucher, credited, paid };
}
