/**
 * Terms that change at random under work that goes on: prices, gifts, purses, redemptions, looks, links and restarts. Both
 * sides always mean the same, so no settlement is refused for what it says; and in the end what is asked is agreed on and paid.
 */

import { expect, it } from 'vitest';
import { isSeaError } from '../base/errors.ts';
import { below, pick } from '../base/random.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import type { Purser } from './payment.ts';
import { noSignal, PAYER, type TestNode, TestPart, TestSea } from './testing/test-sea.ts';

const STEPS = 120;
const seeds = Array.from({ length: 9 }, (_, i) => i + 9); // 17: a look at the price once overdrew a purse

it.each(seeds)(
  'seed %i',
  async seed => {
    const random = new SeededRandom(`terms chaos ${seed}`);
    const sea = new TestSea();
    const { requester, provider: first } = await sea.pair(5n, 1_000n, { slots: 2 });
    let provider: TestNode = first;
    const keys = [
      (await requester.credit.purse())!.key,
      await sea.fund(requester, 300n),
      await sea.fund(requester, 2n),
    ];
    await requester.credit.usePurse({ payer: PAYER, key: keys[0]!, priceMax: 100n });
    let purser: Purser = sea.hire(requester, { priceMax: 100n });
    let computed = 0;

    const agree = async (): Promise<void> => {
      await sea.pass(1_100, 1_100);
      await purser.agree(provider.address, noSignal).catch((error: unknown) => {
        if (!isSeaError(error)) throw error;
        expect(['CREDIT_LINE', 'PURSE_EMPTY', 'PAYMENT_REQUIRED', 'CHAIN_FAILED', 'OVERLOADED']).toContain(error.code);
      });
    };
    const work = async (): Promise<void> => {
      if (!purser.hasTerms(provider.address)) await agree();
      for (let part = 0; part < 3 && purser.mayStart(provider.address); part++) {
        try {
          new TestPart(sea, purser, requester, provider).accept();
          computed++;
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/CREDIT_LINE|PAYMENT_REQUIRED/) });
          await agree();
        }
      }
      await sea.pass(pick(random, [0, 100, 500, 6_000])!, 500);
    };
    const actions: (() => Promise<unknown>)[] = [
      () => provider.credit.ask({ part: pick(random, [0n, 3n, 5n])!, free: below(random, 2) === 0 }),
      () => requester.credit.usePurse({ payer: PAYER, key: pick(random, keys)!, priceMax: 100n }),
      () => requester.credit.usePurse(undefined),
      () => requester.credit.quote(provider.address).catch(() => {}), // too often, or there is nothing to be had
      async () => {
        sea.ledger.isDown = !sea.ledger.isDown;
      },
      async () => {
        for (const voucher of await provider.credit.vouchers()) sea.ledger.redeem(voucher);
      },
      async () => {
        purser = sea.hire(requester, { priceMax: 100n });
      },
      async () => {
        for (const [a, b] of [
          [requester, provider],
          [provider, requester],
        ] as const)
          a.credit.linkOpened(b.address);
      },
      async () => {
        await sea.pass(11_000, 1_000); // a provider that starts again with parts on its books has forgotten them
        provider.scope.close();
        provider = await sea.node(provider.device);
        provider.credit.setSlots(2);
        requester.credit.linkOpened(provider.address);
      },
      () => sea.pass(pick(random, [2_000, 30_000, 500_000])!, 5_000),
    ];
    for (let step = 0; step < STEPS; step++) {
      await work();
      if (below(random, 3) === 0) await pick(random, actions)!();
    }

    sea.ledger.isDown = false;
    const key = await sea.fund(requester, 10_000n, 100n);
    await provider.credit.ask({ part: 5n, free: true });
    await sea.pass(60_000, 1_000);
    purser = sea.hire(requester, { priceMax: 100n });
    await agree();
    const before = provider.credit.status().given;
    for (let part = 0; part < 4; part++) new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(10_000, 500);
    const { given } = provider.credit.status();
    expect([given.paid - before.paid, given.gifts - before.gifts]).toEqual([4, 0]);
    expect(await requester.credit.purse()).toMatchObject({ key });
    expect(requester.credit.status().owedByMe).toBe(0n);
    expect(sea.network.refusals.filter(refusal => refusal.startsWith('credit:settle'))).toEqual([]);
    expect(computed).toBeGreaterThan(0);
  },
  30_000,
);
