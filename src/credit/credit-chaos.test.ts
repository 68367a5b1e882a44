/**
 * Random work over a network that loses questions and answers, with restarts of the provider: whatever happens, each
 * accepted part is paid exactly once and the provider never has more at risk than its line.
 */

import { expect, it } from 'vitest';
import { SeaError } from '../base/errors.ts';
import { below, pick } from '../base/random.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { input, noSignal, type TestNode, TestPart, TestSea } from './testing/test-sea.ts';

const PRICE = 5n;
const LINE = 2n * 4n * PRICE; // of two slots
const STEPS = 150;
const seeds = Array.from({ length: 12 }, (_, i) => i + 1);

it.each(seeds)('seed %i', async seed => {
  const random = new SeededRandom(`credit chaos ${seed}`);
  const sea = new TestSea();
  let { requester, provider } = await sea.pair(PRICE, 100_000n, { slots: 2 });
  const pursers = [sea.hire(requester), sea.hire(requester)];
  for (const purser of pursers) await purser.agree(provider.address, noSignal);
  let loss = 0;
  const isLost = (scope: string): boolean => scope.startsWith('credit:') && below(random, 100) < loss;
  sea.network.swallow = ({ scope }) => isLost(scope);
  sea.network.tamper = ({ scope }, answer) => {
    if (isLost(scope)) throw new SeaError('TIMEOUT', 'the answer is lost');
    return answer;
  };
  const open: TestPart[] = [];
  let accepted = 0n;
  const start = (): void => {
    const purser = pick(random, pursers)!;
    if (!purser.mayStart(provider.address)) return;
    try {
      open.push(new TestPart(sea, purser, requester, provider));
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/CREDIT_LINE|PAYMENT_REQUIRED/) });
    }
  };
  const finish = (): void => {
    const part = open.splice(below(random, open.length), 1)[0];
    if (part === undefined) return;
    const fate = below(random, 10);
    if (fate < 7) {
      part.accept();
      accepted += PRICE;
    } else if (fate < 8) {
      part.charge.computed(input);
      part.end();
    } else {
      part.charge.dropped();
      part.end();
    }
  };
  const restart = async (): Promise<void> => {
    provider.scope.close();
    const again: TestNode = await sea.node(provider.device);
    again.credit.setSlots(2);
    provider = again;
    sea.network.breakCalls(requester.address, provider.address);
    for (const part of open.splice(0)) part.end();
    requester.credit.linkOpened(provider.address);
  };
  for (let step = 0; step < STEPS; step++) {
    const dice = below(random, 20);
    if (dice < 9) start();
    else if (dice < 15) finish();
    else if (dice < 17) await sea.pass(below(random, 20_000), 500);
    else if (dice < 18) loss = pick(random, [0, 0, 0, 20, 60])!;
    else if (dice < 19)
      await Promise.race([
        pick(random, pursers)!
          .agree(provider.address, noSignal)
          .catch(() => {}),
        sea.pass(500),
      ]);
    else if (below(random, 4) === 0) await restart();
    expect(provider.unpaid).toBeLessThanOrEqual(LINE);
    expect(requester.credit.status().spent).toBeLessThanOrEqual(accepted);
  }
  loss = 0;
  for (const part of open.splice(0)) {
    part.charge.dropped();
    part.end();
  }
  for (let i = 0; i < 5; i++) {
    requester.credit.linkOpened(provider.address);
    await sea.pass(12_000, 500);
  }
  expect(requester.credit.status()).toMatchObject({ owedByMe: 0n, spent: accepted });
  expect(provider.credit.status().earned).toBe(accepted);
  expect(pursers[0]!.cost + pursers[1]!.cost).toBe(accepted);
});
