/** Who gets a fetch, who waits for another's, and whose bundles stay in memory. */

import { describe, expect, it } from 'vitest';
import { ContentId } from '../address/content-id.ts';
import { type Deferred, deferred } from '../base/deferred.ts';
import { SeaError } from '../base/errors.ts';
import { Scope } from '../base/scope.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { type Bundle, makeBundle } from './bundle.ts';
import { FETCH_BEGIN_MS, FETCHES_MAX, FETCHES_PER_NEIGHBOUR_MAX, READY_BUNDLES_MAX } from './limits.ts';
import { ReadyBundles } from './ready-bundles.ts';
import { settle, testAddress } from './testing/test-network.ts';
import { echoTask } from './testing/wasm-parts.ts';

const overloaded = expect.objectContaining({ code: 'OVERLOADED' });

/** Bundles that differ by their name alone. */
function bundleOf(number: number): Bundle {
  return makeBundle(echoTask(), { name: `bundle ${number}` });
}

function scene() {
  const clock = new ManualClock();
  /** By source, those asked last. */
  const fetches: { readonly source: string; readonly id: ContentId; readonly result: Deferred<Bundle> }[] = [];
  const bundles = new ReadyBundles(clock, new Scope(clock), (source, id, signal) => {
    const result = deferred<Bundle>();
    signal.addEventListener('abort', () => result.reject(signal.reason));
    fetches.push({ source: source.toString(), id, result });
    return result.promise;
  });
  /** `source` asks over the neighbour `by`. */
  const prepare = (id: ContentId, source: number, by = source) =>
    bundles.prepare(id, { source: testAddress(source), by: testAddress(by) });
  /** Brings a bundle in. */
  const bring = async (bundle: Bundle, source: number): Promise<void> => {
    const ready = prepare(bundle.id, source);
    await settle();
    fetches.at(-1)?.result.resolve(bundle);
    await ready;
  };
  return { clock, fetches, bundles, prepare, bring };
}

describe('ReadyBundles', () => {
  it('fetch few at a time for those that came by one neighbour, and few in all: OVERLOADED', async () => {
    const { prepare, fetches } = scene();
    const ask = (number: number, source: number, by?: number) => {
      const asked = prepare(ContentId.of(Uint8Array.of(number)), source, by);
      asked.catch(() => {});
      return asked;
    };
    for (let number = 0; number < FETCHES_PER_NEIGHBOUR_MAX; number++) ask(number, number, 100);
    await expect(ask(50, 50, 100)).rejects.toEqual(overloaded); // by whatever name
    for (let number = FETCHES_PER_NEIGHBOUR_MAX; number < FETCHES_MAX; number++) ask(number, number);
    await settle();
    await expect(ask(60, 60)).rejects.toEqual(overloaded);
    fetches[0]!.result.reject(new SeaError('TIMEOUT', 'gone'));
    await settle();
    ask(70, 100);
    await settle();
    expect(fetches).toHaveLength(FETCHES_MAX + 1);
  });

  it('wait for what another fetches, without a place of their own', async () => {
    const { prepare, fetches } = scene();
    const bundle = bundleOf(1);
    const all = Array.from({ length: 20 }, (_, source) => prepare(bundle.id, source));
    await settle();
    expect(fetches).toHaveLength(1);
    fetches[0]!.result.resolve(bundle);
    expect(new Set((await Promise.all(all)).map(({ idText }) => idText))).toEqual(new Set([bundle.id.toString()]));
  });

  it('wait no longer for others than one of them could take to begin, however many there are', async () => {
    const { clock, prepare, fetches } = scene();
    const bundle = bundleOf(1);
    for (let source = 0; source < 20; source++) prepare(bundle.id, source, 50).catch(() => {});
    const honest = prepare(bundle.id, 100);
    await settle();
    clock.pass(FETCH_BEGIN_MS);
    await settle();
    fetches.find(({ source }) => source === testAddress(100).toString())?.result.resolve(bundle);
    expect((await honest).idText).toBe(bundle.id.toString());
  });

  it('fetch once for a requester that asks twice', async () => {
    const { prepare, fetches } = scene();
    const both = [prepare(bundleOf(1).id, 1), prepare(bundleOf(1).id, 1)];
    await settle();
    expect(fetches).toHaveLength(1);
    fetches[0]!.result.resolve(bundleOf(1));
    expect(new Set(await Promise.all(both)).size).toBe(1);
  });

  it('push out the oldest of whoever has brought most: a stranger that brings many, its own', async () => {
    const { bundles, bring } = scene();
    await bring(bundleOf(0), 1);
    const own = bundleOf(1);
    bundles.add(own);
    for (let number = 2; number < 2 * READY_BUNDLES_MAX; number++) await bring(bundleOf(number), 2);
    const ready = Array.from({ length: 2 * READY_BUNDLES_MAX }, (_, number) => bundles.get(bundleOf(number).id));
    expect(ready.flatMap((it, number) => (it === undefined ? [] : [number]))).toEqual([
      0,
      1,
      ...Array.from({ length: READY_BUNDLES_MAX - 2 }, (_, at) => READY_BUNDLES_MAX + 2 + at),
    ]);
  });
});
