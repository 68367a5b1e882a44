/** The service as a whole: a requester and providers in one process, with real keys and a chain in memory. */

import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../base/errors.ts';
import { input, noSignal, output, PAYER, type TestNode, TestPart, TestSea } from './testing/test-sea.ts';

const failing = (code: ErrorCode): unknown => expect.objectContaining({ code });

describe('paid work', () => {
  it('is paid by one voucher for exactly the accepted parts, with receipts on both sides', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    const parts = [1, 2].map(() => new TestPart(sea, purser, requester, provider));
    expect(parts[0]!.charge.paid).toBe(true);
    for (const part of parts) part.accept();
    expect(purser.cost).toBe(10n);
    await sea.pass(500);

    const [voucher, ...others] = await provider.credit.vouchers();
    expect(others).toEqual([]);
    expect(voucher).toMatchObject({ payer: PAYER, lane: 0, cumulative: 10n, chainId: 31_337n });
    expect(voucher!.payee).toBe(await provider.credit.payAddress());
    expect(voucher!.key).toBe((await requester.credit.purse())!.key);
    expect(voucher!.packed.length).toBe(97);
    expect(provider.credit.status()).toEqual({
      earned: 10n,
      unredeemed: 10n,
      spent: 0n,
      atRisk: 10n, // until it is redeemed
      owedByMe: 0n,
      given: { paid: 2, gifts: 0 },
      taken: { paid: 0, gifts: 0 },
    });
    expect(requester.credit.status()).toMatchObject({ spent: 10n, owedByMe: 0n, taken: { paid: 2, gifts: 0 } });
    const given = await provider.credit.receipts({ kind: 'given' });
    expect(given).toEqual(await requester.credit.receipts({ kind: 'taken' }));
    expect(given.map(({ price, class: of }) => [price, of])).toEqual([
      [5n, 'paid'],
      [5n, 'paid'],
    ]);
    expect(given[0]).toMatchObject({ requester: requester.address.toString(), provider: provider.address.toString() });
    expect(provider.statuses.at(-1)).toEqual(provider.credit.status());
  });

  it('adds up over settlements in one lane, and figures follow what the chain paid', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    for (let round = 1; round <= 3; round++) {
      new TestPart(sea, purser, requester, provider).accept();
      await sea.pass(500);
      expect((await provider.credit.vouchers())[0]!.cumulative).toBe(5n * BigInt(round));
    }
    const [voucher] = await provider.credit.vouchers();
    sea.ledger.redeem(voucher!);
    expect(await provider.credit.redeemed(voucher!)).toBe(15n);
    expect(provider.credit.status()).toMatchObject({ earned: 15n, unredeemed: 0n, atRisk: 0n });
  });

  it('is paid in full to several devices of one pay key: each has a lane of its own, also after a restart', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const second = await sea.node(sea.device(3));
    await second.credit.ask({ part: 5n });
    await second.credit.importPayKey(await provider.credit.exportPayKey('secret'), 'secret');
    const work = async (from: TestNode): Promise<void> => {
      for (const to of [provider, second, provider, second]) {
        const purser = sea.hire(from);
        await purser.agree(to.address, noSignal);
        new TestPart(sea, purser, from, to).accept();
        await purser.close();
      }
    };
    await work(requester);
    requester.scope.close();
    await work(await sea.node(requester.device));
    const held = [...(await provider.credit.vouchers()), ...(await second.credit.vouchers())];
    expect(held.map(({ lane, cumulative }) => [lane, cumulative])).toEqual([
      [0, 20n],
      [1, 20n],
    ]);
    expect(held.map(voucher => sea.ledger.redeem(voucher))).toEqual([20n, 20n]);
  }, 30_000);

  it('charges output by begun KiB, up to what the quote says', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 100_000n, { egress: 2n });
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    new TestPart(sea, purser, requester, provider).accept(new Uint8Array(1025));
    expect(purser.cost).toBe(9n);
    new TestPart(sea, purser, requester, provider).accept(new Uint8Array(300 * 1024));
    expect(purser.cost).toBe(9n + 5n + 2n * 256n);
    await sea.pass(500);
    expect((await provider.credit.vouchers())[0]!.cumulative).toBe(526n);
  });

  it('stops while a verdict is overdue; one that nothing came of is one as well', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    const part = new TestPart(sea, purser, requester, provider);
    const inVain = new TestPart(sea, purser, requester, provider);
    for (const { charge } of [part, inVain]) charge.computed(output);
    await sea.pass(59_000, 1_000);
    const late = new TestPart(sea, purser, requester, provider);
    await sea.pass(2_000, 1_000);
    expect(() => provider.credit.till.admit(requester.address, sea.subtask(), input)).toThrow(/CREDIT_LINE/);
    purser.accepted(provider.address, part.subtask, input, output);
    await sea.pass(500);
    expect(provider.credit.status().earned).toBe(5n);
    expect(() => provider.credit.till.admit(requester.address, sea.subtask(), input)).toThrow(/CREDIT_LINE/);
    purser.refused(provider.address, inVain.subtask);
    await sea.pass(500);
    new TestPart(sea, purser, requester, provider).accept();
    late.charge.computed(output);
    await sea.pass(61_000, 1_000);
    expect(() => provider.credit.till.admit(requester.address, sea.subtask(), input)).toThrow(/CREDIT_LINE/);
    provider.credit.linkOpened(requester.address); // perhaps to one that has started anew
    provider.credit.till.admit(requester.address, sea.subtask(), input);
    expect(provider.unpaid).toBe(15n);
  });

  it('costs nothing where nothing came of it, and what is dropped frees its place', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    for (let i = 0; i < 20; i++) {
      const { charge, subtask } = new TestPart(sea, purser, requester, provider);
      charge.dropped();
      charge.dropped();
      purser.ended(provider.address, subtask);
      await sea.pass(500);
    }
    expect(purser.cost).toBe(0n);
    expect(provider.unpaid).toBe(0n);
    expect(await provider.credit.vouchers()).toEqual([]);
    expect(purser.mayStart(provider.address)).toBe(true);
  });

  it('pays a copy that was taken back too late, if it came to the same', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    const same = new TestPart(sea, purser, requester, provider);
    const other = new TestPart(sea, purser, requester, provider);
    same.charge.computed(output);
    other.charge.computed(input);
    for (const { subtask } of [same, other]) {
      purser.ended(provider.address, subtask);
      purser.accepted(requester.address, subtask, input, output); // by this node itself
    }
    await sea.pass(1_500);
    expect((await provider.credit.vouchers())[0]!.cumulative).toBe(5n);
    expect(purser.cost).toBe(5n);
    expect(provider.unpaid).toBe(5n); // the other stays against the line
  });

  it('is not paid to who gave another output, though it says the accepted one to the books', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    const part = new TestPart(sea, purser, requester, provider);
    part.charge.computed(output);
    purser.accepted(requester.address, part.subtask, input, output);
    purser.refused(provider.address, part.subtask);
    await sea.pass(1_500);
    expect(await provider.credit.vouchers()).toEqual([]);
    expect(purser.cost).toBe(0n);
    expect(provider.unpaid).toBe(5n);
  });

  it('that was computed in vain stays against the line, on both sides', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    for (let i = 0; i < 4; i++) {
      expect(purser.mayStart(provider.address)).toBe(true);
      const part = new TestPart(sea, purser, requester, provider);
      part.charge.computed(output);
      part.end();
      await sea.pass(500);
    }
    expect(provider.unpaid).toBe(20n);
    expect(purser.mayStart(provider.address)).toBe(false);
  });

  it('may be given again to a provider that has it on the books, and is paid once', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    const part = new TestPart(sea, purser, requester, provider);
    part.charge.computed(input); // and its output is lost on the way
    purser.ended(provider.address, part.subtask);
    purser.started(provider.address, part.subtask);
    const again = provider.credit.till.admit(requester.address, part.subtask, input);
    again.computed(output);
    purser.accepted(provider.address, part.subtask, input, output);
    await sea.pass(1_500);
    expect((await provider.credit.vouchers())[0]!.cumulative).toBe(5n);
    expect(provider.unpaid).toBe(5n);
    expect(purser.cost).toBe(5n);
  });

  it('is settled at once when half of the line is owed, and when the map closes', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    new TestPart(sea, purser, requester, provider).accept();
    await sea.settle();
    expect(await provider.credit.vouchers()).toEqual([]);
    new TestPart(sea, purser, requester, provider).accept();
    await sea.settle();
    expect((await provider.credit.vouchers())[0]!.cumulative).toBe(10n);
    new TestPart(sea, purser, requester, provider).accept();
    const open = new TestPart(sea, purser, requester, provider);
    await purser.close();
    expect((await provider.credit.vouchers())[0]!.cumulative).toBe(15n);
    open.charge.dropped();
    expect(provider.unpaid).toBe(0n);
  });
});

