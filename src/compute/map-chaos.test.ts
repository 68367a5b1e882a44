/** Maps over providers that come, go, stall, fail and lie at random, from seeds: the results are right all the same. */

import { describe, expect, it } from 'vitest';
import { SeaError } from '../base/errors.ts';
import { below, type Random } from '../base/random.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { makeBundle } from './bundle.ts';
import type { MapResult } from './result-buffer.ts';
import type { Script } from './testing/scripted-runner.ts';
import { type TestNode, TestSea } from './testing/test-sea.ts';
import { echoTask } from './testing/wasm-parts.ts';

const PARTS = 120;
const bundle = makeBundle(echoTask());

function right(input: Uint8Array): Uint8Array {
  return input.map(byte => byte ^ 0x5a);
}

/** Mostly right; now and then slow, silent or broken. */
function flaky(random: Random): Script {
  return input => {
    const dice = below(random, 100);
    if (dice < 4) return undefined;
    if (dice < 10) return { afterMs: 20, outcome: new SeaError('HOST_FAILURE', 'by chance') };
    return { afterMs: dice < 20 ? 3_000 : 20 + below(random, 100), outcome: right(input) };
  };
}

/** Wrong one time in three, differently each time. */
function lying(random: Random): Script {
  return input => ({ afterMs: 30, outcome: below(random, 3) === 0 ? random.bytes(4) : right(input) });
}

function* inputs(): Generator<Uint8Array> {
  for (let index = 0; index < PARTS; index++) yield Uint8Array.of(index, 7);
}

/** Links break and return while the map runs. */
async function churn(
  sea: TestSea,
  requester: TestNode,
  providers: readonly TestNode[],
  random: Random,
  over: () => boolean,
): Promise<void> {
  while (!over()) {
    const provider = providers[below(random, providers.length)]!;
    sea.unlink(requester, provider);
    await sea.pass(200 + below(random, 600));
    sea.link(requester, provider);
    await sea.pass(200 + below(random, 600));
  }
}

async function run(
  seed: string,
  scripts: (random: Random) => readonly Script[],
  redundancy: number,
): Promise<MapResult[]> {
  const random = new SeededRandom(seed);
  const sea = new TestSea();
  const { requester, providers } = await sea.star(scripts(random), 2);
  const results: MapResult[] = [];
  let over = false;
  const collect = async (): Promise<void> => {
    const ordered = below(random, 2) === 0;
    try {
      for await (const result of requester.compute.map(bundle, inputs(), { redundancy, ordered, timeoutMs: 20_000 }))
        results.push(result);
      if (ordered)
        expect(results.map(({ index }) => index)).toEqual(Array.from({ length: PARTS }, (_, index) => index));
    } finally {
      over = true;
    }
  };
  await Promise.all([collect(), churn(sea, requester, providers, random, () => over)]);
  await sea.pass(100);
  expect(requester.pinned).toBe(0);
  for (const { runner, pinned } of providers) expect([runner.running, pinned]).toEqual([0, 0]);
  return results.sort((a, b) => a.index - b.index);
}

function checkResults(results: readonly MapResult[], redundancy: number): void {
  expect(results.map(({ index, output }) => [index, ...output])).toEqual(
    [...inputs()].map((input, index) => [index, ...right(input)]),
  );
  for (const { providers } of results) {
    expect(new Set(providers.map(String)).size).toBe(providers.length);
    expect(providers.length).toBeGreaterThanOrEqual(redundancy);
  }
}

describe('a map in bad company', () => {
  it.each(['a', 'b', 'c', 'd', 'e', 'f'])('is right over flaky providers that come and go (seed %s)', async seed => {
    checkResults(await run(seed, random => [1, 2, 3, 4, 5].map(() => flaky(random)), 1), 1);
  });

  it.each(['a', 'b', 'c', 'd'])('is right with redundancy 2 over liars and flaky ones (seed %s)', async seed => {
    const scripts = (random: Random): Script[] => [
      lying(random),
      lying(random),
      ...[1, 2, 3, 4, 5].map(() => flaky(random)),
    ];
    checkResults(await run(seed, scripts, 2), 2);
  });
});
