/**
 * The books of both sides under everything that happens to honest ones: purses that run low and are changed, prices that
 * change, lanes that are reserved, answers that are lost, a chain that is away, a side that starts again at any moment.
 * In the end the earner holds exactly what the parts have cost, the purses pay it all, and each part has one receipt.
 */

import { expect, it } from 'vitest';
import { isSeaError, SeaError } from '../base/errors.ts';
import { below, pick } from '../base/random.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import type { Purser } from './payment.ts';
import { noSignal, PAYER, type TestNode, TestPart, TestSea } from './testing/test-sea.ts';

const STEPS = 80;
const DEPOSITS = [300n, 40n, 1_000n];
const seeds = Array.from({ length: 10 }, (_, i) => i + 30); // 34, 35, 37: what is owed after a restart, once written off

/** An honest requester and an honest provider, and what becomes of them. */
class Chaos {
  readonly sea: TestSea = new TestSea();
  readonly random: SeededRandom;
  readonly keys: string[] = [];
  readonly pursers: Purser[] = [];
  requester!: TestNode;
  provider!: TestNode;
  /** The share of calls of which question or answer is lost, of 100. */
  loss = 0;
  /** Owed by a requester that started again before it was paid. */
  forgotten = 0n;
  computed = 0;

  constructor(seed: number) {
    this.random = new SeededRandom(`books chaos ${seed}`);
    const isLost = (): boolean => below(this.random, 100) < this.loss;
    this.sea.network.swallow = isLost;
    this.sea.network.tamper = (_call, answer) => {
      if (isLost()) throw new SeaError('TIMEOUT', 'the answer is lost');
      return answer;
    };
  }

  get purser(): Purser {
    return this.pursers.at(-1)!;
  }

  async begin(): Promise<void> {
    Object.assign(this, await this.sea.pair(5n, 0n, { slots: 2 }));
    for (const deposit of DEPOSITS) this.keys.push(await this.sea.fund(this.requester, deposit, 100n));
    this.hire();
  }

  hire(): void {
    this.pursers.push(this.sea.hire(this.requester, { priceMax: 100n }));
  }

  async agree(): Promise<void> {
    const agreed = this.purser.agree(this.provider.address, noSignal).catch((error: unknown) => {
      if (!isSeaError(error)) throw error;
      expect([
        'CREDIT_LINE',
        'PURSE_EMPTY',
        'PAYMENT_REQUIRED',
        'CHAIN_FAILED',
        'OVERLOADED',
        'TIMEOUT',
        'PEER_GONE',
      ]).toContain(error.code);
    });
    await Promise.race([agreed, this.sea.pass(10_500, 500)]);
    await this.sea.pass(1_100, 1_100);
  }

