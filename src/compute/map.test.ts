/** Maps over several nodes joined in memory: what the consumer sees, and what providers are asked. */

import { describe, expect, it } from 'vitest';
import { type ErrorCode, isSeaError, type SeaError } from '../base/errors.ts';
import { cut } from '../blocks/tree.ts';
import { type Bundle, makeBundle } from './bundle.ts';
import type { Inputs } from './input-source.ts';
import { ALONE_MS, NO_PROVIDER_MS, PREPARE_LATE_MS, PREPARING_MIN } from './limits.ts';
import type { MapOptions, MapProgress } from './map-options.ts';
import type { MapResult } from './result-buffer.ts';
import { failsWith, increments, type Script } from './testing/scripted-runner.ts';
import { settle } from './testing/test-network.ts';
import { type TestNode, TestSea } from './testing/test-sea.ts';
import { echoTask } from './testing/wasm-parts.ts';

const bundle: Bundle = makeBundle(echoTask(), { name: 'echo', inputBytesMax: 1_000, outputBytesMax: 1_000 });

/** One input per number: that byte. */
function inputs(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => Uint8Array.of(index));
}

async function all(results: AsyncIterable<MapResult>): Promise<MapResult[]> {
  const list: MapResult[] = [];
  for await (const result of results) list.push(result);
  return list;
}

function collect(node: TestNode, from: Inputs, options?: MapOptions): Promise<MapResult[]> {
  return all(node.compute.map(bundle, from, options));
}

function outputs(results: readonly MapResult[]): [index: number, byte: number | undefined][] {
  return results.map(({ index, output }) => [index, output[0]]);
}

function expected(count: number): [number, number][] {
  return Array.from({ length: count }, (_, index) => [index, index + 1]);
}

async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | 'fine'> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return 'fine';
  if (isSeaError(error)) return error.code;
  throw error;
}

async function errorOf(promise: Promise<unknown>): Promise<SeaError> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (isSeaError(error)) return error;
  throw new Error(`no SeaError: ${String(error)}`);
}

/** What a map tells of the bundle: so many nodes were made ready, so many of them had to be sent all of it. */
function supply(supplied: number, sent: number): Partial<MapProgress> {
  const { manifestBytes, module } = bundle;
  const ofBlocks = manifestBytes.length + cut(module).blocks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return { bundleBytes: manifestBytes.length + module.length, supplied, sentBytes: sent * ofBlocks };
}

/** Never answers. */
const silent: Script = () => undefined;
/** A wrong byte, as quickly as the honest. */
const lies: Script = () => ({ afterMs: 50, outcome: Uint8Array.of(99) });

