/** Lost answers, broken links and restarts of either side: nothing is paid twice, and nothing kept is lost. */

import { describe, expect, it } from 'vitest';
import { type ErrorCode, SeaError } from '../base/errors.ts';
import { input, noSignal, output, PAYER, TestPart, TestSea } from './testing/test-sea.ts';

const failing = (code: ErrorCode): unknown => expect.objectContaining({ code });
const settles = (sea: TestSea): unknown[] =>
  sea.network.calls.filter(({ scope }) => scope === 'credit:settle').map(({ body }) => body.value);

describe('a settlement', () => {
  it.each(['question', 'answer'])('whose %s is lost is sent again as it was, and doubles nothing', async lost => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    let drops = 2;
    if (lost === 'question') sea.network.swallow = ({ scope }) => scope === 'credit:settle' && drops-- > 0;
    else
      sea.network.tamper = ({ scope }, answer) => {
        if (scope === 'credit:settle' && drops-- > 0) throw new SeaError('TIMEOUT', 'lost on the way');
        return answer;
      };
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(400);
    new TestPart(sea, purser, requester, provider).accept(); // waits for the first
    await sea.pass(40_000);
    expect((await provider.credit.vouchers())[0]!.cumulative).toBe(10n);
    expect([provider.unpaid, provider.credit.status().given.paid]).toEqual([0n, 2]);
    expect(requester.credit.status()).toMatchObject({ owedByMe: 0n, spent: 10n, taken: { paid: 2 } });
    expect((await requester.credit.receipts({ kind: 'taken' })).length).toBe(2);
  });

  it('that nobody answers is given up for now, and sent with the next link', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    sea.network.swallow = ({ scope }) => scope === 'credit:settle';
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(600_000, 1_000);
    const tries = settles(sea);
    expect(tries.length).toBe(6);
    expect(new Set(tries.map(body => JSON.stringify(body))).size).toBe(1);
    const closing = purser.close();
    await sea.pass(11_000);
    await closing;
    expect(requester.credit.status().owedByMe).toBe(5n);
    sea.network.swallow = () => false;
    requester.credit.linkOpened(provider.address);
    await sea.settle();
    expect(requester.credit.status().owedByMe).toBe(0n);
    expect((await provider.credit.vouchers())[0]!.cumulative).toBe(5n);
  });

  it('of two maps at once is one sum in one lane, and each has its own cost', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 10_000n, { slots: 4 });
    const pursers = [sea.hire(requester), sea.hire(requester)];
    for (const purser of pursers) await purser.agree(provider.address, noSignal);
    for (let round = 0; round < 20; round++) {
      for (const [i, purser] of pursers.entries())
        for (let n = 0; n <= i; n++) new TestPart(sea, purser, requester, provider).accept();
      await sea.pass(200);
    }
    await sea.pass(500);
    expect(pursers.map(({ cost }) => cost)).toEqual([100n, 200n]);
    expect((await provider.credit.vouchers()).map(({ cumulative }) => cumulative)).toEqual([300n]);
    expect(provider.unpaid).toBe(0n);
  });
});