describe('gifts', () => {
  it('need no wallet, no chain and no money, and leave receipts', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(0n, 0n);
    provider.ledger = undefined;
    requester.ledger = undefined;
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    for (let i = 0; i < 100; i++) {
      expect(purser.mayStart(provider.address)).toBe(true);
      const part = new TestPart(sea, purser, requester, provider);
      expect(part.charge.paid).toBe(false);
      part.accept();
    }
    await sea.settle();
    expect(provider.credit.status().given.gifts).toBe(64);
    await sea.pass(5_500);
    expect(provider.credit.status()).toMatchObject({ earned: 0n, given: { paid: 0, gifts: 100 } });
    expect(requester.credit.status().taken).toEqual({ paid: 0, gifts: 100 });
    const receipts = await requester.credit.receipts({ kind: 'taken', limit: 70 });
    expect(receipts.length).toBe(70);
    expect(receipts[0]).toMatchObject({ class: 'gift', price: 0n });
    expect(sea.network.calls.filter(({ scope }) => scope === 'credit:settle').length).toBe(2);
    expect(purser.cost).toBe(0n);
    expect(purser.spent).toBe(false);
  });

  it('go to strangers only if the owner says so where a price is asked', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 0n);
    const purser = sea.hire(requester, { priceMax: 100n });
    await expect(purser.agree(provider.address, noSignal)).rejects.toEqual(failing('PAYMENT_REQUIRED'));
    expect(purser.mayStart(provider.address)).toBe(false);
    expect(() => new TestPart(sea, purser, requester, provider)).toThrow(/PAYMENT_REQUIRED/);
    expect(await requester.credit.quote(provider.address)).toMatchObject({ part: 5n, line: 0n, gift: false });

    await provider.credit.ask({ part: 5n, free: true });
    await purser.agree(provider.address, noSignal);
    expect(new TestPart(sea, purser, requester, provider).charge.paid).toBe(false);
    expect(await requester.credit.quote(provider.address)).toMatchObject({ part: 0n, gift: true });
  });

  it('end at once when the owner says so, but for what is on its way', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 0n);
    await provider.credit.ask({ part: 5n, free: true });
    const purser = sea.hire(requester, { priceMax: 100n });
    await purser.agree(provider.address, noSignal);
    const onItsWay = new TestPart(sea, purser, requester, provider);
    await provider.credit.ask({ part: 5n, free: false });
    expect(() => provider.credit.till.admit(requester.address, sea.subtask(), input)).toThrow(/PAYMENT_REQUIRED/);
    onItsWay.accept();
    await Promise.all([purser.close(), sea.pass(1_500)]);
    expect(provider.credit.status().given).toEqual({ paid: 0, gifts: 1 });
  });

  it('that nobody settles are forgotten, the oldest first', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(0n, 0n);
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    for (let i = 0; i < 2_000; i++) new TestPart(sea, purser, requester, provider).charge.computed(output);
    for (let i = 0; i < 1_023; i++) provider.credit.till.admit(requester.address, sea.subtask(), input);
    provider.credit.till.admit(requester.address, sea.subtask(), input);
    expect(() => provider.credit.till.admit(requester.address, sea.subtask(), input)).toThrow(/CREDIT_LINE/);
  });
});
