/** What every implementation of the receipt-store port must do. */

import { RECEIPT_ENTRY_BYTES_MAX, type ReceiptEntry, type ReceiptStore } from '../receipt-store.ts';
import { type AcceptanceCase, expectCode, expectSame } from './case.ts';

export interface ReceiptStoreSubject {
  readonly store: ReceiptStore;
  /** Another instance over the same device, as after a restart. */
  reopened(): Promise<ReceiptStore>;
}

/** `make` gives a subject on a fresh device that keeps `keptMin` receipts of a kind, and may keep twice as many. */
export function receiptStoreCases(make: (keptMin: number) => Promise<ReceiptStoreSubject>): AcceptanceCase[] {
  const entry = (value: number, count = 1, length = 3): ReceiptEntry => ({
    bytes: new Uint8Array(length).fill(value),
    count,
  });
  const names = (entries: readonly ReceiptEntry[]): number[] => entries.map(({ bytes }) => bytes[0]!);
  return [
    {
      name: 'gives the newest first, each kind for itself, also after a restart',
      async run() {
        const { store, reopened } = await make(100);
        expectSame((await store.newest('given', 10)).length, 0, 'entries at the start');
        for (const value of [1, 2, 3]) await store.add('given', entry(value, value));
        await store.add('taken', entry(9));
        for (const reader of [store, await reopened()]) {
          const given = await reader.newest('given', 10);
          expectSame(names(given), [3, 2, 1], 'given');
          expectSame(
            given.map(({ count }) => count),
            [3, 2, 1],
            'counts',
          );
          expectSame(given[0]!.bytes, entry(3).bytes, 'bytes');
          expectSame(names(await reader.newest('taken', 10)), [9], 'taken');
        }
      },
    },
    {
      name: 'gives as many entries as hold the receipts asked for',
      async run() {
        const { store } = await make(100);
        for (const value of [1, 2, 3, 4]) await store.add('given', entry(value, 2));
        expectSame(names(await store.newest('given', 4)), [4, 3], 'four receipts');
        expectSame(names(await store.newest('given', 3)), [4, 3], 'three receipts');
        expectSame(names(await store.newest('given', 0)), [], 'none');
      },
    },
    {
      name: 'keeps what it must, forgets the oldest beyond twice as much, and goes on so after a restart',
      async run() {
        const { store, reopened } = await make(10);
        for (let value = 1; value <= 30; value++) await store.add('taken', entry(value, 1 + (value % 3)));
        const again = await reopened();
        for (let value = 31; value <= 60; value++) await again.add('taken', entry(value, 1 + (value % 3)));
        const kept = await again.newest('taken', 1_000);
        const values = names(kept);
        expectSame(
          values,
          values.map((_, i) => 60 - i),
          'an unbroken row of the newest',
        );
        const count = kept.reduce((sum, it) => sum + it.count, 0);
        if (count < 10 || count > 23) throw new Error(`${count} receipts are kept, of 10 to 20 and an entry`);
      },
    },
    {
      name: 'writes at once lose nothing',
      async run() {
        const { store } = await make(100);
        await Promise.all([1, 2, 3, 4, 5].map(value => store.add('given', entry(value))));
        expectSame(names(await store.newest('given', 10)).sort(), [1, 2, 3, 4, 5], 'entries');
      },
    },
    {
      name: 'keeps its own memory',
      async run() {
        const { store } = await make(100);
        const large = new Uint8Array(1_000).fill(4);
        await store.add('given', { bytes: large.subarray(10, 13), count: 1 });
        large.fill(5);
        (await store.newest('given', 1))[0]!.bytes.fill(6);
        const [kept] = await store.newest('given', 1);
        expectSame(kept!.bytes, entry(4).bytes, 'bytes');
        expectSame(kept!.bytes.buffer.byteLength, 3, 'memory behind them');
      },
    },
    {
      name: 'takes the largest entry, and refuses a larger one and one of no receipts',
      async run() {
        const { store } = await make(100);
        await store.add('given', entry(1, 64, RECEIPT_ENTRY_BYTES_MAX));
        await expectCode(store.add('given', entry(2, 1, RECEIPT_ENTRY_BYTES_MAX + 1)), 'TOO_LARGE', 'one byte more');
        await expectCode(store.add('given', entry(2, 0)), 'BAD_ARGUMENT', 'no receipts');
        expectSame(names(await store.newest('given', 100)), [1], 'what is kept');
      },
    },
  ];
}
