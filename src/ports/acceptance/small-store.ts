/** What every implementation of the small-store port must do. */

import { SMALL_KEY_BYTES_MAX, SMALL_VALUE_BYTES_MAX, type SmallStore } from '../small-store.ts';
import { type AcceptanceCase, expectCode, expectSame } from './case.ts';

export interface SmallStoreSubject {
  readonly store: SmallStore;
  /** Another instance over the same device, as after a restart. */
  reopened(): Promise<SmallStore>;
}

/** `make` gives a subject on a fresh device. */
export function smallStoreCases(make: () => Promise<SmallStoreSubject>): AcceptanceCase[] {
  return [...keepingCases(make), ...edgeCases(make)];
}

function keepingCases(make: () => Promise<SmallStoreSubject>): AcceptanceCase[] {
  return [
    {
      name: 'an unknown key has no value, and may be deleted',
      async run() {
        const { store } = await make();
        expectSame(await store.get('peers'), undefined, 'before');
        await store.delete('peers');
        expectSame(await store.get('peers'), undefined, 'after');
      },
    },
    {
      name: 'keeps, replaces and deletes values',
      async run() {
        const { store } = await make();
        await store.set('peers', Uint8Array.of(1, 2, 3));
        await store.set('settings', new Uint8Array(0));
        expectSame(await store.get('peers'), Uint8Array.of(1, 2, 3), 'first value');
        await store.set('peers', Uint8Array.of(4));
        expectSame(await store.get('peers'), Uint8Array.of(4), 'replaced value');
        expectSame(await store.get('settings'), new Uint8Array(0), 'an empty value is a value');
        await store.delete('peers');
        expectSame(await store.get('peers'), undefined, 'deleted value');
        expectSame(await store.get('settings'), new Uint8Array(0), 'the other value');
      },
    },
    {
      name: 'values are there after a restart',
      async run() {
        const { store, reopened } = await make();
        await store.set('peers', Uint8Array.of(9, 8, 7));
        expectSame(await (await reopened()).get('peers'), Uint8Array.of(9, 8, 7), 'value');
      },
    },
    {
      name: 'of many writes at once to one key one is kept whole',
      async run() {
        const { store } = await make();
        await Promise.all([1, 2, 3, 4, 5].map(i => store.set('peers', new Uint8Array(10_000 + i).fill(i))));
        const kept = await store.get('peers');
        expectSame(kept, new Uint8Array(10_000 + (kept?.[0] ?? 0)).fill(kept?.[0] ?? 0), 'value');
      },
    },
  ];
}

function edgeCases(make: () => Promise<SmallStoreSubject>): AcceptanceCase[] {
  return [
    {
      name: 'keeps its own memory: neither side sees what the other writes later',
      async run() {
        const { store } = await make();
        const large = Uint8Array.of(0, 0, 5, 6, 0, 0);
        await store.set('peers', large.subarray(2, 4));
        large.fill(1);
        const got = await store.get('peers');
        expectSame(got, Uint8Array.of(5, 6), 'kept value');
        expectSame(got?.buffer.byteLength, 2, 'memory behind a value');
        got?.fill(9);
        expectSame(await store.get('peers'), Uint8Array.of(5, 6), 'value after the reader wrote to its copy');
      },
    },
    {
      name: 'takes SMALL_VALUE_BYTES_MAX and refuses one byte more',
      async run() {
        const { store } = await make();
        await store.set('large', new Uint8Array(SMALL_VALUE_BYTES_MAX).fill(7));
        await expectCode(store.set('large', new Uint8Array(SMALL_VALUE_BYTES_MAX + 1)), 'TOO_LARGE', 'one byte more');
        expectSame((await store.get('large'))?.length, SMALL_VALUE_BYTES_MAX, 'the value kept');
      },
    },
    {
      name: 'keys are told apart to the letter, whatever the letters',
      async run() {
        const { store } = await make();
        const keys = [
          'a',
          'A',
          'a b',
          'a/b',
          '../a',
          '.',
          'con',
          'ä',
          'a_20',
          '__proto__',
          'x'.repeat(SMALL_KEY_BYTES_MAX),
        ];
        for (const [i, key] of keys.entries()) await store.set(key, Uint8Array.of(i));
        for (const [i, key] of keys.entries()) expectSame(await store.get(key), Uint8Array.of(i), key);
      },
    },
    {
      name: 'refuses an empty key and one that is too long',
      async run() {
        const { store } = await make();
        for (const key of ['', 'x'.repeat(SMALL_KEY_BYTES_MAX + 1), 'ä'.repeat(SMALL_KEY_BYTES_MAX / 2 + 1)]) {
          await expectCode(store.get(key), 'BAD_ARGUMENT', 'get');
          await expectCode(store.set(key, Uint8Array.of(1)), 'BAD_ARGUMENT', 'set');
          await expectCode(store.delete(key), 'BAD_ARGUMENT', 'delete');
        }
      },
    },
  ];
}