describe('map', () => {
  it('computes every input once, in order, on the neighbours that contribute', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([increments(50), increments(70)]);
    const results = await sea.until(collect(requester, inputs(40)));
    expect(outputs(results)).toEqual(expected(40));
    expect(providers.map(({ runner }) => runner.began.length).reduce((a, b) => a + b)).toBe(40);
    for (const { runner } of providers) expect(runner.began.length).toBeGreaterThan(10);
    for (const { index, providers: by } of results) {
      expect(by).toHaveLength(1);
      const who = providers.find(({ address }) => address.equals(by[0]!));
      expect(who?.runner.began).toContain(index);
    }
  });

  it('is bounded by the providers alone: two slots take half the time of the work', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star([increments(50), increments(50)]);
    const startMs = sea.clock.now();
    await sea.until(collect(requester, inputs(100)));
    expect(sea.clock.now() - startMs).toBeLessThanOrEqual(50 * 50 + 20);
  });

  it('keeps the order whatever the parts take, and gives results as they come when asked', async () => {
    const uneven: Script = input => ({ afterMs: input[0] === 0 ? 300 : 20, outcome: input.map(byte => byte + 1) });
    const sea = new TestSea();
    const { requester } = await sea.star([uneven, uneven]);
    expect(outputs(await sea.until(collect(requester, inputs(10))))).toEqual(expected(10));
    const unordered = await sea.until(collect(requester, inputs(10), { ordered: false }));
    expect(unordered.at(-1)?.index).not.toBe(9);
    expect(outputs(unordered).sort((a, b) => a[0] - b[0])).toEqual(expected(10));
  });

  it('gets no more providers ready than it has use for', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star(Array.from({ length: 20 }, () => increments(50)));
    const prepared = (): number => sea.network.calls.filter(({ scope }) => scope === 'compute:prepare').length;
    await sea.until(collect(requester, inputs(2)));
    expect(prepared()).toBe(8);
    await sea.until(collect(requester, inputs(100)));
    expect(prepared()).toBe(8 + 20);
  });

  it('takes a bare module as its task', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star([increments(10)]);
    expect(outputs(await sea.until(all(requester.compute.map(echoTask(), inputs(3)))))).toEqual(expected(3));
  });

  it('sends nothing and pulls nothing before the first result is asked for', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star([increments(10)]);
    const before = sea.network.calls.length;
    let pulled = false;
    requester.compute.map(
      bundle,
      (function* () {
        pulled = true;
        yield Uint8Array.of(1);
      })(),
    );
    await sea.pass(1_000);
    expect(pulled).toBe(false);
    expect(sea.network.calls.length).toBe(before);
  });

  it('gives nothing at once for zero inputs, with no provider anywhere', async () => {
    const sea = new TestSea();
    const lonely = sea.node();
    expect(await collect(lonely, [])).toEqual([]);
    expect(await collect(lonely, (async function* () {})())).toEqual([]);
    expect(sea.clock.now()).toBe(0);
    expect(sea.clock.waiting).toBe(0);
  });

  it('carries empty inputs and empty outputs', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star([increments(10)]);
    const results = await sea.until(collect(requester, [new Uint8Array(0)]));
    expect(results.map(({ output }) => output.length)).toEqual([0]);
  });

  it('computes on its own slots, and not when told not to', async () => {
    const sea = new TestSea();
    const node = sea.node();
    node.compute.contribute({ slots: 2 });
    const given = inputs(6);
    const results = await sea.until(collect(node, given));
    expect(outputs(results)).toEqual(expected(6));
    expect(results.every(({ providers }) => providers[0]!.equals(node.address))).toBe(true);
    expect(sea.network.calls).toEqual([]);
    expect(given.map(input => input[0])).toEqual([0, 1, 2, 3, 4, 5]);
    expect(node.compute.status()).toMatchObject({ slots: 2, running: [], completed: 6, failed: 0, computeMs: 300 });
    expect(await codeOf(sea.until(collect(node, inputs(1), { local: false })))).toBe('NO_PROVIDER');
  });

  it('waits for a provider to appear', async () => {
    const sea = new TestSea();
    const requester = sea.node();
    const provider = sea.node();
    const results = collect(requester, inputs(3));
    await sea.pass(20_000);
    provider.compute.contribute({ slots: 1 });
    sea.link(requester, provider);
    expect(outputs(await sea.until(results))).toEqual(expected(3));
  });

  it('hears the truth in onProgress, and survives one that throws', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star([increments(50), increments(50)]);
    const heard: MapProgress[] = [];
    const onProgress = (progress: MapProgress): void => {
      heard.push(progress);
      throw new Error('a bug of the page');
    };
    await sea.until(collect(requester, inputs(20), { onProgress }));
    expect(heard.at(-1)).toEqual({
      pulled: 20,
      done: 20,
      cost: 0n,
      inFlight: 0,
      providers: 2,
      failedAttempts: 0,
      speculative: expect.any(Number),
      ...supply(2, 2),
    });
    expect(Math.max(...heard.map(({ inFlight }) => inFlight))).toBe(4);
    for (const [at, { pulled, done }] of heard.entries()) {
      expect(pulled).toBeGreaterThanOrEqual(heard[at - 1]?.pulled ?? 0);
      expect(done).toBeLessThanOrEqual(pulled);
    }
  });

  it('says what of the bundle its providers had already', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([increments(50), increments(50)]);
    const heard: MapProgress[] = [];
    const onProgress = (progress: MapProgress): number => heard.push(progress);
    await sea.until(collect(requester, inputs(4), { onProgress, redundancy: 2 }));
    expect(heard.at(-1)).toMatchObject(supply(2, 2));
    await sea.until(collect(requester, inputs(4), { onProgress, redundancy: 2 }));
    expect(heard.at(-1)).toMatchObject(supply(2, 0));
    providers[0]!.compute.contribute({ slots: 0 });
    requester.compute.contribute({ slots: 1 });
    await sea.until(collect(requester, inputs(4), { onProgress, redundancy: 2 }));
    expect(heard.at(-1)).toMatchObject(supply(1, 0)); // nothing is sent to oneself
  });

  it('pins the links to its providers while it runs, and theirs to it while they compute', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([increments(50)]);
    const results = collect(requester, inputs(5));
    await sea.pass(60);
    expect(requester.pinned).toBe(1);
    expect(providers[0]!.pinned).toBe(2);
    await sea.until(results);
    expect([requester.pinned, providers[0]!.pinned]).toEqual([0, 0]);
  });

  it('leaves no timer behind', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star([increments(50), failsWith('HOST_FAILURE')]);
    await sea.until(collect(requester, inputs(20)));
    await settle();
    expect(sea.clock.waiting).toBe(0);
  });
});

