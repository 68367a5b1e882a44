/** Contents over the whole stack: production nodes on a simulated network, most of them not linked with each other. */

import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { equal } from '../base/bytes.ts';
import { isSeaError } from '../base/errors.ts';
import { type SimNode, World } from '../sim/world.ts';
import type { BlocksProgress } from './blocks.ts';
import './contents.ts'; // at hand when it is wanted: virtual time waits for no file system
import { BLOCK_BYTES_MAX, BLOCK_TIMEOUT_MS, HEDGE_MS } from './limits.ts';
import { testBytes } from './testing/test-sea.ts';

const ENTRY = 'ws://entry';
const BYTES = 32 * BLOCK_BYTES_MAX;
const content = testBytes(BYTES);

async function gather(seed: string, count: number): Promise<{ world: World; nodes: readonly SimNode[] }> {
  const world = new World(seed, () => setImmediate());
  const entry = await world.addNode({ listenUrl: ENTRY, linksMax: 6 });
  await entry.sea.goOnline([]);
  for (let i = 1; i < count; i++) {
    const { sea } = await world.addNode({ linksMax: 6 });
    await world.until(sea.goOnline([ENTRY]), 20_000);
  }
  await world.run(10_000);
  return { world, nodes: world.nodes };
}

/** Nodes that `node` is not linked with. */
function strangersOf(node: SimNode, nodes: readonly SimNode[]): SimNode[] {
  const linked = new Set(node.sea.connections().map(String));
  return nodes.filter(other => other !== node && !linked.has(other.sea.localId().toString()));
}

it('come over several hops, from another source when one is killed, and again only what is missing', async () => {
  const { world, nodes } = await gather('blocks', 24);
  const reader = nodes[7]!;
  const [first, second, third] = strangersOf(reader, nodes) as [SimNode, SimNode, SimNode];
  const id = await first.sea.blocks.put(content);
  await second.sea.blocks.put(content);
  let progress: BlocksProgress = { doneBytes: 0, fetchedBytes: 0, totalBytes: 0 };
  const got = reader.sea.blocks.get(id, {
    from: [first, second].map(({ sea }) => sea.localId()),
    onProgress: told => {
      if (progress.fetchedBytes < BYTES / 4 && told.fetchedBytes >= BYTES / 4) world.network.kill(first.host);
      progress = told;
    },
  });
  const startedMs = world.clock.now();
  expect(equal(await world.until(got, 2 * BLOCK_TIMEOUT_MS), content)).toBe(true);
  expect(world.clock.now() - startedMs).toBeLessThanOrEqual(2 * HEDGE_MS);
  expect(first.host.state).toBe('dead');
  expect(progress).toEqual({ doneBytes: BYTES, fetchedBytes: BYTES, totalBytes: BYTES });

  const longer = testBytes(BYTES + 100);
  const stop = reader.sea.blocks.accept({ wants: () => true });
  const push = third.sea.blocks.push(reader.sea.localId(), await third.sea.blocks.put(longer));
  expect(await world.until(push, 30_000)).toBe(100);
  stop();
  await world.end();
}, 60_000);

it('that broke off for want of a source go on in the next fetch', async () => {
  const { world, nodes } = await gather('resume', 16);
  const reader = nodes[5]!;
  const [first, second] = strangersOf(reader, nodes) as [SimNode, SimNode];
  const id = await first.sea.blocks.put(content);
  await second.sea.blocks.put(content);
  let kept = 0;
  const failed = reader.sea.blocks
    .get(id, {
      from: first.sea.localId(),
      onProgress: ({ doneBytes }) => {
        if (doneBytes >= BYTES / 2 && first.host.state === 'running') world.network.kill(first.host);
        kept = doneBytes;
      },
    })
    .catch((error: unknown) => error);
  const error = await world.until(failed, 3 * BLOCK_TIMEOUT_MS);
  expect(isSeaError(error)).toBe(true);
  expect(kept).toBeGreaterThanOrEqual(BYTES / 2);
  let fetched = 0;
  const again = reader.sea.blocks.get(id, {
    from: second.sea.localId(),
    onProgress: ({ fetchedBytes }) => {
      fetched = fetchedBytes;
    },
  });
  expect(equal(await world.until(again, 30_000), content)).toBe(true);
  expect(fetched).toBe(BYTES - kept);
  await world.end();
}, 60_000);
