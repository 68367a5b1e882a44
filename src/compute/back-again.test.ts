/** A requester that starts again before its neighbours have noticed that it was gone: whole production nodes in the simulator. */

import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import '../blocks/contents.ts'; // at hand when they are wanted: virtual time waits for no file system
import './computing.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { SimCrypto, SimKeys } from '../sim/sim-crypto.ts';
import { type SimNode, World } from '../sim/world.ts';
import { increments, ScriptedRunner } from './testing/scripted-runner.ts';
import { echoTask } from './testing/wasm-parts.ts';

it('is told again who contributes', async () => {
  const world = new World('back again', () => setImmediate());
  const keys = new SimKeys();
  /** Of the node whose key is made of this number. */
  const crypto = (number: number): SimCrypto => {
    const key = keys.of(new Uint8Array(32).fill(number));
    return Object.assign(new SimCrypto(keys, new SeededRandom(`${number}`)), { keptKey: async () => key });
  };
  const entry = await world.addNode({ listenUrl: 'ws://entry', platform: { crypto: crypto(0) } });
  await entry.sea.goOnline([]);
  const join = async (number: number): Promise<SimNode> => {
    const runner = new ScriptedRunner(world.clock, increments(40));
    const node = await world.addNode({ platform: { runner, crypto: crypto(number) } });
    await node.sea.credit.load();
    await world.until(node.sea.goOnline(['ws://entry']), 20_000);
    return node;
  };
  const providers = [await join(1), await join(2)];
  for (const { sea } of providers) sea.contribute({ slots: 1 });
  const before = await join(3);
  await world.run(10_000);
  world.network.kill(before.host); // nobody hears of it
  const { sea } = await join(3);
  expect(sea.localId()).toEqual(before.sea.localId());
  await world.run(4_000);
  const byProvider = new Set<string>();
  const inputs = Array.from({ length: 20 }, (_, i) => Uint8Array.of(i));
  const work = (async () => {
    for await (const result of sea.map(echoTask(), inputs)) byProvider.add(result.providers.join());
  })();
  await world.until(work, 8_000);
  expect([...byProvider].toSorted()).toEqual(providers.map(node => node.sea.localId().toString()).toSorted());
  await world.end();
}, 30_000);