describe('pulling', () => {
  function counting(count: number): { source: Generator<Uint8Array>; pulled: () => number; ended: () => boolean } {
    let pulled = 0;
    let ended = false;
    function* source(): Generator<Uint8Array> {
      try {
        for (; pulled < count; ) yield Uint8Array.of(pulled++ % 200);
      } finally {
        ended = true;
      }
    }
    return { source: source(), pulled: () => pulled, ended: () => ended };
  }

  it('goes as far as the window and one input beyond', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star([silent]);
    const { source, pulled } = counting(1_000);
    void collect(requester, source).catch(() => {});
    await sea.pass(100);
    expect(pulled()).toBe(3);
  });

  it('stops when the consumer takes nothing, and goes on when it does', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star([increments(10), increments(10)]);
    const { source, pulled } = counting(1_000);
    const results = requester.compute.map(bundle, source);
    await sea.until(results.next());
    await sea.pass(5_000);
    expect(pulled()).toBe(17); // one delivered, UNDELIVERED_MIN more
    for (let taken = 0; taken < 5; taken++) await sea.until(results.next());
    await sea.pass(5_000);
    expect(pulled()).toBe(22);
    await results.return();
  });

  it('takes from an async source one at a time, as it delivers', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star([increments(10)]);
    let asked = 0;
    async function* slow(): AsyncGenerator<Uint8Array> {
      for (let index = 0; index < 5; index++) {
        asked++;
        await new Promise<void>(resolve => sea.clock.after(1_000, resolve));
        yield Uint8Array.of(index);
      }
    }
    const results = collect(requester, slow());
    await sea.pass(500);
    expect(asked).toBe(1);
    expect(outputs(await sea.until(results))).toEqual(expected(5));
  });

  it('ends an endless source when the consumer leaves the loop, and takes the work back', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([increments(50), increments(50)]);
    const { source, ended } = counting(Number.POSITIVE_INFINITY);
    const seen: number[] = [];
    await sea.until(
      (async () => {
        for await (const { index } of requester.compute.map(bundle, source)) {
          seen.push(index);
          if (index === 6) break;
        }
      })(),
    );
    await settle();
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(ended()).toBe(true);
    for (const { runner, compute } of providers) {
      expect(runner.running).toBe(0);
      expect(compute.status().running).toEqual([]);
    }
    expect(sea.clock.waiting).toBe(0);
  });

  it('passes on what the source throws, sync or async', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star([increments(10)]);
    const broken = new Error('the disk is gone');
    const sync = (function* () {
      yield Uint8Array.of(1);
      throw broken;
    })();
    const later = (async function* () {
      yield Uint8Array.of(1);
      throw broken;
    })();
    await expect(sea.until(collect(requester, sync))).rejects.toBe(broken);
    await expect(sea.until(collect(requester, later))).rejects.toBe(broken);
  });

  it('refuses an input over the limit and names it: INPUT_TOO_LARGE', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star([increments(10)]);
    const { source, ended } = counting(5);
    function* given(): Generator<Uint8Array> {
      yield new Uint8Array(1_000);
      yield new Uint8Array(1_001);
      yield* source;
    }
    const error = await errorOf(sea.until(collect(requester, given())));
    expect(error.code).toBe('INPUT_TOO_LARGE');
    expect(error.message).toContain('input 1 ');
    expect(ended()).toBe(false); // never begun
  });

  it('refuses what is no bytes: BAD_ARGUMENT', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star([increments(10)]);
    expect(await codeOf(sea.until(collect(requester, ['text'] as never)))).toBe('BAD_ARGUMENT');
  });

  it.each([{ redundancy: 0 }, { redundancy: 9 }, { redundancy: 1.5 }, { timeoutMs: 0 }, { timeoutMs: 600_001 }])(
    'refuses the options %o: BAD_ARGUMENT',
    async options => {
      expect(await codeOf(collect(new TestSea().node(), inputs(1), options))).toBe('BAD_ARGUMENT');
    },
  );
});

