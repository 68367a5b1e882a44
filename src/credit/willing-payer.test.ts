/** Who can pay and wants to, pays: whatever was agreed before, redeemed where, chosen since, or refused once. */

import { describe, expect, it } from 'vitest';
import { type ErrorCode, SeaError } from '../base/errors.ts';
import { readSettleRequest } from './messages.ts';
import type { Purser } from './payment.ts';
import { noSignal, output, PAYER, type TestNode, TestPart, TestSea } from './testing/test-sea.ts';

const failing = (code: ErrorCode): unknown => expect.objectContaining({ code });

interface Scene {
  readonly sea: TestSea;
  readonly requester: TestNode;
  readonly provider: TestNode;
  readonly purser: Purser;
}

/** A provider that asks 5 and gives to those who cannot pay; a requester with so much in its purse. */
async function scene(deposit: bigint): Promise<Scene> {
  const sea = new TestSea();
  const { requester, provider } = await sea.pair(0n, deposit);
  await provider.credit.ask({ part: 5n, free: true });
  return { sea, requester, provider, purser: sea.hire(requester, { priceMax: 100n }) };
}

/** Has parts computed and paid for, two at a time. */
async function work({ sea, requester, provider, purser }: Scene, parts: number): Promise<void> {
  for (let done = 0; done < parts; done += 2) {
    for (const _ of [1, 2]) new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
  }
}

const agree = ({ purser, provider }: Scene): Promise<void> => purser.agree(provider.address, noSignal);

