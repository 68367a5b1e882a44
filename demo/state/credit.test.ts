/** What was earned and asked, receipts and the chart of earnings, the pay key. */

import { beforeEach, describe, expect, it } from 'vitest';
import { SeaError } from '../../src/base/errors.ts';
import type { Kept } from '../../src/credit/kept.ts';
import { PriceTag } from '../../src/credit/price-tag.ts';
import type { ConsentStorage } from '../consent.ts';
import { receiptOf } from '../testing/fake-credit.ts';
import { FakeSea } from '../testing/fake-sea.ts';
import { accountOf } from '../testing/fake-wallet.ts';
import { CreditDesk, PART_PRICE_MAX } from './credit.ts';
import { earningsOf } from './credit-earnings.ts';
import { PayKeyDesk } from './credit-key.ts';
import { RECEIPTS_A_PAGE } from './credit-receipts.ts';

let sea: FakeSea;
let desk: CreditDesk;
let isInFront: boolean;

/** As long as the page's beat needs to read everything once. */
async function beats(count = 4): Promise<void> {
  for (let beat = 0; beat < count; beat++) desk.refresh();
  await new Promise(resolve => setTimeout(resolve));
}

beforeEach(() => {
  sea = new FakeSea();
  isInFront = true;
  desk = new CreditDesk(
    () => 3_600_000,
    () => isInFront,
  );
});