describe('ending', () => {
  it('stops with the reason of its signal, and takes the work back', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([increments(500)]);
    const controller = new AbortController();
    const results = collect(requester, inputs(10), { signal: controller.signal });
    await sea.pass(700);
    controller.abort();
    expect(await codeOf(sea.until(results))).toBe('ABORTED');
    await settle();
    expect(providers[0]!.runner.running).toBe(0);
    expect(requester.pinned).toBe(0);
    expect(sea.clock.waiting).toBe(0);
  });

  it('starts nothing when the signal has fired already', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star([increments(10)]);
    const before = sea.network.calls.length;
    expect(await codeOf(collect(requester, inputs(1), { signal: AbortSignal.abort() }))).toBe('ABORTED');
    expect(sea.network.calls.length).toBe(before);
  });

  it('ends with the node: CLOSED', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star([silent]);
    const results = codeOf(collect(requester, inputs(3)));
    await sea.pass(100);
    requester.scope.close();
    expect(await results).toBe('CLOSED');
    expect(requester.runner.closed).toBe(true);
  });

  it('gives up when no provider appears within 30 s: NO_PROVIDER', async () => {
    const sea = new TestSea();
    const results = codeOf(collect(sea.node(), inputs(1)));
    await sea.pass(29_000);
    const early = await Promise.race([results, settle().then(() => 'waiting')]);
    expect(early).toBe('waiting');
    expect(await sea.until(results, 2_000)).toBe('NO_PROVIDER');
  });
});

