/** The tables of either side by themselves: lines, vouchers held, sums signed, settings. */

import { describe, expect, it } from 'vitest';
import { MemorySmallStore } from '../adapters/memory/memory-small-store.ts';
import { HashAddress } from '../address/hash-address.ts';
import { type ErrorCode, SeaError } from '../base/errors.ts';
import { silentLog } from '../ports/log.ts';
import type { SmallStore } from '../ports/small-store.ts';
import { Debtor } from './debtor.ts';
import { Kept } from './kept.ts';
import { type Lane, Lanes } from './lanes.ts';
import { DEVICE_LANES, LANES_MAX, LANES_PER_PURSE_MAX, PAYEES_MAX, UNREDEEMED_LINES } from './limits.ts';
import { PriceTag } from './price-tag.ts';
import { NO_PRICES, priceMaxOf, priceOf } from './quote.ts';
import { Spendings } from './spendings.ts';

const failing = (code: ErrorCode): unknown => expect.objectContaining({ code });
const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const chain = { id: 31_337n, contract: bytes(20, 0xc0) };

function lane(cumulative: bigint, over: Partial<Lane> = {}, number = 0): Lane {
  const payer = over.payer ?? bytes(20, 1);
  const voucher = { payer, lane: number, cumulative, signature: bytes(64, 9) };
  return { chain, payee: bytes(20, 2), payer, key: bytes(20, 3), voucher, credited: cumulative, paid: 0n, ...over };
}

/** A store that refuses every write while `isFull`. */
class FullStore extends MemorySmallStore implements SmallStore {
  isFull = false;
  override async set(key: string, value: Uint8Array): Promise<void> {
    if (this.isFull) throw new SeaError('NO_STORAGE', 'full');
    await super.set(key, value);
  }
}

describe('a line', () => {
  it('is taken by what could be owed, freed by what came to nothing or was paid', () => {
    const debtor = new Debtor();
    debtor.line = 20n;
    debtor.left = 17n;
    expect([debtor.take(9n), debtor.take(9n), debtor.take(8n)]).toEqual([true, false, true]);
    expect([debtor.taken, debtor.room, debtor.parts]).toEqual([17n, 0n, 2]);
    debtor.change(9n, 5n);
    expect(debtor.room).toBe(4n);
    debtor.spend(5n); // a voucher for the 5
    debtor.give(5n);
    expect([debtor.taken, debtor.room]).toEqual([8n, 4n]);
    debtor.give(8n);
    expect([debtor.taken, debtor.room, debtor.parts]).toEqual([0n, 12n, 0]);
  });

  it('is less where much of the purse is held in vouchers that others may redeem before', () => {
    const debtor = new Debtor();
    debtor.line = 10n;
    debtor.free = 1_000n;
    debtor.left = 1_000n;
    expect([debtor.trust, debtor.credit, debtor.isHeldUp]).toEqual([250n, 10n, false]); // a fourth of what is free
    debtor.spend(245n);
    expect([debtor.trust, debtor.credit, debtor.isHeldUp]).toEqual([5n, 5n, true]);
    expect([debtor.take(5n), debtor.take(1n)]).toEqual([true, false]);
    debtor.free = 20n;
    debtor.unsecured = 0n;
    expect(debtor.trust).toBe(10n * UNREDEEMED_LINES); // small purses are bounded by what is left in them
  });

  it('without a line takes what costs nothing', () => {
    const debtor = new Debtor();
    expect([debtor.take(0n), debtor.take(1n)]).toEqual([true, false]);
  });
});

describe('prices', () => {
  it('are reckoned by begun KiB up to a bound', () => {
    const prices = { ...NO_PRICES, part: 100n, egress: 3n };
    const sizes = [0, 1, 1024, 1025, 4096, 1_000_000];
    expect(sizes.map(size => priceOf(prices, 4, size))).toEqual([100n, 103n, 103n, 106n, 112n, 112n]);
    expect(priceMaxOf(prices, 4)).toBe(112n);
  });
});