describe('where work is given to those who cannot pay', () => {
  it('a purse of which too much is held unredeemed makes nobody a taker of gifts: CREDIT_LINE, until it is redeemed by whomever', async () => {
    const it = await scene(2_000n);
    const { sea, requester, provider, purser } = it;
    await agree(it);
    await work(it, 100); // a fourth is held
    expect(() => new TestPart(sea, purser, requester, provider)).toThrow(/PAYMENT_REQUIRED/);
    await sea.pass(2_000);
    await expect(agree(it)).rejects.toEqual(failing('CREDIT_LINE'));
    expect([purser.hasTerms(provider.address), purser.mayStart(provider.address)]).toEqual([false, false]);
    const other = sea.hire(requester, { priceMax: 100n }); // of the next map
    await expect(other.agree(provider.address, noSignal)).rejects.toEqual(failing('CREDIT_LINE'));
    expect(provider.credit.status()).toMatchObject({ earned: 500n, redeemFirst: true, given: { paid: 100, gifts: 0 } });

    sea.ledger.isDown = true;
    await sea.pass(2_000);
    await expect(agree(it)).rejects.toEqual(failing('CREDIT_LINE')); // what the chain said last holds
    sea.ledger.isDown = false;
    sea.ledger.redeem((await provider.credit.vouchers())[0]!); // elsewhere: nobody tells the provider
    await sea.pass(1_100);
    await agree(it);
    await work(it, 2);
    expect(provider.credit.status()).toMatchObject({ earned: 510n, unredeemed: 10n, given: { paid: 102, gifts: 0 } });
    expect(provider.credit.status().redeemFirst).toBeUndefined();
  });

  it('what was redeemed in another lane counts as soon', async () => {
    const it = await scene(2_000n);
    const { sea, requester, provider } = it;
    const guest = await sea.node({ ...requester.device, number: 8 }, { guest: true });
    const purser = sea.hire(guest, { priceMax: 100n });
    await purser.agree(provider.address, noSignal);
    await work({ ...it, requester: guest, purser }, 100);
    await expect(agree(it)).rejects.toEqual(failing('CREDIT_LINE'));
    sea.ledger.redeem((await provider.credit.vouchers())[0]!);
    await sea.pass(1_100);
    await agree(it);
    await work(it, 2);
    expect((await provider.credit.vouchers()).map(({ cumulative }) => cumulative)).toEqual([10n, 500n]);
  });

  it.each(['usePurse', 'top up'])('a purse that can pay from now on pays from now on: %s', async how => {
    const it = await scene(how === 'usePurse' ? 0n : 3n);
    const { sea, requester, provider, purser } = it;
    await agree(it);
    expect(new TestPart(sea, purser, requester, provider).charge.paid).toBe(false);
    if (how === 'usePurse') await sea.fund(requester, 1_000n);
    else sea.ledger.set(PAYER, (await requester.credit.purse())!.key, { free: 1_000n });
    if (how === 'usePurse') expect(purser.hasTerms(provider.address)).toBe(false);
    else await sea.pass(25_000);
    await agree(it);
    const next = sea.hire(requester, { priceMax: 100n });
    await next.agree(provider.address, noSignal);
    for (const each of [purser, next]) expect(new TestPart(sea, each, requester, provider).charge.paid).toBe(true);
  });

  it('a purse that is chosen again, at another price or after another, goes on where it was: what is owed from it adds up', async () => {
    const it = await scene(1_000n);
    const { sea, requester, provider, purser } = it;
    const { key } = (await requester.credit.purse())!;
    const other = await sea.fund(requester, 1_000n);
    const use = (chosen: string, priceMax: bigint): Promise<void> =>
      requester.credit.usePurse({ payer: PAYER, key: chosen, priceMax });
    const started: TestPart[] = [];
    for (const [chosen, priceMax] of [
      [key, 50n],
      [key, 60n],
      [other, 70n],
      [key, 80n],
    ] as const) {
      await use(chosen, priceMax);
      await sea.pass(1_000);
      await agree(it);
      started.push(new TestPart(sea, purser, requester, provider));
      if (started.length > 2) started.splice(0, 1)[0]!.accept(); // owed from the purse of two choices ago
    }
    for (const part of started) part.accept();
    await sea.pass(2_000);
    await agree(it);
    await work(it, 2);
    const sums = (await provider.credit.vouchers()).map(({ key: of, cumulative }) => [of, cumulative]);
    expect(sums).toEqual([
      [key, 25n],
      [other, 5n],
    ]);
    expect([provider.unpaid, requester.credit.status().owedByMe]).toEqual([0n, 0n]);
    expect(requester.credit.status().spent).toBe(25n);
    await use(key, 4n); // holds for what was agreed already, too
    await expect(sea.hire(requester).agree(provider.address, noSignal)).rejects.toEqual(failing('PRICE_TOO_HIGH'));
  });

  it('a price that is asked from now on is paid from now on by who has a purse', async () => {
    const it = await scene(1_000n);
    const { sea, requester, provider, purser } = it;
    await provider.credit.ask({ part: 0n });
    await agree(it);
    await provider.credit.ask({ part: 5n, free: true });
    expect(() => new TestPart(sea, purser, requester, provider)).toThrow(/PAYMENT_REQUIRED/);
    await sea.pass(1_000);
    await agree(it);
    expect(new TestPart(sea, purser, requester, provider).charge.paid).toBe(true);
  });
});

describe('what one side takes for a gift', () => {
  it('the other never takes for paid work: where gifts end, older terms do not come back', async () => {
    const it = await scene(1_000n);
    const { sea, requester, provider, purser } = it;
    await agree(it);
    await work(it, 2);
    const { key } = (await requester.credit.purse())!;
    await requester.credit.usePurse(undefined);
    await agree(it); // gifts from now on
    new TestPart(sea, purser, requester, provider).accept();
    await provider.credit.ask({ part: 5n, free: false });
    expect(() => new TestPart(sea, purser, requester, provider)).toThrow(/PAYMENT_REQUIRED/);
    await requester.credit.usePurse({ payer: PAYER, key, priceMax: 100n });
    await sea.pass(6_000); // the gift is settled
    await agree(it);
    await work(it, 2);
    expect(provider.credit.status()).toMatchObject({ earned: 20n, given: { paid: 4, gifts: 1 } });
    expect([provider.unpaid, requester.credit.status().owedByMe]).toEqual([0n, 0n]);
  });

  it('nor when the promise of gifts has run out before the older one', async () => {
    const it = await scene(1_000n);
    const { sea, requester, provider, purser } = it;
    await agree(it);
    sea.ledger.isDown = true;
    await sea.pass(11_000); // what the chain said is no longer believed
    expect(await requester.credit.quote(provider.address)).toMatchObject({ gift: true, validMs: 20_000 });
    await sea.pass(51_000);
    expect(() => new TestPart(sea, purser, requester, provider)).toThrow(/PAYMENT_REQUIRED/);
  });

  it('is settled as it was agreed, however often the price was looked at since', async () => {
    const it = await scene(1_000n);
    const { sea, requester, provider, purser } = it;
    await agree(it);
    sea.ledger.isDown = true;
    await sea.pass(11_000);
    sea.network.tamper = (_call, answer) => {
      sea.network.tamper = (_, other) => other;
      for (const _ of [1, 2]) new TestPart(sea, purser, requester, provider).accept(); // paid, as far as the requester knows
      return answer;
    };
    for (let look = 0; look < 4; look++) await requester.credit.quote(provider.address);
    await sea.pass(500);
    expect(provider.credit.status()).toMatchObject({ earned: 10n, given: { paid: 2, gifts: 0 } });
    expect(requester.credit.status()).toMatchObject({ owedByMe: 0n, spent: 10n });
  });
});