describe('a provider that starts again', () => {
  it('has its key, its price, its vouchers and their sums; work goes on from there', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
    provider.scope.close();
    const again = await sea.node(provider.device);
    expect(await again.credit.asked()).toEqual({ part: 5n, egress: 0n, free: false });
    expect(await again.credit.payAddress()).toBe(await provider.credit.payAddress());
    expect(await again.credit.vouchers()).toEqual(await provider.credit.vouchers());
    expect(await again.credit.receipts({ kind: 'given' })).toEqual(await requester.credit.receipts({ kind: 'taken' }));
    requester.scope.close();
    const requesterAgain = await sea.node(requester.device);
    const nextPurser = sea.hire(requesterAgain);
    await nextPurser.agree(again.address, noSignal);
    new TestPart(sea, nextPurser, requesterAgain, again).accept();
    await sea.pass(500);
    expect((await again.credit.vouchers())[0]!.cumulative).toBe(10n);
    expect(requesterAgain.credit.status().spent).toBe(10n);
  });

  it('takes what it is still owed, though it knows the parts no more', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    sea.network.swallow = ({ scope }) => scope === 'credit:settle';
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
    provider.scope.close();
    const again = await sea.node(provider.device);
    sea.network.breakCalls(requester.address, provider.address);
    sea.network.swallow = () => false;
    requester.credit.linkOpened(provider.address);
    await sea.pass(5_000);
    expect((await again.credit.vouchers())[0]!.cumulative).toBe(5n);
    expect(requester.credit.status()).toMatchObject({ owedByMe: 0n, spent: 5n });
    expect(purser.mayStart(provider.address)).toBe(true);
    new TestPart(sea, purser, requester, again).accept();
    await sea.pass(500);
    expect((await again.credit.vouchers())[0]!.cumulative).toBe(10n);
  });

  it('is not taken for one that denies what it computed, though it was not heard since', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    new TestPart(sea, purser, requester, provider).accept();
    await sea.settle();
    provider.scope.close();
    const again = await sea.node(provider.device);
    await sea.unheard(
      (async () => {
        requester.credit.linkOpened(again.address); // it asks for new terms
        await sea.settle();
      })(),
    );
    await sea.pass(2_000);
    expect(again.credit.status()).toMatchObject({ earned: 5n, given: { paid: 0 } });
    await purser.agree(again.address, noSignal);
    expect(purser.mayStart(again.address)).toBe(true);
  });

  it.each([
    ['a purse that it was paid from before', 2],
    ['one that it never was', 1],
  ])('is paid what is owed from %s, though another is shown now', async (_, parts) => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const { key } = (await requester.credit.purse())!;
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    for (let part = 0; part < parts; part++) {
      sea.network.swallow = ({ scope }) => scope === 'credit:settle' && part === parts - 1;
      new TestPart(sea, purser, requester, provider).accept();
      await sea.pass(500);
    }
    const other = await sea.fund(requester, 1_000n);
    provider.scope.close();
    const again = await sea.node(provider.device);
    sea.network.breakCalls(requester.address, provider.address);
    sea.network.swallow = () => false;
    requester.credit.linkOpened(again.address);
    await sea.pass(5_000);
    const held = await again.credit.vouchers();
    expect(held).toMatchObject([{ key, cumulative: 5n * BigInt(parts) }]);
    expect(requester.credit.status().owedByMe).toBe(0n);
    expect((await requester.credit.purse())!.key).toBe(other);
    expect(sea.network.refusals.filter(refusal => refusal.endsWith('BAD_VOUCHER'))).toEqual([]);
  });

  it('and gives, for its chain does not answer, is paid later what it is owed from a purse that it knows', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(0n, 1_000n);
    await provider.credit.ask({ part: 5n, free: true });
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
    sea.network.swallow = ({ scope }) => scope === 'credit:settle';
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
    provider.scope.close();
    const again = await sea.node(provider.device);
    sea.network.breakCalls(requester.address, provider.address);
    sea.network.swallow = () => false;
    sea.ledger.isDown = true;
    requester.credit.linkOpened(again.address);
    await sea.pass(5_000);
    expect(requester.credit.status().owedByMe).toBe(5n); // nothing is written off
    sea.ledger.isDown = false;
    await sea.pass(60_000, 1_000);
    expect(requester.credit.status().owedByMe).toBe(0n);
    expect((await again.credit.vouchers())[0]!.cumulative).toBe(10n);
  });

  it('is paid to a key that it takes over under new terms; a voucher that is on its way is not signed anew', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const other = await sea.node(sea.device(5));
    const file = await other.credit.exportPayKey('secret');
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    const part = new TestPart(sea, purser, requester, provider);
    await provider.credit.importPayKey(file, 'secret');
    await expect(provider.credit.importPayKey(file, 'guess')).rejects.toEqual(failing('BAD_ARGUMENT'));
    part.accept();
    await sea.pass(2_000);
    expect(requester.credit.status()).toMatchObject({ owedByMe: 0n, spent: 5n });
    expect(purser.mayStart(provider.address)).toBe(true);
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
    const payee = await other.credit.payAddress();
    expect(await provider.credit.vouchers()).toMatchObject([{ payee, cumulative: 5n }]);
    expect(requester.credit.status()).toMatchObject({ owedByMe: 0n, spent: 10n });
  }, 30_000);

  it('and has forgotten the terms is asked again, though they would hold', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(0n, 0n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    await sea.pass(2_000);
    provider.scope.close();
    const again = await sea.node(provider.device);
    expect(() => new TestPart(sea, purser, requester, again)).toThrow(/PAYMENT_REQUIRED/);
    await purser.agree(provider.address, noSignal);
    new TestPart(sea, purser, requester, again).accept();
  });

  it('or whose disk is full acknowledges nothing that it has not written', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    const { smallStore } = provider.device;
    const set = smallStore.set.bind(smallStore);
    smallStore.set = () => Promise.reject(new SeaError('NO_STORAGE', 'full'));
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
    expect([provider.credit.status().earned, provider.unpaid]).toEqual([0n, 5n]);
    expect(requester.credit.status().owedByMe).toBe(5n);
    smallStore.set = set;
    await sea.pass(20_000, 500);
    expect([provider.credit.status().earned, provider.unpaid]).toEqual([5n, 0n]);
    expect(requester.credit.status()).toMatchObject({ owedByMe: 0n, spent: 5n });
  });

  it('and has lost its books counts on from what the chain has paid', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    for (let i = 0; i < 2; i++) new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
    sea.ledger.redeem((await provider.credit.vouchers())[0]!);
    const file = await provider.credit.exportPayKey('secret');
    provider.scope.close();
    const bare = await sea.node(sea.device(provider.device.number));
    await bare.credit.importPayKey(file, 'secret');
    await bare.credit.ask({ part: 5n });
    expect(await bare.credit.payAddress()).toBe(await provider.credit.payAddress());
    requester.credit.linkOpened(provider.address);
    const next = sea.hire(requester);
    await sea.pass(500_000, 10_000); // the old terms are renewed
    await next.agree(bare.address, noSignal);
    new TestPart(sea, next, requester, bare).accept();
    await sea.pass(500);
    expect((await bare.credit.vouchers())[0]!.cumulative).toBe(15n);
  }, 20_000);
});