describe('vouchers held', () => {
  it('are there after a restart, told apart by chain, payee, purse and lane', async () => {
    const kept = new Kept(new MemorySmallStore(), silentLog);
    const lanes = await Lanes.open(kept);
    const all = [
      lane(5n),
      lane(6n, {}, 1),
      lane(7n, { payee: bytes(20, 7) }),
      lane(8n, { payer: bytes(20, 7) }),
      lane(9n, { key: bytes(20, 7) }),
      lane(10n, { chain: { ...chain, id: 1n } }),
      lane(11n, { chain: { ...chain, contract: bytes(20, 7) } }),
    ];
    await Promise.all(all.map(it => lanes.keep(it)));
    await lanes.keep(lane(50n, { credited: 40n, paid: 30n }));
    const again = await Lanes.open(kept);
    expect(again.all()).toEqual([lane(50n, { credited: 40n, paid: 30n }), ...all.slice(1)]);
    expect(again.get(lane(0n), 1)).toEqual(all[1]);
    expect(again.get(lane(0n), 2)).toBeUndefined();
    expect(again.unredeemed(lane(0n))).toBe(20n + 6n);
  });

  it('that could not be written are not held', async () => {
    const store = new FullStore();
    const lanes = await Lanes.open(new Kept(store, silentLog));
    store.isFull = true;
    await expect(lanes.keep(lane(5n))).rejects.toEqual(failing('NO_STORAGE'));
    expect(lanes.all()).toEqual([]);
    store.isFull = false;
    await lanes.keep(lane(6n));
    expect((await Lanes.open(new Kept(store, silentLog))).all()).toEqual([lane(6n)]);
  });

  it('are bounded in number; those that are held can be replaced all the same', async () => {
    const lanes = await Lanes.open(new Kept(new MemorySmallStore(), silentLog));
    const numbered = (i: number): Lane =>
      lane(1n, { payer: Uint8Array.from({ length: 20 }, (_, at) => (i >> (8 * at)) & 0xff) });
    for (let i = 0; i < LANES_MAX; i++) await lanes.keep(numbered(i));
    await expect(lanes.keep(numbered(LANES_MAX))).rejects.toEqual(failing('OVERLOADED'));
    await lanes.keep({ ...numbered(LANES_MAX), voucher: { ...numbered(LANES_MAX).voucher, cumulative: 2n } });
    expect(lanes.get(numbered(0), 0)).toBeUndefined();
    await lanes.keep({ ...numbered(3), paid: 1n });
    expect(lanes.all().length).toBe(LANES_MAX);
  });

  it('that are too many: the one with least to redeem makes room for one with more, in its purse or in all', async () => {
    const kept = new Kept(new MemorySmallStore(), silentLog);
    const lanes = await Lanes.open(kept);
    for (let i = 0; i < LANES_PER_PURSE_MAX; i++) await lanes.keep(lane(2n + BigInt(i), {}, i));
    await expect(lanes.keep(lane(2n, {}, 100))).rejects.toEqual(failing('OVERLOADED'));
    await lanes.keep(lane(0n, {}, 101)); // nothing to redeem: nothing to keep
    await lanes.keep(lane(9n, { paid: 9n }, 102));
    await lanes.keep(lane(3n, {}, 103));
    expect(lanes.get(lane(0n), 0)).toBeUndefined();
    await lanes.keep(lane(33n, { paid: 33n }, LANES_PER_PURSE_MAX - 1)); // redeemed
    await lanes.keep(lane(1n, {}, 104));
    await lanes.keep(lane(1n, { key: bytes(20, 8) })); // another purse has room of its own
    const again = await Lanes.open(kept);
    expect(again.all().map(it => it.voucher.lane)).toEqual([103, ...[...Array(30).keys()].map(i => i + 1), 104, 0]);
    expect(again.all()).toHaveLength(LANES_PER_PURSE_MAX + 1);
  });

  it('one that cannot be read does not take the others with it', async () => {
    const store = new MemorySmallStore();
    const lanes = await Lanes.open(new Kept(store, silentLog));
    await lanes.keep(lane(5n));
    await lanes.keep(lane(6n, {}, 1));
    await store.set('credit-lane-0', Uint8Array.of(0xff));
    const again = await Lanes.open(new Kept(store, silentLog));
    expect(again.all()).toEqual([lane(6n, {}, 1)]);
    await again.keep(lane(7n, {}, 2));
    expect((await Lanes.open(new Kept(store, silentLog))).all()).toEqual([lane(6n, {}, 1), lane(7n, {}, 2)]);
  });

  it('are not taken for none when the store does not answer', async () => {
    const store = new MemorySmallStore();
    store.get = async () => {
      throw new SeaError('NO_STORAGE', 'locked');
    };
    await expect(Lanes.open(new Kept(store, silentLog))).rejects.toEqual(failing('NO_STORAGE'));
  });
});

