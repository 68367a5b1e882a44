/** What a requester or a provider can get by lying: nothing beyond the line. */

import { describe, expect, it } from 'vitest';
import { NoblePayKeys } from '../adapters/evm/noble-pay-keys.ts';
import { ContentId } from '../address/content-id.ts';
import { fromHex } from '../base/bytes.ts';
import { type ErrorCode, isSeaError, SeaError } from '../base/errors.ts';
import { silentLog } from '../ports/log.ts';
import type { PayKey } from '../ports/pay-keys.ts';
import type { Body, Caller } from '../rpc/exchange.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { formatPayAddress } from './amount.ts';
import { Kept } from './kept.ts';
import { Lanes } from './lanes.ts';
import {
  readQuote,
  readQuoteRequest,
  readSettleAnswer,
  readSettleRequest,
  type SettleRequest,
  writeQuote,
  writeQuoteRequest,
  writeSettleAnswer,
  writeSettleRequest,
} from './messages.ts';
import type { Purser } from './payment.ts';
import type { OpenPurse } from './purse-box.ts';
import { Settler, type SettlerHost } from './settler.ts';
import { testChain } from './testing/test-ledger.ts';
import { input, noSignal, output, PAYER, type TestNode, TestPart, TestSea } from './testing/test-sea.ts';
import { signVoucher } from './voucher.ts';

const failing = (code: ErrorCode): unknown => expect.objectContaining({ code });

interface Scene {
  readonly sea: TestSea;
  readonly requester: TestNode;
  readonly provider: TestNode;
  readonly purser: Purser;
}

async function scene(part = 5n, deposit = 1_000n): Promise<Scene> {
  const sea = new TestSea();
  const { requester, provider } = await sea.pair(part, deposit);
  const purser = sea.hire(requester);
  await purser.agree(provider.address, noSignal);
  return { sea, requester, provider, purser };
}

/** Calls in the name of a node, which answers none from then on. */
function caller(sea: TestSea, node: TestNode): Caller {
  return sea.network.caller(node.address);
}

const newId = (): Uint8Array => Uint8Array.from({ length: 8 }, (_, i) => i);