describe('who looks at a price', () => {
  it('goes by it from now on, as the other does: what is given is not paid for, and no purse is overdrawn', async () => {
    const it = await scene(12n);
    const { sea, requester, provider, purser } = it;
    await agree(it);
    await provider.credit.ask({ part: 0n });
    expect(await requester.credit.quote(provider.address)).toMatchObject({ gift: true });
    expect(purser.hasTerms(provider.address)).toBe(false);
    await agree(it);
    for (let part = 0; part < 4; part++) new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(6_000);
    expect(sea.network.refusals).toEqual([]);
    expect([provider.credit.status().given, purser.cost]).toEqual([{ paid: 0, gifts: 4 }, 0n]);
  });

  it('keeps what was agreed where that is still asked, and where nothing else is offered', async () => {
    const it = await scene(1_000n);
    const { requester, provider, purser } = it;
    await agree(it);
    await requester.credit.quote(provider.address);
    expect(purser.mayStart(provider.address)).toBe(true);
    const stranger = await it.sea.node(it.sea.device(3));
    const gifts = it.sea.hire(stranger);
    await gifts.agree(provider.address, noSignal);
    await provider.credit.ask({ part: 5n, free: false });
    expect(await stranger.credit.quote(provider.address)).toMatchObject({ gift: false, part: 5n });
    expect(gifts.mayStart(provider.address)).toBe(true);
  });
});

describe('a purse that has run low', () => {
  /** Two parts are owed, and somebody else has taken what the purse held but for `left`. */
  const drained = async (left: bigint): Promise<Scene & { readonly key: string }> => {
    const it = await scene(1_000n);
    await agree(it);
    const { key } = (await it.requester.credit.purse())!;
    await it.sea.pass(11_000);
    it.sea.ledger.set(PAYER, key, { free: left });
    for (const _ of [1, 2]) new TestPart(it.sea, it.purser, it.requester, it.provider).accept();
    await it.sea.pass(6_000);
    return { ...it, key };
  };

  it('pays for nothing by being sent the same voucher again', async () => {
    const { requester, provider } = await drained(7n);
    expect(provider.credit.status()).toMatchObject({ given: { paid: 0, gifts: 0 } });
    expect([provider.unpaid, requester.credit.status().owedByMe]).toEqual([10n, 10n]);
  });

  it('that was filled pays at once, whatever of it was redeemed meanwhile, and nothing twice', async () => {
    const it = await drained(7n);
    const { sea, requester, provider, key } = it;
    expect(sea.ledger.redeem((await provider.credit.vouchers())[0]!)).toBe(7n);
    sea.ledger.set(PAYER, key, { free: 100n });
    await sea.pass(1_000);
    await agree(it);
    await work(it, 2);
    expect(provider.credit.status()).toMatchObject({ earned: 20n, given: { paid: 4, gifts: 0 } });
    expect(requester.credit.status()).toMatchObject({ owedByMe: 0n, spent: 20n });
    expect(sea.ledger.redeem((await provider.credit.vouchers())[0]!)).toBe(13n);
  });

  it('is looked at again before it is said to be empty', async () => {
    const it = await scene(10n);
    const { sea, requester, provider, purser } = it;
    await agree(it);
    const { key } = (await requester.credit.purse())!;
    const parts = [1, 2].map(() => new TestPart(sea, purser, requester, provider));
    await sea.pass(11_000);
    sea.ledger.set(PAYER, key, { free: 4n }); // drained by another
    await requester.credit.quote(provider.address);
    sea.ledger.set(PAYER, key, { free: 50n });
    await sea.pass(1_500);
    for (const part of parts) part.accept();
    await sea.pass(500);
    expect(sea.network.refusals.filter(refusal => refusal.startsWith('credit:settle'))).toEqual([]);
    expect(provider.credit.status()).toMatchObject({ earned: 10n, given: { paid: 2 } });
  });

  it('pays in full what is left in it to who has lost the vouchers that it was redeemed by', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 15n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    await work({ sea, requester, provider, purser }, 2);
    sea.ledger.redeem((await provider.credit.vouchers())[0]!);
    const file = await provider.credit.exportPayKey('secret');
    provider.scope.close();
    const bare = await sea.node(sea.device(provider.device.number));
    await bare.credit.importPayKey(file, 'secret');
    await bare.credit.ask({ part: 5n });
    requester.credit.linkOpened(bare.address);
    await sea.pass(2_000);
    await purser.agree(bare.address, noSignal);
    new TestPart(sea, purser, requester, bare).accept();
    await sea.pass(500);
    expect((await bare.credit.vouchers())[0]!.cumulative).toBe(15n);
    expect(sea.network.refusals).toEqual([]);
    expect([bare.unpaid, requester.credit.status().owedByMe]).toEqual([0n, 0n]);
  }, 20_000);
});

