/** Maps that pay: whole production nodes in the simulator, whose runners follow a script. */

import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import '../blocks/contents.ts'; // at hand when they are wanted: virtual time waits for no file system
import '../compute/computing.ts';
import { increments, type Script, ScriptedRunner } from '../compute/testing/scripted-runner.ts';
import { echoTask } from '../compute/testing/wasm-parts.ts';
import type { Sea } from '../sea.ts';
import { World } from '../sim/world.ts';
import { TestLedger } from './testing/test-ledger.ts';
import { PAYER } from './testing/test-sea.ts';

const ENTRY = 'ws://entry';
const PRICE = 7n;

interface Scene {
  readonly world: World;
  readonly ledger: TestLedger;
  readonly requester: Sea;
  readonly providers: readonly Sea[];
}

/** A requester with a purse of `deposit`, and a provider of two slots for each script. */
async function scene(seed: string, deposit: bigint, scripts: readonly Script[]): Promise<Scene> {
  const world = new World(seed, () => setImmediate());
  const ledger = new TestLedger();
  const entry = await world.addNode({ listenUrl: ENTRY });
  await entry.sea.goOnline([]);
  const add = async (script: Script): Promise<Sea> => {
    const runner = new ScriptedRunner(world.clock, script);
    const { sea } = await world.addNode({ platform: { ledger, runner } });
    await sea.credit.load();
    await world.until(sea.goOnline([ENTRY]), 20_000);
    return sea;
  };
  const requester = await add(increments(50));
  const providers: Sea[] = [];
  for (const script of scripts) {
    const sea = await add(script);
    await sea.credit.ask({ part: PRICE });
    sea.contribute({ slots: 2 });
    providers.push(sea);
  }
  const key = await requester.credit.newSessionKey();
  ledger.set(PAYER, key, { free: deposit });
  await requester.credit.usePurse({ payer: PAYER, key });
  await world.run(10_000);
  return { world, ledger, requester, providers };
}

const inputs = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => Uint8Array.of(i));

async function gather(map: AsyncIterable<{ output: Uint8Array }>): Promise<number[]> {
  const outputs: number[] = [];
  for await (const { output } of map) outputs.push(output[0]!);
  return outputs;
}