describe('providers that fail', () => {
  it('gives the parts of a provider whose link closes to others at once', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([silent, increments(50)]);
    const results = collect(requester, inputs(6));
    await sea.pass(60);
    const startMs = sea.clock.now();
    sea.unlink(requester, providers[0]!);
    expect(outputs(await sea.until(results))).toEqual(expected(6));
    expect(sea.clock.now() - startMs).toBeLessThan(500);
    expect(providers[0]!.runner.running).toBe(0);
    expect(providers[1]!.runner.began.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('uses a provider again that comes back', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([increments(50)]);
    const results = collect(requester, inputs(10));
    await sea.pass(120);
    sea.unlink(requester, providers[0]!);
    await sea.pass(5_000);
    sea.link(requester, providers[0]!);
    expect(outputs(await sea.until(results))).toEqual(expected(10));
  });

  it('sends a copy when a provider falls silent, and does not wait for it', async () => {
    const sea = new TestSea();
    const fallsSilent: Script = input =>
      input[0]! >= 4 ? undefined : { afterMs: 50, outcome: input.map(byte => byte + 1) };
    const { requester } = await sea.star([fallsSilent, increments(50)]);
    const startMs = sea.clock.now();
    let last: MapProgress | undefined;
    const onProgress = (progress: MapProgress): void => {
      last = progress;
    };
    expect(outputs(await sea.until(collect(requester, inputs(30), { onProgress })))).toEqual(expected(30));
    expect(sea.clock.now() - startMs).toBeLessThan(4_000);
    expect(last!.speculative).toBeGreaterThanOrEqual(2);
    expect(last!.failedAttempts).toBe(0);
  });

  it('copies at the end what waits in the queue of a slow provider', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([increments(1_000), increments(50)]);
    const startMs = sea.clock.now();
    expect(outputs(await sea.until(collect(requester, inputs(10))))).toEqual(expected(10));
    expect(sea.clock.now() - startMs).toBeLessThan(1_000);
    expect(providers[0]!.runner.began).toHaveLength(1);
  });

  it('goes on elsewhere when a host fails, and lets the host rest', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([failsWith('HOST_FAILURE', 5), increments(50)]);
    expect(outputs(await sea.until(collect(requester, inputs(30))))).toEqual(expected(30));
    expect(providers[0]!.runner.began.length).toBeLessThanOrEqual(6);
    expect(providers[0]!.compute.status().failed).toBe(providers[0]!.runner.began.length);
  });

  it('takes failures that come together for one', async () => {
    let broken = 5;
    const recovers: Script = input => (broken-- > 0 ? failsWith('HOST_FAILURE')(input) : increments(50)(input));
    const sea = new TestSea();
    const { requester, providers } = await sea.star([recovers], 4);
    expect(outputs(await sea.until(collect(requester, inputs(10)), 10_000))).toEqual(expected(10));
    expect(providers[0]!.runner.began).toHaveLength(15);
  });

  it('gives up on a lone host that always fails, and says why: NO_PROVIDER', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([failsWith('HOST_FAILURE')]);
    const error = await errorOf(sea.until(collect(requester, inputs(1)), 120_000));
    expect(error.code).toBe('NO_PROVIDER');
    expect(error.cause).toMatchObject({ code: 'HOST_FAILURE' });
    expect(providers[0]!.runner.began).toHaveLength(5);
  });

  it('fails when every host fails at one part: its code, naming the part', async () => {
    const breaks: Script = input => (input[0] === 3 ? failsWith('HOST_FAILURE')(input) : increments(50)(input));
    const sea = new TestSea();
    const { requester } = await sea.star(Array.from({ length: 10 }, () => breaks));
    const error = await errorOf(sea.until(collect(requester, inputs(10)), 300_000));
    expect(error.code).toBe('HOST_FAILURE');
    expect(error.message).toContain('part 3');
  });

  it('takes longer outputs than the task allows for a fault of the provider', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([increments(10), increments(10)]);
    sea.network.tamper = (call, answer) =>
      call.scope === 'compute:run' && call.to.equals(providers[0]!.address)
        ? { value: [], payload: new Uint8Array(1_001) }
        : answer;
    const results = await sea.until(collect(requester, inputs(10)));
    expect(results.every(({ providers: by }) => by[0]!.equals(providers[1]!.address))).toBe(true);
  });

  it('takes a malformed answer for a fault of the provider', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([increments(10), increments(10)]);
    sea.network.tamper = (call, answer) =>
      call.scope === 'compute:run' && call.to.equals(providers[0]!.address) ? { value: { surprise: 1 } } : answer;
    expect(outputs(await sea.until(collect(requester, inputs(10))))).toEqual(expected(10));
  });

  it('moves on when a provider stops contributing, and takes it back when it goes on', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([increments(50), increments(50)], 4);
    const results = collect(requester, inputs(60));
    await sea.pass(120);
    providers[0]!.compute.contribute({ slots: 0 });
    expect(providers[0]!.compute.status().running).toEqual([]);
    await sea.pass(120);
    const before = providers[0]!.runner.began.length;
    providers[0]!.compute.contribute({ slots: 4 });
    expect(outputs(await sea.until(results))).toEqual(expected(60));
    expect(providers[0]!.runner.began.length).toBeGreaterThan(before);
  });

  it('does not wait for those that never get ready', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star(Array.from({ length: PREPARING_MIN + 1 }, () => increments(50)));
    const honest = providers.at(-1)!.address;
    sea.network.swallow = ({ scope, to }) => scope === 'compute:prepare' && !to.equals(honest);
    expect(outputs(await sea.until(collect(requester, inputs(10))))).toEqual(expected(10));
    expect(sea.clock.now()).toBeLessThan(PREPARE_LATE_MS + 1_000);
  });

  it('shares a provider with another requester', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([increments(50)]);
    const other = sea.node();
    sea.link(other, providers[0]!);
    await settle();
    const both = Promise.all([collect(requester, inputs(20)), collect(other, inputs(20))]);
    const [a, b] = await sea.until(both);
    expect(outputs(a)).toEqual(expected(20));
    expect(outputs(b)).toEqual(expected(20));
    expect(sea.clock.now()).toBeLessThan(3_000);
  });
});

