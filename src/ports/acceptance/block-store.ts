/** What every implementation of the block-store port must do. */

import type { Clock } from '../../base/clock.ts';
import type { BlockStore } from '../block-store.ts';
import { type AcceptanceCase, expectCode, expectSame } from './case.ts';

export interface BlockStoreSubject {
  readonly store: BlockStore;
  /** Another instance over the same device, as after a restart. */
  reopened(): Promise<BlockStore>;
}

/** How a store under test is to be made: with this bound and this idea of the time. */
export interface BlockStoreConditions {
  readonly bytesMax: number;
  readonly clock: Clock;
}

type Make = (conditions: BlockStoreConditions) => Promise<BlockStoreSubject>;

/** `make` gives a subject on a fresh device. */
export function blockStoreCases(make: Make): AcceptanceCase[] {
  return [...keepingCases(make), ...boundCases(make)];
}

function keepingCases(make: Make): AcceptanceCase[] {
  const roomy = (): Promise<BlockStoreSubject> => make({ bytesMax: 16_777_216, clock: new StandingClock() });
  return [
    {
      name: 'puts, has, gets and deletes',
      async run() {
        const { store } = await roomy();
        expectSame([await store.has(hashOf(1)), await store.get(hashOf(1))], [false, undefined], 'before');
        await store.put(hashOf(1), Uint8Array.of(1, 2, 3));
        await store.put(hashOf(2), new Uint8Array(0));
        expectSame(await store.get(hashOf(1)), Uint8Array.of(1, 2, 3), 'block');
        expectSame(await store.get(hashOf(2)), new Uint8Array(0), 'empty block');
        expectSame(
          [await store.has(hashOf(1)), await store.has(hashOf(2)), await store.has(hashOf(3))],
          [true, true, false],
          'has',
        );
        await store.delete(hashOf(1));
        await store.delete(hashOf(1));
        expectSame([await store.has(hashOf(1)), await store.get(hashOf(1))], [false, undefined], 'after');
      },
    },
    {
      name: 'blocks are there after a restart',
      async run() {
        const { store, reopened } = await roomy();
        const block = new Uint8Array(1_000_000).fill(3);
        await store.put(hashOf(1), block);
        expectSame(await (await reopened()).get(hashOf(1)), block, 'block');
      },
    },
    {
      name: 'many puts at once, of one block and of several, all stand',
      async run() {
        const { store } = await roomy();
        await Promise.all([1, 1, 1, 2, 3, 4].map(i => store.put(hashOf(i), new Uint8Array(50_000).fill(i))));
        for (const i of [1, 2, 3, 4])
          expectSame(await store.get(hashOf(i)), new Uint8Array(50_000).fill(i), `block ${i}`);
      },
    },
    {
      name: 'keeps its own memory: neither side sees what the other writes later',
      async run() {
        const { store } = await roomy();
        const large = Uint8Array.of(0, 0, 5, 6, 0, 0);
        await store.put(hashOf(1), large.subarray(2, 4));
        large.fill(1);
        const got = await store.get(hashOf(1));
        expectSame(got, Uint8Array.of(5, 6), 'kept block');
        expectSame(got?.buffer.byteLength, 2, 'memory behind a block');
        got?.fill(9);
        expectSame(await store.get(hashOf(1)), Uint8Array.of(5, 6), 'block after the reader wrote to its copy');
      },
    },
    {
      name: 'refuses names that are not 64 lower-case hex digits',
      async run() {
        const { store } = await roomy();
        for (const name of ['', 'ab', hashOf(10).toUpperCase(), `../${hashOf(1)}`, `${hashOf(1)}0`]) {
          await expectCode(store.put(name, Uint8Array.of(1)), 'BAD_ARGUMENT', `put ${name}`);
          await expectCode(store.get(name), 'BAD_ARGUMENT', `get ${name}`);
          await expectCode(store.has(name), 'BAD_ARGUMENT', `has ${name}`);
          await expectCode(store.delete(name), 'BAD_ARGUMENT', `delete ${name}`);
        }
      },
    },
  ];
}

function boundCases(make: Make): AcceptanceCase[] {
  return [
    {
      name: 'a full store gives up what was used longest ago, across a restart too',
      async run() {
        const clock = new StandingClock();
        const { store, reopened } = await make({ bytesMax: 1000, clock });
        for (let i = 0; i < 10; i++) {
          clock.pass(100_000);
          await store.put(hashOf(i), new Uint8Array(100).fill(i));
        }
        clock.pass(100_000);
        expectSame((await store.get(hashOf(0)))?.length, 100, 'a block used again');
        const again = await reopened();
        clock.pass(100_000);
        await again.put(hashOf(10), new Uint8Array(100));
        expectSame(await again.has(hashOf(1)), false, 'the block used longest ago');
        for (const i of [0, 9, 10]) expectSame(await again.has(hashOf(i)), true, `block ${i}`);
      },
    },
    {
      name: 'replaced and deleted blocks make room',
      async run() {
        const clock = new StandingClock();
        const { store } = await make({ bytesMax: 1000, clock });
        await store.put(hashOf(1), new Uint8Array(400));
        for (let i = 0; i < 5; i++) {
          clock.pass(100_000);
          await store.put(hashOf(2), new Uint8Array(500));
        }
        await store.delete(hashOf(2));
        await store.put(hashOf(3), new Uint8Array(500));
        expectSame([await store.has(hashOf(1)), await store.has(hashOf(3))], [true, true], 'blocks that fit together');
      },
    },
    {
      name: 'takes a block of exactly the bound and refuses one byte more',
      async run() {
        const { store } = await make({ bytesMax: 1000, clock: new StandingClock() });
        await store.put(hashOf(1), new Uint8Array(1000));
        await expectCode(store.put(hashOf(2), new Uint8Array(1001)), 'NO_STORAGE', 'one byte more');
        expectSame([await store.has(hashOf(1)), await store.has(hashOf(2))], [true, false], 'blocks kept');
      },
    },
  ];
}

/** A clock that moves when told to. */
class StandingClock implements Clock {
  #ms = 1_750_000_000_000;

  pass(ms: number): void {
    this.#ms += ms;
  }

  now(): number {
    return this.#ms;
  }

  wallMs(): number {
    return this.#ms;
  }

  after(): () => void {
    return () => {};
  }
}

function hashOf(i: number): string {
  return i.toString(16).padStart(2, '0').repeat(32);
}
