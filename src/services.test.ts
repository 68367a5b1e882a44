/** Whole nodes in the simulator: what contributors and holders say of themselves, and who reads it before it dials. */

import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { NoblePayKeys } from './adapters/evm/noble-pay-keys.ts';
import { MemorySmallStore } from './adapters/memory/memory-small-store.ts';
import { readProviderRecord } from './compute/provider-record.ts';
import { increments, ScriptedRunner } from './compute/testing/scripted-runner.ts';
import { bindingDigest } from './credit/quote.ts';
import { TestLedger } from './credit/testing/test-ledger.ts';
import { PAYER } from './credit/testing/test-sea.ts';
import type { Sea } from './sea.ts';
import { SeededRandom } from './sim/seeded-random.ts';
import { World } from './sim/world.ts';
import { readHolderRecord } from './storage/holder-record.ts';

const ENTRY = 'ws://entry';
const DAY_MS = 86_400_000;

async function seaOf(count: number): Promise<{ world: World; ledger: TestLedger; nodes: Sea[] }> {
  const world = new World('peer records', () => setImmediate());
  const ledger = new TestLedger();
  const entry = await world.addNode({ listenUrl: ENTRY });
  await entry.sea.goOnline([]);
  const nodes: Sea[] = [];
  for (let i = 0; i < count; i++) {
    const runner = new ScriptedRunner(world.clock, increments(50));
    const { sea } = await world.addNode({ platform: { ledger, runner } });
    await sea.credit.load();
    await world.until(sea.goOnline([ENTRY]), 20_000);
    nodes.push(sea);
  }
  return { world, ledger, nodes };
}

test('a provider tells slots, price and the pay key that its node key stands for; a change is told with the next renewal', async () => {
  const { world, ledger, nodes } = await seaOf(3);
  const [provider, giver, reader] = nodes as [Sea, Sea, Sea];
  await provider.credit.ask({ part: 7n, egress: 1n });
  provider.contribute({ slots: 2 });
  giver.contribute({ slots: 1 });
  await world.run(5_000);
  const read = async (of: Sea) => {
    const found = await world.until(reader.find('compute:providers'), 10_000);
    const its = found.find(({ announcer }) => announcer.equals(of.localId()));
    return its && readProviderRecord(its.value);
  };
  expect(await read(giver)).toEqual({ slots: 1, features: [], price: undefined });
  const told = await read(provider);
  expect(told).toMatchObject({ slots: 2, price: { part: 7n, egress: 1n, chain: ledger.chain, free: false } });
  const { payee, binding } = told!.price!;
  const keys = new NoblePayKeys(new MemorySmallStore(), new SeededRandom('keys'));
  expect(await keys.recover(await bindingDigest(keys, provider.localId()), binding)).toEqual(payee);

  await provider.credit.ask({ part: 9n });
  provider.contribute({ slots: 3 });
  await world.run(100_000);
  expect(await read(provider)).toMatchObject({ slots: 3, price: { part: 9n, egress: 0n } });
  await world.end();
}, 60_000);

test('a requester affords what its map, its purse or its budget allow, on its own chain', async () => {
  const { world, ledger, nodes } = await seaOf(1);
  const { credit } = nodes[0]!;
  const { chain } = ledger;
  const price = { part: 7n, egress: 0n, chain, payee: new Uint8Array(20), binding: new Uint8Array(64), free: false };
  const affords = (limits: object, change: object = {}): Promise<boolean> =>
    credit.affords({ ...price, ...change }, limits);
  expect(await affords({ priceMax: 7n })).toBe(false); // no purse
  expect(await affords({}, { free: true })).toBe(true);
  const key = await credit.newSessionKey();
  ledger.set(PAYER, key, { free: 1_000n });
  await credit.usePurse({ payer: PAYER, key });
  expect(await Promise.all([{ priceMax: 7n }, { budget: 7n }].map(it => affords(it)))).toEqual([true, true]);
  expect(await Promise.all([{ priceMax: 6n }, { budget: 6n }, {}].map(it => affords(it)))).toEqual([
    false,
    false,
    false,
  ]);
  expect(await affords({ priceMax: 7n }, { chain: { ...chain, id: chain.id + 1n } })).toBe(false);
  expect(await affords({ priceMax: 100n }, { egress: 1n })).toBe(false); // 256 KiB may come to 263
  await credit.usePurse({ payer: PAYER, key, priceMax: 7n });
  expect(await affords({})).toBe(true);
  await world.end();
}, 60_000);

test('a holder tells its room in coarse steps and the longest lease', async () => {
  const { world, nodes } = await seaOf(2);
  const [holder, reader] = nodes as [Sea, Sea];
  await holder.storage.lend({ quotaBytes: 3_000_000, leaseMsMax: DAY_MS });
  await world.run(5_000);
  const [found] = await world.until(reader.find('storage:holders'), 10_000);
  expect(readHolderRecord(found!.value)).toEqual({ roomBytes: 2_097_152, leaseMsMax: DAY_MS });
  await world.end();
}, 60_000);