describe('a requester that starts again', () => {
  it('without its books goes on from the voucher that the provider shows', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
    const { key } = (await requester.credit.purse())!;
    requester.scope.close();
    await requester.device.smallStore.delete(`credit-spent-${key.slice(2)}-0`);
    const again = await sea.node(requester.device);
    const next = sea.hire(again);
    await next.agree(provider.address, noSignal);
    new TestPart(sea, next, again, provider).accept();
    await sea.pass(500);
    expect((await provider.credit.vouchers())[0]!.cumulative).toBe(10n);
  });

  it('after a voucher that never arrived owes no more than it should', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    sea.network.swallow = ({ scope }) => scope === 'credit:settle';
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
    requester.scope.close();
    sea.network.swallow = () => false;
    const again = await sea.node(requester.device);
    expect(again.credit.status().spent).toBe(5n); // it was signed away
    const next = sea.hire(again);
    await next.agree(provider.address, noSignal);
    new TestPart(sea, next, again, provider).accept();
    await sea.pass(500);
    expect((await provider.credit.vouchers())[0]!.cumulative).toBe(5n);
    expect(provider.unpaid).toBe(5n); // what it forgot stays against its line
  });

  it('as a second process of its device pays in a lane of its own', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const guest = await sea.node({ ...requester.device, number: 8 }, { guest: true });
    for (const node of [requester, guest, requester, guest]) {
      const purser = sea.hire(node);
      await purser.agree(provider.address, noSignal);
      new TestPart(sea, purser, node, provider).accept();
      await purser.close();
    }
    const vouchers = await provider.credit.vouchers();
    expect(vouchers.map(({ cumulative }) => cumulative)).toEqual([10n, 10n]);
    expect(new Set(vouchers.map(({ lane }) => lane)).size).toBe(2);
    await expect(guest.credit.ask({ part: 1n })).rejects.toEqual(failing('NO_STORAGE'));
    expect(await guest.credit.asked()).toEqual({ part: 0n, egress: 0n, free: true });
  });
});