describe('a refused settlement', () => {
  it('is given up when no terms help, and ends nothing: what can be settled is, and work goes on', async () => {
    const it = await scene(1_000n);
    const { sea, requester, provider, purser } = it;
    await provider.credit.ask({ part: 0n });
    await agree(it);
    const gift = new TestPart(sea, purser, requester, provider);
    gift.accept();
    await provider.credit.ask({ part: 5n });
    await sea.pass(1_000);
    await agree(it);
    new TestPart(sea, purser, requester, provider).accept();
    // The provider does not know the gift as the requester does: it goes with the paid one, then by itself.
    sea.network.tamper = ({ scope, body }, answer) => {
      if (scope === 'credit:settle' && readSettleRequest(body).accepted.some(({ price }) => price === 0n))
        throw new SeaError('BAD_VOUCHER', 'a part that was not computed here with this output at this price');
      return answer;
    };
    await sea.pass(3_000);
    expect(requester.credit.status()).toMatchObject({ owedByMe: 0n, spent: 5n });
    await agree(it);
    await work(it, 4);
    expect((await provider.credit.vouchers())[0]!.cumulative).toBe(25n);
    expect([provider.unpaid, requester.credit.status().owedByMe]).toEqual([0n, 0n]);
  });
});

it('a requester that forgets what it owes, time and again, costs no more than a line an hour, and is not shut out for ever', async () => {
  const { sea, requester, provider } = await scene(1_000n);
  let node = requester;
  const startAgain = async (): Promise<Purser> => {
    node.scope.close();
    node = await sea.node(requester.device);
    provider.credit.linkOpened(node.address);
    const purser = sea.hire(node, { priceMax: 100n });
    await purser.agree(provider.address, noSignal);
    return purser;
  };
  const computeUnpaid = async (): Promise<number> => {
    for (let lost = 0; ; lost++) {
      const purser = await startAgain();
      await sea.pass(2_000, 1_000);
      try {
        new TestPart(sea, purser, node, provider).charge.computed(output);
      } catch (error) {
        expect(error).toEqual(failing('CREDIT_LINE'));
        return lost;
      }
    }
  };
  expect(await computeUnpaid()).toBe(4); // the line
  await sea.pass(3_500_000, 10_000);
  expect(await computeUnpaid()).toBe(0);
  await sea.pass(100_000, 10_000);
  const purser = await startAgain();
  await work({ sea, requester: node, provider, purser }, 4);
  expect((await provider.credit.vouchers())[0]!.cumulative).toBe(20n);
  expect(await computeUnpaid()).toBe(4);
  expect(provider.unpaid).toBe(20n);
});