async function earnings(providers: readonly Sea[]): Promise<bigint[]> {
  return Promise.all(
    providers.map(async ({ credit }) => (await credit.vouchers()).reduce((sum, it) => sum + it.cumulative, 0n)),
  );
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

describe('a map', () => {
  it('pays for exactly the accepted parts, and what it costs is what they earn', async () => {
    const { world, requester, providers } = await scene(
      'paid',
      10_000n,
      [1, 2, 3].map(() => increments(40)),
    );
    let cost = 0n;
    const map = requester.map(echoTask(), inputs(60), {
      priceMax: PRICE,
      onProgress: progress => {
        cost = progress.cost;
      },
    });
    expect(await world.until(gather(map), 60_000)).toEqual(inputs(60).map(([i]) => i! + 1));
    await world.run(3_000);
    const earned = await earnings(providers);
    expect(sum(earned)).toBe(requester.credit.status().spent);
    expect(cost).toBeGreaterThanOrEqual(60n * PRICE);
    const { taken, owedByMe } = requester.credit.status();
    expect([sum(earned), owedByMe]).toEqual([BigInt(taken.paid) * PRICE, 0n]);
    expect(taken.paid).toBeGreaterThanOrEqual(60); // copies at the tail that came to the same are paid too
    expect(taken.paid).toBeLessThanOrEqual(66);
    for (const { credit } of providers) expect(credit.status().given.paid).toBeGreaterThan(5);
    await world.end();
  }, 60_000);

  it('does not pay a wrong result', async () => {
    const wrong: Script = input => ({ afterMs: 40, outcome: input.map(byte => byte + 2) });
    const { world, requester, providers } = await scene('wrong', 10_000n, [
      increments(40),
      increments(40),
      increments(40),
      wrong,
    ]);
    const map = requester.map(echoTask(), inputs(40), { priceMax: PRICE, redundancy: 2 });
    expect(await world.until(gather(map), 120_000)).toEqual(inputs(40).map(([i]) => i! + 1));
    await world.run(3_000);
    const earned = await earnings(providers);
    expect(earned[3]).toBe(0n);
    expect(sum(earned)).toBeGreaterThanOrEqual(2n * 40n * PRICE);
    await world.end();
  }, 60_000);

  it('whose requester vanishes costs each provider its line at most', async () => {
    const { world, requester, providers } = await scene(
      'vanished',
      10_000n,
      [1, 2, 3].map(() => increments(100)),
    );
    const results = requester.map(echoTask(), inputs(200), { priceMax: PRICE })[Symbol.asyncIterator]();
    for (let i = 0; i < 30; i++) await world.until(results.next(), 20_000);
    const index = world.nodes.findIndex(({ sea }) => sea === requester);
    world.network.kill(world.nodes[index]!.host);
    await world.run(180_000);
    const line = 2n * 4n * PRICE; // of two slots
    for (const { credit } of providers) {
      expect(credit.status().earned).toBeGreaterThan(0n);
      const { atRisk, unredeemed } = credit.status();
      expect(atRisk - unredeemed).toBeLessThanOrEqual(line);
    }
    await world.end();
  }, 60_000);

  it('stops at its budget', async () => {
    const { world, requester, providers } = await scene('budget', 10_000n, [increments(40), increments(40)]);
    const map = requester.map(echoTask(), inputs(60), { budget: 20n * PRICE });
    await expect(world.until(gather(map), 60_000)).rejects.toMatchObject({ code: 'BUDGET_SPENT' });
    await world.run(3_000);
    expect(sum(await earnings(providers))).toBeLessThanOrEqual(20n * PRICE);
    expect(requester.credit.status().spent).toBeLessThanOrEqual(20n * PRICE);
    expect(sum(await earnings(providers))).toBeGreaterThan(10n * PRICE);
    await world.end();
  }, 60_000);

  it('ends when the purse is spent, or when so much of it is held unredeemed that no more is trusted', async () => {
    const { world, ledger, requester, providers } = await scene('spent', 5n * PRICE, [increments(40)]);
    const spent = requester.map(echoTask(), inputs(20), { priceMax: PRICE });
    await expect(world.until(gather(spent), 60_000)).rejects.toMatchObject({ code: 'PURSE_EMPTY' });
    expect(await earnings(providers)).toEqual([5n * PRICE]);
    const { payer, key } = (await requester.credit.purse())!;
    ledger.set(payer, key, { free: 600n * PRICE }); // topped up
    await world.run(11_000);
    const many = Array.from({ length: 200 }, (_, i) => Uint8Array.of(i));
    const held = requester.map(echoTask(), many, { priceMax: PRICE });
    await expect(world.until(gather(held), 60_000)).rejects.toMatchObject({ code: 'CREDIT_LINE' });
    expect(await earnings(providers)).toEqual([150n * PRICE]);
    const [voucher] = await providers[0]!.credit.vouchers();
    ledger.redeem(voucher!);
    await providers[0]!.credit.redeemed(voucher!);
    const next = requester.map(echoTask(), inputs(50), { priceMax: PRICE });
    expect(await world.until(gather(next), 60_000)).toHaveLength(50);
    await world.end();
  }, 60_000);

  it('goes on with those who give when the paid one must redeem first, pays again after that, and gives no gift to who pays', async () => {
    const { world, ledger, requester, providers } = await scene('redeem', 600n * PRICE, [
      increments(40),
      increments(2_000),
      increments(2_000),
    ]);
    const [paid, ...free] = providers;
    await paid!.credit.ask({ part: PRICE, free: true });
    for (const { credit } of free) await credit.ask({ part: 0n });
    const many = Array.from({ length: 250 }, (_, i) => Uint8Array.of(i));
    const work = gather(requester.map(echoTask(), many, { priceMax: PRICE }));
    await world.run(25_000);
    expect(await earnings(providers)).toEqual([150n * PRICE, 0n, 0n]); // a fourth of the purse
    expect(paid!.credit.status()).toMatchObject({ redeemFirst: true, given: { gifts: 0 } });
    const given = (): number[] => free.map(({ credit }) => credit.status().given.gifts);
    const before = given();
    await world.run(10_000);
    for (const [i, count] of given().entries()) expect(count).toBeGreaterThan(before[i]! + 3);
    ledger.redeem((await paid!.credit.vouchers())[0]!); // by another device
    await world.run(6_000);
    expect((await earnings(providers))[0]).toBeGreaterThan(160n * PRICE);
    expect(await world.until(work, 60_000)).toHaveLength(250);
    await world.run(10_000);
    expect(paid!.credit.status().given.gifts).toBe(0);
    expect(requester.credit.status().owedByMe).toBe(0n);
    await world.end();
  }, 60_000);

  it('without a purse is told what is asked, and runs where work is given away', async () => {
    const { world, requester, providers } = await scene('gifts', 0n, [increments(40), increments(40)]);
    await requester.credit.usePurse(undefined);
    const map = requester.map(echoTask(), inputs(10), {});
    await expect(world.until(gather(map), 60_000)).rejects.toMatchObject({ code: 'PAYMENT_REQUIRED' });
    await providers[0]!.credit.ask({ part: PRICE, free: true });
    const again = requester.map(echoTask(), inputs(10), {});
    expect((await world.until(gather(again), 60_000)).length).toBe(10);
    await world.run(3_000);
    expect(providers[0]!.credit.status().given).toEqual({ paid: 0, gifts: 10 });
    await providers[0]!.credit.ask({ part: PRICE, free: false }); // and no more from now on
    const third = requester.map(echoTask(), inputs(10), {});
    await expect(world.until(gather(third), 60_000)).rejects.toMatchObject({ code: 'PAYMENT_REQUIRED' });
    expect(await earnings(providers)).toEqual([0n, 0n]);
    await world.end();
  }, 60_000);
});

describe('limits of what is paid', () => {
  const warningsOf = async (
    requester: Sea,
    world: World,
    limits: Parameters<Sea['map']>[2],
  ): Promise<readonly (readonly [string, string])[]> => {
    const told: [string, string][] = [];
    const forget = requester.on('warning', ({ code, message }) => told.push([code, message]));
    expect(await world.until(gather(requester.map(echoTask(), inputs(2), limits)), 60_000)).toEqual([1, 2]);
    forget();
    return told;
  };

  it('are told to pay nobody, once for a map, where there is no purse', async () => {
    const { world, requester, providers } = await scene('limits', 10_000n, [increments(40)]);
    await providers[0]!.credit.ask({ part: PRICE, free: true });
    expect(await warningsOf(requester, world, { priceMax: PRICE, budget: 100n })).toEqual([]);
    await requester.credit.usePurse(undefined);
    const paysNobody = [
      'PAYMENT_REQUIRED',
      'PAYMENT_REQUIRED: priceMax and budget pay nobody: PAYMENT_REQUIRED: no purse is in use',
    ];
    expect(await warningsOf(requester, world, { priceMax: PRICE })).toEqual([paysNobody]);
    expect(await warningsOf(requester, world, { budget: 100n })).toEqual([paysNobody]);
    expect(await warningsOf(requester, world, { priceMax: 0n })).toEqual([]);
    expect(await warningsOf(requester, world, {})).toEqual([]);
    await world.end();
  }, 60_000);

  it('likewise where no chain is known', async () => {
    const { world, providers } = await scene('limits without a chain', 10_000n, [increments(40)]);
    await providers[0]!.credit.ask({ part: 0n });
    const { sea } = await world.addNode();
    await world.until(sea.goOnline([ENTRY]), 20_000);
    expect(await warningsOf(sea, world, { budget: 100n })).toEqual([
      ['NO_CHAIN', 'NO_CHAIN: priceMax and budget pay nobody: NO_CHAIN: no chain is known'],
    ]);
    await world.end();
  }, 60_000);
});