describe('a requester', () => {
  it('that vanishes costs a provider its line at most, whatever it promises again', async () => {
    const { sea, requester, provider, purser } = await scene();
    sea.network.swallow = ({ scope }) => scope === 'credit:settle';
    let computed = 0;
    for (let i = 0; i < 50; i++) {
      try {
        const charge = provider.credit.till.admit(requester.address, sea.subtask(), input);
        charge.computed(output);
        computed++;
      } catch (error) {
        expect(isSeaError(error, 'CREDIT_LINE')).toBe(true);
        await sea.pass(2_000, 1_000);
        await purser.agree(provider.address, noSignal);
        await requester.credit.quote(provider.address);
      }
    }
    expect(computed).toBe(4); // two batches of two for one slot
    expect(provider.unpaid).toBe(20n);
    await sea.pass(1_200_000, 10_000);
    await requester.credit.quote(provider.address);
    expect(() => provider.credit.till.admit(requester.address, sea.subtask(), input)).toThrow(/CREDIT_LINE/);
  });

  it('cannot get another line by another node of the same purse', async () => {
    const { sea, requester, provider, purser } = await scene();
    for (let i = 0; i < 3; i++) new TestPart(sea, purser, requester, provider).charge.computed(output);
    const twin = await sea.node({ ...requester.device, number: 9 });
    const other = sea.hire(twin);
    await other.agree(provider.address, noSignal);
    new TestPart(sea, other, twin, provider).charge.computed(output);
    expect(() => provider.credit.till.admit(twin.address, sea.subtask(), input)).toThrow(/CREDIT_LINE/);
    expect(() => provider.credit.till.admit(requester.address, sea.subtask(), input)).toThrow(/CREDIT_LINE/);
  });

  it('gets no line on a purse whose key it has not', async () => {
    const { sea, requester, provider } = await scene();
    const thief = await sea.node(sea.device(7));
    const key = (await requester.credit.purse())!.key;
    const quoteCall = sea.network.calls.find(({ scope }) => scope === 'credit:quote')!;
    await expect(caller(sea, thief).call(provider.address, 'credit:quote', quoteCall.body)).rejects.toEqual(
      failing('BAD_SIGNATURE'),
    );
    await expect(thief.credit.usePurse({ payer: PAYER, key })).rejects.toEqual(failing('BAD_ARGUMENT'));
  });

  it('cannot have a provider sign quotes all day', async () => {
    const { sea, requester, provider } = await scene();
    const asked = Array.from({ length: 30 }, () => requester.credit.quote(provider.address));
    const outcomes = await Promise.allSettled(asked);
    const refused = outcomes.filter(it => it.status === 'rejected' && isSeaError(it.reason, 'OVERLOADED'));
    expect(refused.length).toBeGreaterThanOrEqual(20);
    await sea.pass(2_000);
    await expect(requester.credit.quote(provider.address)).resolves.toMatchObject({ part: 5n });
  });

  it('cannot speak of money over other nodes', async () => {
    const { sea, requester, provider } = await scene();
    sea.network.direct = () => false;
    await expect(requester.credit.quote(provider.address)).rejects.toEqual(failing('DECLINED'));
  });

  it('cannot settle by a forged, foreign, lowered, raised or replayed voucher', async () => {
    const { sea, requester, provider, purser } = await scene();
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
    new TestPart(sea, purser, requester, provider).accept();
    sea.network.swallow = ({ scope }) => scope === 'credit:settle';
    await sea.pass(500);
    sea.network.swallow = () => false;
    const bad = expect.objectContaining({ code: 'BAD_VOUCHER' });
    const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 20 ? byte ^ 1 : byte));
    const [first, second] = sea.network.calls.filter(({ scope }) => scope === 'credit:settle');
    const replayed = readSettleRequest(first!.body).voucher;
    const sent = readSettleRequest(second!.body);
    const resend = (request: SettleRequest): Promise<Body> =>
      caller(sea, requester).call(provider.address, 'credit:settle', writeSettleRequest(request));
    const changes: ((request: SettleRequest) => SettleRequest)[] = [
      request => ({ ...request, voucher: { ...request.voucher!, signature: flipped(request.voucher!.signature) } }),
      request => ({ ...request, voucher: { ...request.voucher!, cumulative: 11n } }),
      request => ({ ...request, voucher: { ...request.voucher!, cumulative: 9n } }),
      request => ({ ...request, voucher: { ...request.voucher!, payer: new Uint8Array(20) } }),
      request => ({ ...request, voucher: { ...request.voucher!, lane: 1 } }),
      request => ({ ...request, voucher: replayed }),
      request => ({ ...request, voucher: null }),
      request => ({ ...request, accepted: [...request.accepted, ...request.accepted] }),
      request => ({ ...request, accepted: request.accepted.map(part => ({ ...part, price: 4n })) }),
      request => ({ ...request, accepted: request.accepted.map(part => ({ ...part, price: 0n })), voucher: null }),
      request => ({
        ...request,
        accepted: request.accepted.map(part => ({ ...part, outputHash: new Uint8Array(32) })),
      }),
    ];
    for (const change of changes) {
      await expect(resend({ ...change(sent), id: newId() })).rejects.toEqual(bad);
      expect((await provider.credit.vouchers())[0]!.cumulative).toBe(5n);
      expect(provider.unpaid).toBe(5n);
    }
    await resend(sent);
    expect((await provider.credit.vouchers())[0]!.cumulative).toBe(10n);
    expect(provider.unpaid).toBe(0n);
  });

  it('cannot fill the table of vouchers with what pays for nothing, nor pay in a lane that it did not ask for', async () => {
    const { sea, requester, provider, purser } = await scene();
    const keys = new NoblePayKeys(requester.device.smallStore, new SeededRandom('lanes'));
    const key = await keys.kept('session-0');
    const payee = fromHex((await provider.credit.payAddress()).slice(2));
    const settle = async (lane: number, cumulative: bigint, accepted: SettleRequest['accepted']): Promise<Body> => {
      const named = { payer: fromHex(PAYER.slice(2)), lane, cumulative };
      const voucher = await signVoucher(keys, key, testChain, payee, named);
      const body = writeSettleRequest({ id: voucher.signature.slice(0, 8), voucher, accepted, ended: [] });
      return caller(sea, requester).call(provider.address, 'credit:settle', body);
    };
    const unknown = [{ subtask: sea.subtask().id, outputHash: new Uint8Array(32), price: 0n }];
    const due = new TestPart(sea, purser, requester, provider);
    due.charge.computed(output);
    const known = [{ subtask: due.subtask.id, outputHash: ContentId.of(output).digest, price: 5n }];
    await expect(settle(0, 0n, [])).rejects.toEqual(failing('BAD_VOUCHER'));
    await expect(settle(1, 5n, known)).rejects.toEqual(failing('BAD_VOUCHER'));
    await settle(0, 0n, unknown);
    await expect(settle(0, 2_000n, unknown)).rejects.toEqual(failing('PURSE_EMPTY')); // more than the purse holds
    provider.scope.close();
    const kept = await Lanes.open(new Kept(provider.device.smallStore, silentLog));
    expect(kept.all()).toEqual([]);
  });

  it('cannot pay by a voucher of another lane that the chain has paid already', async () => {
    const { sea, requester, provider, purser } = await scene();
    const { payer, key } = (await requester.credit.purse())!;
    const keys = new NoblePayKeys(requester.device.smallStore, new SeededRandom('lanes'));
    const payee = await provider.credit.payAddress();
    sea.ledger.redeem({ payer, key, payee, lane: 5, cumulative: 5n }); // to another device of the same pay key
    const { binding } = readQuoteRequest(sea.network.calls.find(({ scope }) => scope === 'credit:quote')!.body)!;
    const shown = { payer: fromHex(payer.slice(2)), key: fromHex(key.slice(2)), lane: 5, binding };
    await caller(sea, requester).call(provider.address, 'credit:quote', writeQuoteRequest(shown)); // asked of lane 0 just now
    const part = new TestPart(sea, purser, requester, provider);
    part.charge.computed(output);
    const named = { payer: shown.payer, lane: 5, cumulative: 5n };
    const voucher = await signVoucher(keys, await keys.kept('session-0'), testChain, fromHex(payee.slice(2)), named);
    const accepted = [{ subtask: part.subtask.id, outputHash: ContentId.of(output).digest, price: 5n }];
    const body = writeSettleRequest({ id: newId(), voucher, accepted, ended: [] });
    await expect(caller(sea, requester).call(provider.address, 'credit:settle', body)).rejects.toEqual(
      failing('BAD_VOUCHER'),
    );
    expect([provider.credit.status().earned, provider.unpaid]).toEqual([0n, 5n]);
  });

  it('whose purse pays others too is trusted with no more vouchers than a share of it, until they are redeemed', async () => {
    const { sea, requester, provider, purser } = await scene(5n, 2_000n);
    for (let parts = 0; parts < 100; parts += 2) {
      for (const _ of [1, 2]) new TestPart(sea, purser, requester, provider).accept();
      await sea.pass(500);
    }
    expect(() => new TestPart(sea, purser, requester, provider)).toThrow(/PAYMENT_REQUIRED/); // a fourth of 2,000 is held
    expect(provider.credit.status()).toMatchObject({
      earned: 500n,
      atRisk: 500n,
      redeemFirst: true,
      stoppedPayers: [PAYER],
    });
    await expect(requester.credit.quote(provider.address)).rejects.toEqual(failing('CREDIT_LINE'));
    const [voucher] = await provider.credit.vouchers();
    sea.ledger.redeem(voucher!);
    await provider.credit.redeemed(voucher!);
    expect(provider.credit.status()).toMatchObject({ atRisk: 0n });
    expect(provider.credit.status().redeemFirst).toBeUndefined();
    expect(provider.credit.status().stoppedPayers).toBeUndefined();
    expect(await requester.credit.quote(provider.address)).toMatchObject({ line: 20n });
  });

  it('cannot have a provider check vouchers all day', async () => {
    const { sea, requester, provider, purser } = await scene();
    const voucher = { payer: fromHex(PAYER.slice(2)), lane: 0, cumulative: 5n, signature: new Uint8Array(64).fill(1) };
    const accepted = [{ subtask: sea.subtask().id, outputHash: new Uint8Array(32), price: 5n }];
    const codes = new Map<string, number>();
    for (let i = 0; i < 40; i++) {
      const body = writeSettleRequest({ id: new Uint8Array(8).fill(i), voucher, accepted, ended: [] });
      const error = await caller(sea, requester)
        .call(provider.address, 'credit:settle', body)
        .catch(failure => failure);
      codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
    }
    expect(Object.fromEntries(codes)).toEqual({ BAD_VOUCHER: 21, OVERLOADED: 19 });
    await sea.pass(40_000, 1_000);
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
    expect(provider.credit.status().earned).toBe(5n);
  });

  it('cannot have one gift written down twice', async () => {
    const { sea, requester, provider } = await scene(0n, 0n);
    const { id, bundle } = sea.subtask();
    provider.credit.till.admit(requester.address, { id, bundle }, input).computed(output);
    const part = { subtask: id, outputHash: ContentId.of(output).digest, price: 0n };
    const settle = (accepted: SettleRequest['accepted']): Promise<Body> => {
      const body = writeSettleRequest({ id: newId(), voucher: null, accepted, ended: [] });
      return caller(sea, requester).call(provider.address, 'credit:settle', body);
    };
    await expect(settle([part, part])).rejects.toEqual(failing('BAD_VOUCHER'));
    await settle([part]);
    expect(provider.credit.status().given).toEqual({ paid: 0, gifts: 1 });
  });

  it('cannot pay by a key of nobody`s purse, nor for one purse from another', async () => {
    const { sea, requester, provider, purser } = await scene();
    const part = new TestPart(sea, purser, requester, provider);
    part.charge.computed(output);
    const other = await sea.fund(requester, 1_000n);
    await requester.credit.quote(provider.address); // shows the other purse
    const keys = new NoblePayKeys(requester.device.smallStore, new SeededRandom('fraud'));
    const payee = fromHex((await provider.credit.payAddress()).slice(2));
    const settle = async (key: PayKey): Promise<Body> => {
      const named = { payer: fromHex(PAYER.slice(2)), lane: 0, cumulative: 5n };
      const voucher = await signVoucher(keys, key, testChain, payee, named);
      const accepted = [{ subtask: part.subtask.id, outputHash: ContentId.of(output).digest, price: 5n }];
      const body = writeSettleRequest({ id: key.address.slice(0, 8), voucher, accepted, ended: [] });
      return caller(sea, requester).call(provider.address, 'credit:settle', body);
    };
    const second = await keys.kept('session-1');
    expect(formatPayAddress(second.address)).toBe(other);
    await expect(settle(await keys.passing())).rejects.toEqual(failing('BAD_VOUCHER'));
    await expect(settle(second)).rejects.toEqual(failing('BAD_VOUCHER'));
    expect([provider.credit.status().earned, provider.unpaid]).toEqual([0n, 5n]);
    await settle(await keys.kept('session-0'));
    expect([provider.credit.status().earned, provider.unpaid]).toEqual([5n, 0n]);
  });

  it('cannot settle for parts that are under way', async () => {
    const { sea, requester, provider, purser } = await scene();
    const early = new TestPart(sea, purser, requester, provider);
    purser.accepted(provider.address, early.subtask, input, output);
    await sea.pass(500);
    expect([provider.credit.status().earned, provider.unpaid]).toEqual([0n, 5n]);
    await purser.agree(provider.address, noSignal); // that part is given up by both; it takes its place in the line
    expect(requester.credit.status().owedByMe).toBe(0n);
    expect([provider.credit.status().earned, provider.unpaid]).toEqual([0n, 5n]);
  });

  it('whose purse is too small, closed or ending gets a line of what is in it, or none', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 12n);
    const { key } = (await requester.credit.purse())!;
    const purser = sea.hire(requester);
    await purser.agree(provider.address, noSignal);
    expect(await requester.credit.quote(provider.address)).toMatchObject({ line: 12n });
    new TestPart(sea, purser, requester, provider).accept();
    new TestPart(sea, purser, requester, provider).accept();
    expect(purser.mayStart(provider.address)).toBe(false);
    expect(() => provider.credit.till.admit(requester.address, sea.subtask(), input)).toThrow(/CREDIT_LINE/);
    await sea.pass(11_000);
    expect(provider.credit.status().earned).toBe(10n);
    await expect(requester.credit.quote(provider.address)).rejects.toEqual(failing('PURSE_EMPTY'));
    const soon = Math.floor(sea.clock.wallMs() / 1000) + 60;
    for (const purse of [{ unlockAt: soon }, { unlockAt: 0, expiry: soon }, { expiry: 0, state: 'closed' as const }]) {
      sea.ledger.set(PAYER, key, { free: 1_000n, ...purse });
      await sea.pass(11_000);
      await expect(requester.credit.quote(provider.address)).rejects.toEqual(failing('PURSE_EMPTY'));
    }
    sea.ledger.set(PAYER, key, { state: 'open' });
    await sea.pass(11_000);
    expect(await requester.credit.quote(provider.address)).toMatchObject({ line: 20n });
  });

  it('that empties its purse elsewhere is told so; its voucher is kept, its parts are not off the books', async () => {
    const { sea, requester, provider, purser } = await scene();
    const { key } = (await requester.credit.purse())!;
    await sea.pass(11_000);
    sea.ledger.set(PAYER, key, { free: 3n });
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
    expect([provider.credit.status().earned, provider.unpaid]).toEqual([5n, 5n]);
    await expect(purser.agree(provider.address, noSignal)).rejects.toEqual(failing('PURSE_EMPTY'));
    expect(purser.mayStart(provider.address)).toBe(false);
    sea.ledger.set(PAYER, key, { free: 1_000n }); // topped up
    await sea.pass(11_000);
    await purser.agree(provider.address, noSignal);
    await sea.pass(500);
    expect([provider.credit.status().earned, provider.unpaid]).toEqual([5n, 0n]);
    expect(requester.credit.status()).toMatchObject({ owedByMe: 0n, spent: 5n });
  });

  it('is trusted no further while the chain is silent, and what it pays is taken', async () => {
    const { sea, requester, provider, purser } = await scene();
    await sea.pass(11_000);
    sea.ledger.isDown = true;
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
    expect([provider.credit.status().earned, provider.unpaid]).toEqual([5n, 0n]);
    await expect(requester.credit.quote(provider.address)).rejects.toEqual(failing('CHAIN_FAILED'));
  });
});