describe('tasks that fail', () => {
  it.each(['TASK_TRAPPED', 'OUTPUT_TOO_LARGE'] as const)(
    '%s of one part ends the map with that code and names the part',
    async code => {
      const traps: Script = input => (input[0] === 7 ? failsWith(code)(input) : increments(10)(input));
      const sea = new TestSea();
      const { requester, providers } = await sea.star([traps, traps]);
      const error = await errorOf(sea.until(collect(requester, inputs(20))));
      expect(error.code).toBe(code);
      expect(error.message).toContain('part 7');
      expect(providers.map(({ address }) => address.toString())).toContain(error.peer);
      await settle();
      expect(providers.map(({ runner }) => runner.running)).toEqual([0, 0]);
    },
  );

  it('one that lies about that ends nothing, and gets no more work in the end', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([failsWith('TASK_TRAPPED', 1), ...[50, 60, 70].map(increments)]);
    expect(outputs(await sea.until(collect(requester, inputs(40))))).toEqual(expected(40));
    const asked = providers[0]!.runner.began.length;
    expect(asked).toBeGreaterThan(0);
    expect(await sea.until(collect(requester, inputs(2_000)))).toHaveLength(2_000);
    expect(providers[0]!.runner.began.length - asked).toBeLessThan(200); // five rests, then nothing
  });

  it('a lone provider is believed when no other comes: TASK_TRAPPED, which says so', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([failsWith('TASK_TRAPPED')]);
    const error = await errorOf(sea.until(collect(requester, inputs(3))));
    expect(error).toMatchObject({ code: 'TASK_TRAPPED', peer: providers[0]!.address.toString() });
    expect(error.message).toContain('part 0: the task trapped (one provider alone: no other was there to ask)');
    expect(sea.clock.now()).toBeGreaterThanOrEqual(ALONE_MS);
    expect(sea.clock.now()).toBeLessThan(ALONE_MS + 100);
  });

  it('a second one that comes meanwhile is asked', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star([failsWith('TASK_TRAPPED')]);
    const results = collect(requester, inputs(3));
    await sea.pass(ALONE_MS - 500);
    const second = sea.node(increments(2_000));
    second.compute.contribute({ slots: 3 });
    sea.link(requester, second);
    expect(outputs(await sea.until(results))).toEqual(expected(3));
  });

  it('others that are known and take nothing are not waited for without end', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([failsWith('TASK_TRAPPED'), increments(50)]);
    sea.network.swallow = ({ to }) => to.equals(providers[1]!.address);
    expect(await codeOf(sea.until(collect(requester, inputs(3))))).toBe('TASK_TRAPPED');
    expect(sea.clock.now()).toBeLessThan(NO_PROVIDER_MS);
  });

  it('one’s own device is believed at once', async () => {
    const sea = new TestSea();
    const node = sea.node(failsWith('TASK_TRAPPED', 10));
    node.compute.contribute({ slots: 1 });
    expect(await codeOf(sea.until(collect(node, inputs(3))))).toBe('TASK_TRAPPED');
    expect(sea.clock.now()).toBeLessThan(100);
  });

  it('a part that never ends is tried on two providers: TASK_TIMEOUT', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([silent, silent, silent]);
    const error = await errorOf(sea.until(collect(requester, inputs(1), { timeoutMs: 1_000 })));
    expect(error.code).toBe('TASK_TIMEOUT');
    expect(error.message).toContain('part 0');
    expect(sea.clock.now()).toBeLessThan(2_100);
    expect(providers.map(({ runner }) => runner.began.length).sort()).toEqual([0, 1, 1]);
  });

  it('with one provider it is tried there twice', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([silent]);
    expect(await codeOf(sea.until(collect(requester, inputs(1), { timeoutMs: 1_000 })))).toBe('TASK_TIMEOUT');
    expect(providers[0]!.runner.began).toHaveLength(2);
  });

  it('a time-out that is reported too early is the fault of the provider', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star([failsWith('TASK_TIMEOUT', 5), failsWith('TASK_TIMEOUT', 5), increments(50)]);
    expect(outputs(await sea.until(collect(requester, inputs(10))))).toEqual(expected(10));
  });

  it.each(['NOT_WASM', 'NO_ABI'] as const)('%s by two engines ends the map; by one alone it does not', async code => {
    const sea = new TestSea();
    const refusing = await sea.star([failsWith(code), failsWith(code)]);
    expect(await codeOf(sea.until(collect(refusing.requester, inputs(5))))).toBe(code);
    const mixed = await sea.star([failsWith(code), increments(50)]);
    expect(outputs(await sea.until(collect(mixed.requester, inputs(5))))).toEqual(expected(5));
    expect(mixed.providers[0]!.runner.began.length).toBeLessThanOrEqual(2);
    const alone = await sea.star([failsWith(code)]);
    expect(await codeOf(sea.until(collect(alone.requester, inputs(5))))).toBe(code);
  });

  it('a few that refuse at once what others take end nothing', async () => {
    const sea = new TestSea();
    const refusing = failsWith('NOT_WASM', 1);
    const { requester } = await sea.star([refusing, refusing, ...[50, 50, 50].map(increments)]);
    expect(outputs(await sea.until(collect(requester, inputs(20))))).toEqual(expected(20));
  });

  it.each([
    ['NOT_WASM', Uint8Array.of(1, 2, 3)],
    ['NO_ABI', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)],
    ['MEMORY_LIMIT', echoTask([1, 0, 0x80, 0x80, 4])], // 4 GiB
  ] as const)('%s of the module is thrown before anything is sent', async (code, module) => {
    const sea = new TestSea();
    const { requester } = await sea.star([increments(10)]);
    const before = sea.network.calls.length;
    expect(await codeOf(all(requester.compute.map(module, inputs(1))))).toBe(code);
    expect(sea.network.calls.length).toBe(before);
  });
});