describe('figures', () => {
  it('follow the sea, with the beat', async () => {
    desk.follow(sea.asSea());
    await beats();
    sea.credit.figures = { ...sea.credit.figures, earned: 7n };
    sea.emit('credit', sea.credit.figures);
    expect(desk.status.value.earned).toBe(0n);
    desk.refresh();
    expect(desk.status.value.earned).toBe(7n);
  });

  it('the price asked is read, set and read again; a refusal is told', async () => {
    sea.credit.price = { part: 5n, egress: 0n, free: false };
    desk.follow(sea.asSea());
    await beats();
    expect(desk.asked.value).toEqual({ part: 5n, egress: 0n, free: false });
    await desk.ask(9n, true);
    expect(desk.asked.value).toEqual({ part: 9n, egress: 0n, free: true });
    sea.credit.failure = new SeaError('NO_CHAIN', 'no chain');
    await desk.ask(10n, true);
    expect(desk.complaint.value?.code).toBe('NO_CHAIN');
    expect(desk.asked.value?.part).toBe(9n);
    sea.credit.failure = undefined;
    await desk.ask(10n, true);
    expect(desk.complaint.value).toBeUndefined();
  });

  it('counts the gifts since a price is asked, and none while nothing is', async () => {
    const given = async (gifts: number): Promise<number> => {
      sea.credit.figures = { ...sea.credit.figures, given: { paid: 0, gifts } };
      sea.emit('credit', sea.credit.figures);
      await beats();
      return desk.giftsWhileAsking.value;
    };
    desk.follow(sea.asSea());
    await beats();
    expect(await given(3)).toBe(0);
    await desk.ask(9n, true);
    expect(desk.giftsWhileAsking.value).toBe(0);
    expect(await given(5)).toBe(2);
    await desk.ask(10n, false);
    expect(desk.giftsWhileAsking.value).toBe(2);
    await desk.ask(0n, true);
    expect(await given(7)).toBe(0);
  });

  it('name the highest price that the sea takes', async () => {
    const kept = { get: async () => undefined, set: async () => {} } as unknown as Kept;
    const tag = await PriceTag.open(kept);
    await tag.change({ part: PART_PRICE_MAX });
    await expect(tag.change({ part: PART_PRICE_MAX + 1n })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });
});

describe('receipts', () => {
  it('come a page at a time, newest first', async () => {
    sea.credit.kept.given = Array.from({ length: RECEIPTS_A_PAGE + 3 }, (_, at) => receiptOf(at));
    desk.follow(sea.asSea());
    await beats();
    const { receipts } = desk;
    expect(receipts.rows.value.length).toBe(RECEIPTS_A_PAGE);
    expect(receipts.isLast.value).toBe(false);
    await receipts.turn(1);
    expect(receipts.rows.value).toEqual(sea.credit.kept.given.slice(RECEIPTS_A_PAGE));
    expect(receipts.isLast.value).toBe(true);
    const turning = receipts.turn(0);
    expect(receipts.page.value).toBe(1); // until the rows of the other are there
    await turning;
    await receipts.turn(-1);
    expect(receipts.page.value).toBe(0);
  });

  it('just one page is the last', async () => {
    sea.credit.kept.given = Array.from({ length: RECEIPTS_A_PAGE }, (_, at) => receiptOf(at));
    desk.follow(sea.asSea());
    await beats();
    expect(desk.receipts.isLast.value).toBe(true);
  });

  it('those taken are another list, which begins at its first page', async () => {
    sea.credit.kept.taken = [receiptOf(1, { price: 3n })];
    desk.follow(sea.asSea());
    await desk.receipts.turn(2);
    await desk.receipts.show('taken');
    expect(desk.receipts.page.value).toBe(0);
    expect(desk.receipts.rows.value).toEqual(sea.credit.kept.taken);
  });

  it('leave as JSON, with prices as text', async () => {
    sea.credit.kept.given = [receiptOf(1, { price: 10n ** 20n })];
    desk.follow(sea.asSea());
    const { given, taken } = JSON.parse((await desk.receipts.export())!);
    expect(given[0]).toMatchObject({ class: 'paid', price: '100000000000000000000' });
    expect(taken).toEqual([]);
  });

  it('are not read behind another section, and told when they cannot be', async () => {
    isInFront = false;
    sea.credit.kept.given = [receiptOf(1)];
    desk.follow(sea.asSea());
    await beats(8);
    expect(desk.receipts.rows.value).toEqual([]);
    isInFront = true;
    sea.credit.failure = new SeaError('NO_STORAGE', 'closed');
    await beats();
    expect(desk.receipts.complaint.value?.code).toBe('NO_STORAGE');
  });
});

describe('earnings', () => {
  it('fall into their step of time; gifts and what is too old do not count', () => {
    const nowMs = 100 * 3_600_000;
    const receipts = [
      receiptOf(1, { keptMs: nowMs, price: 2n }),
      receiptOf(2, { keptMs: nowMs - 119_999, price: 3n }),
      receiptOf(3, { keptMs: nowMs - 120_000, price: 5n }),
      receiptOf(4, { keptMs: nowMs - 3_599_999, price: 7n }),
      receiptOf(5, { keptMs: nowMs - 3_600_000, price: 11n }),
      receiptOf(6, { keptMs: nowMs }),
    ];
    const hour = earningsOf(receipts, 'Hour', nowMs);
    expect(hour).toMatchObject({ total: 17n, parts: 4 });
    expect([hour.steps[29], hour.steps[28], hour.steps[0]]).toEqual([5n, 5n, 7n]);
    const day = earningsOf(receipts, 'Day', nowMs);
    expect(day).toMatchObject({ total: 28n, parts: 5 });
    expect([day.steps[23], day.steps[22]]).toEqual([17n, 11n]);
  });

  it('count what a clock that was set back has left in the future as now', () => {
    expect(earningsOf([receiptOf(1, { keptMs: 10, price: 1n })], 'Month', 0).steps.at(-1)).toBe(1n);
  });

  it('are drawn anew for another span', async () => {
    sea.credit.kept.given = [receiptOf(1, { keptMs: 0, price: 4n })];
    desk.follow(sea.asSea());
    await beats();
    expect(desk.earnings.series.value.parts).toBe(0);
    desk.earnings.show('Day');
    expect(desk.earnings.series.value).toMatchObject({ span: 'Day', parts: 1, total: 4n });
  });
});

describe('the pay key', () => {
  const kept = new Map<string, string>();
  const storage: ConsentStorage = {
    getItem: key => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: key => void kept.delete(key),
  };

  beforeEach(() => kept.clear());

  it('is saved under a passphrase that is not too short, and known to be', async () => {
    const key = new PayKeyDesk(storage);
    await key.follow(sea.credit);
    expect(key.address.value).toBe(accountOf(0xee));
    expect(key.isSaved).toBe(false);
    expect(await key.save('123456789')).toBeUndefined();
    expect(key.complaint.value?.code).toBe('BAD_PASSPHRASE');
    expect(JSON.parse((await key.save('1234567890'))!)).toEqual({ address: accountOf(0xee), passphrase: '1234567890' });
    expect(key.complaint.value).toBeUndefined();
    key.markSaved();
    expect(key.isSaved).toBe(true);
    const later = new PayKeyDesk(storage);
    await later.follow(sea.credit);
    expect(later.isSaved).toBe(true);
  });

  it('another one takes its place, and counts as saved', async () => {
    const key = new PayKeyDesk(storage);
    await key.follow(sea.credit);
    key.markSaved();
    expect(await key.take(JSON.stringify({ address: accountOf(0x77) }), 'words')).toBe(true);
    expect(key.address.value).toBe(accountOf(0x77));
    expect(key.isSaved).toBe(true);
  });

  it('stays when the file or its passphrase will not do', async () => {
    const key = new PayKeyDesk(storage);
    await key.follow(sea.credit);
    sea.credit.failure = new SeaError('BAD_ARGUMENT', 'the passphrase does not fit');
    expect(await key.take('{}', 'words')).toBe(false);
    expect(key.complaint.value?.code).toBe('BAD_KEY_FILE');
    expect(key.address.value).toBe(accountOf(0xee));
  });
});