describe('a provider', () => {
  it('that gives no receipt for its money gets no more work', async () => {
    const { sea, requester, provider, purser } = await scene();
    sea.network.tamper = ({ scope }, answer) =>
      scope === 'credit:settle' ? writeSettleAnswer({ ...readSettleAnswer(answer), signature: null }) : answer;
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
    expect(purser.mayStart(provider.address)).toBe(false);
    await expect(purser.agree(provider.address, noSignal)).rejects.toEqual(failing('BAD_SIGNATURE'));
    expect(await requester.credit.receipts({ kind: 'taken' })).toEqual([]);
  });

  it('that refuses a voucher and keeps it is not paid again for the same', async () => {
    const { sea, requester, provider, purser } = await scene();
    sea.network.tamper = ({ scope }, answer) => {
      if (scope === 'credit:settle') throw new SeaError('BAD_VOUCHER', 'not true');
      return answer;
    };
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(2_000);
    expect(requester.credit.status()).toMatchObject({ spent: 5n, owedByMe: 0n });
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(2_000);
    expect(requester.credit.status()).toMatchObject({ spent: 10n, owedByMe: 0n });
    expect((await provider.credit.vouchers())[0]!.cumulative).toBe(10n);
  });

  it('whose answer cannot be read is paid once and gets no more work', async () => {
    const { sea, requester, provider, purser } = await scene();
    sea.network.tamper = ({ scope }, answer) => (scope === 'credit:settle' ? { value: [1] } : answer);
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(2_000);
    expect(requester.credit.status()).toMatchObject({ spent: 5n, owedByMe: 0n });
    expect(purser.mayStart(provider.address)).toBe(false);
  });

  it('cannot show a voucher that nobody signed', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const { key } = (await requester.credit.purse())!;
    const [payee, of, payer] = [await provider.credit.payAddress(), key, PAYER].map(text => fromHex(text.slice(2)));
    provider.scope.close();
    const lanes = await Lanes.open(new Kept(provider.device.smallStore, silentLog));
    const voucher = { payer: payer!, lane: 0, cumulative: 50n, signature: new Uint8Array(64).fill(1) };
    const purse = { chain: testChain, payee: payee!, payer: payer!, key: of! };
    await lanes.keep({ ...purse, voucher, credited: 50n, paid: 0n });
    const liar = await sea.node(provider.device);
    await expect(sea.hire(requester).agree(liar.address, noSignal)).rejects.toEqual(failing('BAD_QUOTE'));
  });

  it('cannot count part of a voucher that it has refused', async () => {
    const settler = new Settler({} as SettlerHost);
    const [purse, payee] = [{} as OpenPurse, new Uint8Array(20)];
    settler.count(purse, payee, 0, 7n);
    settler.count(purse, payee, 0, 5n); // it has lost a voucher: its loss
    expect(() => settler.count(purse, payee, 0, 6n)).toThrow(/BAD_QUOTE/);
    settler.count(purse, new Uint8Array(20).fill(1), 0, 9n); // another account has sums of its own, and another lane
    settler.count(purse, payee, 1, 8n);
  });

  it('cannot say that it was paid more than it was', async () => {
    const { sea, requester, provider, purser } = await scene();
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
    const lane = (await provider.credit.vouchers())[0]!;
    sea.ledger.redeem({ ...lane, cumulative: 50n }); // as if the chain had paid it more than it has a voucher for
    await sea.pass(460_000, 10_000);
    await expect(purser.agree(provider.address, noSignal)).rejects.toEqual(failing('BAD_QUOTE'));
    expect(requester.credit.status().spent).toBe(5n);
  });

  it('that denies what it computed gets no more work', async () => {
    const { sea, requester, provider, purser } = await scene();
    sea.network.tamper = ({ scope }, answer) =>
      scope === 'credit:settle' ? writeSettleAnswer({ signature: null, unknown: [0], computed: [] }) : answer;
    new TestPart(sea, purser, requester, provider).accept();
    await sea.pass(500);
    expect(purser.mayStart(provider.address)).toBe(false);
  });

  it('cannot have its quote changed on the way, nor use another node`s', async () => {
    const sea = new TestSea();
    const { requester, provider } = await sea.pair(5n, 1_000n);
    const changes: ((quote: ReturnType<typeof readQuote>) => ReturnType<typeof readQuote>)[] = [
      quote => ({ ...quote, prices: { ...quote.prices, part: 6n } }),
      quote => ({ ...quote, prices: { ...quote.prices, fuel: 1n } }),
      quote => ({ ...quote, payee: new Uint8Array(20) }),
      quote => ({ ...quote, line: 1_000n }),
      quote => ({ ...quote, line: 1n }),
      quote => ({ ...quote, validMs: quote.validMs + 1 }),
      quote => ({ ...quote, egressKiBMax: 1_000_000 }),
      quote => ({ ...quote, chain: null }),
      quote => ({ ...quote, binding: quote.binding.map(byte => byte ^ 1) }),
      quote => ({ ...quote, keySignature: new Uint8Array(64) }),
      quote => ({ ...quote, signature: new Uint8Array(64) }),
      quote => ({ ...quote, nodeKey: new Uint8Array(32).fill(3) }),
      quote => ({ ...quote, held: { cumulative: 9n, credited: 9n, signature: new Uint8Array(64) } }),
    ];
    for (const change of changes) {
      sea.network.tamper = ({ scope }, answer) =>
        scope === 'credit:quote' ? writeQuote(change(readQuote(answer))) : answer;
      const purser = sea.hire(requester);
      await expect(purser.agree(provider.address, noSignal)).rejects.toEqual(failing('BAD_QUOTE'));
      await sea.pass(1_000, 1_000);
    }
    const third = await sea.node(sea.device(3));
    await third.credit.ask({ part: 5n });
    const own = await caller(sea, requester).call(third.address, 'credit:quote', { value: [1, null] });
    sea.network.tamper = ({ scope }, answer) => (scope === 'credit:quote' ? own : answer);
    await expect(sea.hire(requester).agree(provider.address, noSignal)).rejects.toEqual(failing('BAD_QUOTE'));
  });
});
