import { expect, test } from 'vitest';
import { MemorySmallStore } from '../adapters/memory/memory-small-store.ts';
import { encodeValue, type Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import { silentLog } from '../ports/log.ts';
import type { SmallStore } from '../ports/small-store.ts';
import { URL_LENGTH_MAX } from '../wire/limits.ts';
import { CACHED_URLS_MAX } from './limits.ts';
import { PeerCache } from './peer-cache.ts';

const KEY = 'peer-urls';
const url = (n: number): string => `wss://node${n}.example/sea`;

async function loaded(store: SmallStore): Promise<PeerCache> {
  const cache = new PeerCache(store, silentLog);
  await cache.load();
  return cache;
}

test('what was met is there after a restart, the last met first, what was heard of last', async () => {
  const store = new MemorySmallStore();
  const cache = await loaded(store);
  cache.heardOf(url(9));
  cache.met(url(1));
  cache.met(url(2));
  cache.met(url(1));
  cache.heardOf(url(2));
  expect(cache.urls).toEqual([url(1), url(2), url(9)]);
  await cache.save();
  expect((await loaded(store)).urls).toEqual([url(1), url(2), url(9)]);
});

test('hearsay never takes a place from what was met', async () => {
  const cache = await loaded(new MemorySmallStore());
  for (let n = 1; n <= CACHED_URLS_MAX; n++) cache.heardOf(url(n));
  cache.heardOf(url(100));
  expect(cache.urls.length).toBe(CACHED_URLS_MAX);
  expect(cache.urls.includes(url(100))).toBe(false);
  cache.met(url(200));
  expect(cache.urls[0]).toBe(url(200));
  expect(cache.urls.length).toBe(CACHED_URLS_MAX);
});

test('what is no websocket address is not kept', async () => {
  const cache = await loaded(new MemorySmallStore());
  const unfit = ['', 'tab:1', 'https://x', 'ws://', 'ws://a b', 'javascript:1', `ws://${'x'.repeat(URL_LENGTH_MAX)}`];
  for (const text of unfit) {
    cache.met(text);
    cache.heardOf(text);
  }
  expect(cache.urls).toEqual([]);
});

test('it writes only when something changed', async () => {
  const writes: string[] = [];
  const store: SmallStore = {
    get: async () => undefined,
    set: async (key: string) => void writes.push(key),
    delete: async () => {},
  } as unknown as SmallStore;
  const cache = await loaded(store);
  await cache.save();
  cache.met(url(1));
  cache.met(url(1));
  await cache.save();
  await cache.save();
  expect(writes).toEqual([KEY]);
});

test('a damaged record counts as none, a partly fit one as what fits', async () => {
  const records: [Uint8Array, string[]][] = [
    [Uint8Array.of(0xff, 0x00), []],
    [encodeValue('text'), []],
    [encodeValue({ a: 1 }), []],
    [encodeValue([url(1), 5, null, 'nonsense', [url(2)], url(3)] as Value), [url(1), url(3)]],
    [encodeValue(Array.from({ length: 50 }, (_, n) => url(n))), Array.from({ length: 32 }, (_, n) => url(n))],
  ];
  for (const [record, expected] of records) {
    const store = new MemorySmallStore();
    await store.set(KEY, record);
    expect((await loaded(store)).urls).toEqual(expected);
  }
});

test('a store that fails leaves a cache that works', async () => {
  const fail = async (): Promise<never> => {
    throw new SeaError('NO_STORAGE', 'full');
  };
  const cache = await loaded({ get: fail, set: fail, delete: fail } as unknown as SmallStore);
  cache.met(url(1));
  await cache.save();
  expect(cache.urls).toEqual([url(1)]);
});