describe('sums signed', () => {
  const key = bytes(20, 3);
  const [one, other] = [1, 2].map(i => HashAddress.hash(Uint8Array.of(i))) as [HashAddress, HashAddress];

  it('only rise, and are there after a restart, for their chain, key and lane', async () => {
    const kept = new Kept(new MemorySmallStore(), silentLog);
    const spendings = await Spendings.open(kept, chain, key, 0);
    for (const sum of [5n, 3n, 9n]) await spendings.record(one, bytes(20, 1), 0, sum);
    await spendings.record(other, bytes(20, 2), 0, 4n);
    const again = await Spendings.open(kept, chain, key, 0);
    for (const it of [spendings, again])
      expect([it.total, it.signed(bytes(20, 1), 0), it.signed(bytes(20, 2), 0), it.signed(key, 0)]).toEqual([
        13n,
        9n,
        4n,
        0n,
      ]);
    const others = await Promise.all([
      Spendings.open(kept, { ...chain, id: 1n }, key, 0),
      Spendings.open(kept, chain, bytes(20, 4), 0),
      Spendings.open(kept, chain, key, 1),
    ]);
    expect(others.map(({ total }) => total)).toEqual([0n, 0n, 0n]);
  });

  it('of devices that are paid to one account are told apart by lanes, also after a restart', async () => {
    const kept = new Kept(new MemorySmallStore(), silentLog);
    const spendings = await Spendings.open(kept, chain, key, 0);
    const payee = bytes(20, 1);
    expect([spendings.lane(one, payee), spendings.lane(other, payee), spendings.lane(one, payee)]).toEqual([0, 1, 0]);
    expect(spendings.lane(other, bytes(20, 2))).toBe(0); // of another account
    await spendings.record(other, payee, 1, 5n);
    const again = await Spendings.open(kept, chain, key, 0);
    expect([again.lane(other, payee), again.lane(one, payee), again.lastLane(other)]).toEqual([1, 0, 1]);
    expect([again.signed(payee, 1), again.signed(payee, 0)]).toEqual([5n, 0n]);
    const providers = Array.from({ length: DEVICE_LANES }, (_, i) => HashAddress.hash(Uint8Array.of(9, i)));
    expect(() => providers.map(provider => again.lane(provider, payee))).toThrow(/OVERLOADED/);
    const guest = await Spendings.open(kept, chain, key, 255);
    expect([guest.lane(one, payee), guest.lane(other, payee)]).toEqual([255, DEVICE_LANES]);
  });

  it('are on the device before a voucher may leave: a full one lets none go', async () => {
    const store = new FullStore();
    const kept = new Kept(store, silentLog);
    const spendings = await Spendings.open(kept, chain, key, 0);
    store.isFull = true;
    await expect(spendings.record(one, bytes(20, 1), 0, 5n)).rejects.toEqual(failing('NO_STORAGE'));
    await expect(spendings.record(one, bytes(20, 1), 0, 5n)).rejects.toEqual(failing('NO_STORAGE'));
    store.isFull = false;
    await spendings.record(one, bytes(20, 1), 0, 5n);
    expect((await Spendings.open(kept, chain, key, 0)).signed(bytes(20, 1), 0)).toBe(5n);
  });

  it('of more payees than fit are forgotten, the oldest first; the total stays', async () => {
    const quick = { get: async () => undefined, set: async () => {} } as unknown as Kept;
    const spendings = await Spendings.open(quick, chain, key, 0);
    const payee = (i: number): Uint8Array => Uint8Array.from({ length: 20 }, (_, at) => (i >> (8 * at)) & 0xff);
    for (let i = 0; i <= PAYEES_MAX; i++) await spendings.record(one, payee(i), 0, 1n);
    expect([spendings.signed(payee(0), 0), spendings.signed(payee(1), 0), spendings.total]).toEqual([
      0n,
      1n,
      BigInt(PAYEES_MAX + 1),
    ]);
  });

  it('of all payees that fit are one small value', async () => {
    const store = new MemorySmallStore();
    const quick = { get: async () => undefined, set: async () => {} } as unknown as Kept;
    const many = await Spendings.open(quick, chain, key, 0);
    const payee = (i: number): Uint8Array => Uint8Array.from({ length: 20 }, (_, at) => (i >> (8 * at)) & 0xff);
    for (let i = 0; i < PAYEES_MAX - 1; i++) await many.record(one, payee(i), 0, 1n);
    quick.set = (name, value) => new Kept(store, silentLog).set(name, value);
    await many.record(one, payee(PAYEES_MAX), 0, 1n);
    expect((await Spendings.open(new Kept(store, silentLog), chain, key, 0)).total).toBe(BigInt(PAYEES_MAX));
  });
});

describe('the price tag', () => {
  it('asks nothing at first, keeps what it is told, and gives to strangers what costs nothing', async () => {
    const kept = new Kept(new MemorySmallStore(), silentLog);
    const tag = await PriceTag.open(kept);
    expect(tag.ask).toEqual({ part: 0n, egress: 0n, free: true });
    await tag.change({ part: 5n });
    expect(tag.ask).toEqual({ part: 5n, egress: 0n, free: false });
    await tag.change({ part: 0n, egress: 2n, free: true });
    expect((await PriceTag.open(kept)).ask).toEqual({ part: 0n, egress: 2n, free: true });
    await tag.change({ part: 0n });
    expect(tag.ask.free).toBe(true);
  });
});