describe('redundancy', () => {
  it('has each part computed by as many distinct providers, and names them', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([increments(50), increments(60), increments(70)]);
    const results = await sea.until(collect(requester, inputs(20), { redundancy: 2 }));
    expect(outputs(results)).toEqual(expected(20));
    for (const { providers: by } of results) expect(new Set(by.map(String)).size).toBe(2);
    for (const { runner } of providers) expect(new Set(runner.began).size).toBe(runner.began.length);
  });

  it('draws further peers where results differ, and never believes a lone liar', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([lies, increments(50), increments(50)]);
    const results = await sea.until(collect(requester, inputs(20), { redundancy: 2 }));
    expect(outputs(results)).toEqual(expected(20));
    for (const { providers: by } of results) expect(by.map(String)).not.toContain(providers[0]!.address.toString());
  });

  it('compares traps like outputs: a lone trap is outvoted', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star([failsWith('TASK_TRAPPED', 50), increments(50), increments(50)]);
    expect(outputs(await sea.until(collect(requester, inputs(10), { redundancy: 2 })))).toEqual(expected(10));
    const agreed = await sea.star([failsWith('TASK_TRAPPED'), failsWith('TASK_TRAPPED')]);
    expect(await codeOf(sea.until(collect(agreed.requester, inputs(10), { redundancy: 2 })))).toBe('TASK_TRAPPED');
  });

  it('ends with DISAGREEMENT when 2r+1 providers all say something else', async () => {
    const sea = new TestSea();
    const each = [1, 2, 3, 4, 5, 6].map(
      (byte): Script =>
        () => ({ afterMs: 50, outcome: Uint8Array.of(byte) }),
    );
    const { requester, providers } = await sea.star(each);
    const error = await errorOf(sea.until(collect(requester, inputs(1), { redundancy: 2 })));
    expect(error.code).toBe('DISAGREEMENT');
    expect(error.message).toContain('part 0');
    expect(providers.map(({ runner }) => runner.began.length).reduce((a, b) => a + b)).toBe(5);
  });

  it('waits for as many providers as it needs, and gives up when they do not come: NO_PROVIDER', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([increments(50)]);
    expect(await codeOf(sea.until(collect(requester, inputs(3), { redundancy: 2 })))).toBe('NO_PROVIDER');
    expect(providers[0]!.runner.began.toSorted()).toEqual([0, 1, 2]);
    const results = collect(requester, inputs(3), { redundancy: 2 });
    await sea.pass(10_000);
    const second = sea.node(increments(50));
    second.compute.contribute({ slots: 1 });
    sea.link(requester, second);
    expect(outputs(await sea.until(results))).toEqual(expected(3));
  });

  it('counts no provider twice when it comes back under the same address', async () => {
    const sea = new TestSea();
    const { requester, providers } = await sea.star([increments(50)]);
    const results = codeOf(collect(requester, inputs(1), { redundancy: 2 }));
    await sea.pass(200);
    sea.unlink(requester, providers[0]!);
    await sea.pass(200);
    sea.link(requester, providers[0]!);
    expect(await sea.until(results)).toBe('NO_PROVIDER');
    expect(providers[0]!.runner.began).toHaveLength(1);
  });
});