  async work(): Promise<void> {
    const { purser, sea, requester, provider } = this;
    if (!purser.hasTerms(provider.address)) await this.agree();
    for (let part = 0; part < 3 && purser.mayStart(provider.address); part++) {
      try {
        new TestPart(sea, purser, requester, provider).accept();
        this.computed++;
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/CREDIT_LINE|PAYMENT_REQUIRED/) });
        await this.agree();
      }
    }
    await sea.pass(pick(this.random, [0, 100, 500, 6_000])!, 500);
  }

  link(): void {
    const { requester, provider, sea } = this;
    sea.network.breakCalls(requester.address, provider.address);
    requester.credit.linkOpened(provider.address);
    provider.credit.linkOpened(requester.address);
  }

  async restartProvider(): Promise<void> {
    this.provider.scope.close();
    this.provider = await this.sea.node(this.provider.device);
    this.provider.credit.setSlots(2);
    this.link();
  }

  async restartRequester(): Promise<void> {
    this.forgotten += this.requester.credit.status().owedByMe;
    this.requester.scope.close();
    this.requester = await this.sea.node(this.requester.device);
    this.link();
    this.hire();
  }

  /** What happens, each as likely. */
  actions(): (() => unknown)[] {
    const { random, sea } = this;
    return [
      () => this.provider.credit.ask({ part: pick(random, [0n, 3n, 5n])!, free: below(random, 2) === 0 }),
      () => this.requester.credit.usePurse({ payer: PAYER, key: pick(random, this.keys)!, priceMax: 100n }),
      () => this.requester.credit.usePurse(undefined),
      () => Promise.race([this.requester.credit.quote(this.provider.address).catch(() => {}), sea.pass(11_000, 500)]),
      () => {
        sea.ledger.isDown = !sea.ledger.isDown;
      },
      () => {
        this.loss = pick(random, [0, 0, 20, 60])!;
      },
      () => this.redeem(),
      () => this.reserve(),
      () => this.hire(),
      () => this.link(),
      () => this.restartProvider(),
      () => this.restartRequester(),
      () => sea.pass(pick(random, [2_000, 30_000, 500_000])!, 5_000),
    ];
  }

  async redeem(): Promise<void> {
    for (const voucher of await this.provider.credit.vouchers()) this.sea.ledger.redeem(voucher);
  }

  /** Some of a purse is only for this provider, now. */
  async reserve(): Promise<void> {
    const payee = await this.provider.credit.payAddress();
    this.sea.ledger.reserve(
      { payer: PAYER, key: pick(this.random, this.keys)!, payee, lane: 0 },
      BigInt(below(this.random, 30)),
    );
  }

  /** All is well again, and everybody has time. */
  async calm(): Promise<void> {
    this.loss = 0;
    this.sea.ledger.isDown = false;
    await this.provider.credit.ask({ part: 5n, free: false });
    await this.sea.pass(20_000, 1_000);
    for (let round = 0; round < 3; round++) {
      this.link();
      await this.agree();
      await this.sea.pass(11_000, 1_000);
    }
  }

  /** Signed away from all purses. */
  async spent(): Promise<bigint> {
    let sum = 0n;
    for (const key of this.keys) {
      await this.requester.credit.usePurse({ payer: PAYER, key, priceMax: 100n });
      sum += this.requester.credit.status().spent;
    }
    return sum;
  }

  async receipts(node: TestNode, kind: 'given' | 'taken'): Promise<Map<string, bigint>> {
    const receipts = await node.credit.receipts({ kind, limit: 10_000 });
    const bySubtask = new Map(receipts.filter(({ price }) => price > 0n).map(({ subtask, price }) => [subtask, price]));
    expect(bySubtask.size).toBe(receipts.filter(({ price }) => price > 0n).length);
    return bySubtask;
  }
}

const total = (sums: Iterable<bigint>): bigint => [...sums].reduce((sum, it) => sum + it, 0n);

it.each(seeds)(
  'seed %i',
  async seed => {
    const chaos = new Chaos(seed);
    await chaos.begin();
    const { sea } = chaos;
    const actions = chaos.actions();
    for (let step = 0; step < STEPS; step++) {
      await chaos.work();
      if (below(chaos.random, 3) === 0) await pick(chaos.random, actions)!();
    }
    chaos.keys.push(await sea.fund(chaos.requester, 10_000n, 100n));
    await chaos.calm();

    // Nobody says no to what the other has agreed to, but a provider that has started again and knows no terms yet.
    const refusals = sea.network.refusals.filter(refusal =>
      /^credit:settle (?!PAYMENT_REQUIRED|CHAIN_FAILED|TIMEOUT)/.test(refusal),
    );
    expect(refusals).toEqual([]);
    const { earned } = chaos.provider.credit.status();
    const cost = total(chaos.pursers.map(purser => purser.cost));
    const spent = await chaos.spent();
    expect(chaos.requester.credit.status().owedByMe).toBe(0n);
    if (chaos.forgotten === 0n) expect([earned, spent]).toEqual([cost, cost]);
    expect(earned).toBeLessThanOrEqual(spent);
    expect(spent).toBeLessThanOrEqual(cost);
    expect(earned).toBeGreaterThanOrEqual(cost - chaos.forgotten);
    // Every voucher is worth what it says.
    await chaos.redeem();
    expect(
      total(await Promise.all((await chaos.provider.credit.vouchers()).map(it => chaos.provider.credit.redeemed(it)))),
    ).toBe(earned);
    // One receipt for a part on each side, for no more than was paid.
    const [given, taken] = [
      await chaos.receipts(chaos.provider, 'given'),
      await chaos.receipts(chaos.requester, 'taken'),
    ];
    for (const [subtask, price] of taken) expect(given.get(subtask)).toBe(price);
    expect(total(given.values())).toBeLessThanOrEqual(earned);
    expect(chaos.computed).toBeGreaterThan(0);
  },
  60_000,
);