describe('prices', () => {
  it('that change hold for what was quoted, until new terms are had', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 10_000n);
    const purser = sea.hire(requester, { priceMax: 8n });
    await purser.agree(provider.address, noSignal);
    await provider.credit.ask({ part: 8n });
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
    expect(purser.cost).toBe(5n);
    // The provider has given new terms, which the requester does not know yet when it starts the next part.
    sea.network.tamper = (_call, answer) => {
      sea.network.tamper = (_, other) => other;
      new TestPart(sea, purser, requester, provider).accept();
      return answer;
    };
    await requester.credit.quote(provider.address);
    expect(purser.mayStart(provider.address)).toBe(false);
    await sea.pass(500);
    expect(purser.cost).toBe(10n);
    expect((await provider.credit.vouchers())[0]!.cumulative).toBe(10n);
    await purser.agree(provider.address, noSignal);
    await sea.pass(460_000, 10_000);
    expect(purser.mayStart(provider.address)).toBe(true); // and asks for new terms meanwhile
    await sea.settle();
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
    expect(purser.cost).toBe(18n);
    expect((await provider.credit.vouchers())[0]!.cumulative).toBe(18n);
    await provider.credit.ask({ part: 9n });
    await sea.pass(460_000, 10_000);
    purser.mayStart(provider.address);
    await sea.settle();
    expect(purser.mayStart(provider.address)).toBe(false);
    await expect(purser.agree(provider.address, noSignal)).rejects.toEqual(failing('PRICE_TOO_HIGH'));
  });

  it('are over when the provider is asked for new ones and not heard: it may go by others', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    provider.scope.close();
    sea.network.swallow = ({ scope }) => scope === 'credit:quote';
    await sea.pass(451_000, 10_000);
    expect(purser.mayStart(provider.address)).toBe(true); // and asks
    await sea.pass(9_000);
    expect(purser.mayStart(provider.address)).toBe(true);
    await sea.pass(2_000);
    expect(purser.mayStart(provider.address)).toBe(false);
  });

  it('are limited by the map, else by the purse, else by the budget, else nothing is paid', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 0n);
    const agree = (options: { priceMax?: bigint; budget?: bigint }): Promise<void> =>
      sea.hire(requester, options).agree(provider.address, noSignal);
    const key = await sea.fund(requester, 1_000n);
    await requester.credit.usePurse({ payer: PAYER, key });
    await expect(agree({ priceMax: 4n })).rejects.toEqual(failing('PRICE_TOO_HIGH'));
    await agree({ priceMax: 5n });
    await expect(agree({ budget: 4n })).rejects.toEqual(failing('PRICE_TOO_HIGH'));
    await agree({ budget: 5n });
    await expect(agree({})).rejects.toEqual(failing('PRICE_TOO_HIGH'));
  });

  it('are never beyond a budget, which is said to be spent when no part fits any more', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n, { slots: 8 });
    const purser = sea.hire(requester, { budget: 17n });
    await purser.agree(provider.address, noSignal);
    const parts: TestPart[] = [];
    while (purser.mayStart(provider.address)) parts.push(new TestPart(sea, purser, requester, provider));
    expect(parts.length).toBe(3);
    parts[0]!.accept();
    expect(purser.spent).toBe(false);
    expect(purser.mayStart(provider.address)).toBe(false);
    parts[1]!.charge.dropped();
    purser.ended(provider.address, parts[1]!.subtask);
    expect(purser.mayStart(provider.address)).toBe(false); // perhaps it was computed
    await sea.pass(500);
    expect(purser.mayStart(provider.address)).toBe(true);
    const last = new TestPart(sea, purser, requester, provider);
    for (const part of [parts[2]!, last]) part.accept();
    expect(purser.cost).toBe(15n);
    expect(purser.spent).toBe(true);
    expect(purser.mayStart(provider.address)).toBe(false);
  });

  it('need a chain; what is no amount is refused', async () => {
    const sea = new TestSea();
    const node = await sea.node(sea.device(1));
    await expect(node.credit.ask({ part: -1n })).rejects.toEqual(failing('BAD_ARGUMENT'));
    await expect(node.credit.ask({ part: 2n ** 96n })).rejects.toEqual(failing('BAD_ARGUMENT'));
    await expect(node.credit.ask({ part: 1 as unknown as bigint })).rejects.toEqual(failing('BAD_ARGUMENT'));
    node.ledger = undefined;
    await expect(node.credit.ask({ part: 1n })).rejects.toEqual(failing('NO_CHAIN'));
    await node.credit.ask({ part: 0n });
    const key = await node.credit.newSessionKey();
    await expect(node.credit.usePurse({ payer: PAYER, key })).rejects.toEqual(failing('NO_CHAIN'));
    await expect(node.credit.usePurse({ payer: 'nobody', key })).rejects.toEqual(failing('BAD_ARGUMENT'));
  });
});

it('a device that keeps nothing gives and takes gifts, and asks no money', async () => {
  const sea = new TestSea();
  const broken = sea.device(1);
  broken.smallStore = {
    get: () => Promise.reject(new SeaError('NO_STORAGE', 'no')),
    set: () => Promise.reject(new SeaError('NO_STORAGE', 'no')),
    delete: () => Promise.reject(new SeaError('NO_STORAGE', 'no')),
  };
  const provider = await sea.node(broken);
  const requester = await sea.node(sea.device(2));
  await expect(provider.credit.ask({ part: 1n })).rejects.toEqual(failing('NO_STORAGE'));
  const purser = sea.hire(requester);
  await purser.agree(provider.address, noSignal);
  new TestPart(sea, purser, requester, provider).accept();
  await purser.close();
  expect(requester.credit.status().taken).toEqual({ paid: 0, gifts: 1 });
});

it('a node computes for itself without any books', async () => {
  const sea = new TestSea();
  const node = await sea.node(sea.device(1));
  await node.credit.ask({ part: 5n });
  const purser = sea.hire(node, { budget: 0n });
  await purser.agree(node.address, noSignal);
  expect(purser.mayStart(node.address)).toBe(true);
  const charge = node.credit.till.admit(node.address, sea.subtask(), input);
  charge.computed(output);
  expect(node.credit.status()).toMatchObject({ atRisk: 0n, owedByMe: 0n });
});
