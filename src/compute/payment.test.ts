/** What compute tells till and purser, part by part: scripted ones stand in for credit. */

import { describe, expect, it } from 'vitest';
import type { HashAddress } from '../address/hash-address.ts';
import { toHex } from '../base/bytes.ts';
import { type ErrorCode, isSeaError, SeaError } from '../base/errors.ts';
import { type Bundle, makeBundle } from './bundle.ts';
import { scopes, writeRun } from './messages.ts';
import type { Hire, Purser, PurserOptions, Subtask, Till } from './payment.ts';
import { increments, type Script } from './testing/scripted-runner.ts';
import { testSubtask } from './testing/test-network.ts';
import { type TestNode, TestSea } from './testing/test-sea.ts';
import { echoTask } from './testing/wasm-parts.ts';

const bundle: Bundle = makeBundle(echoTask(), { name: 'echo', inputBytesMax: 1_000, outputBytesMax: 1_000 });

const PRICE = 3n;

/** The books of one side: what happened to each attempt, by its name. */
class Book {
  readonly ends = new Map<string, string>();

  note(provider: HashAddress, { id }: Subtask, end: string): void {
    const key = `${provider} ${toHex(id)}`;
    expect(this.ends.get(key) === 'started').toBe(end !== 'started');
    this.ends.set(key, end);
  }

  count(end: string): number {
    return [...this.ends.values()].filter(each => each === end).length;
  }
}

/** A till with a line of so many unpaid parts, and what is unpaid, by its name. */
class LineTill implements Till {
  readonly unpaid = new Map<string, string>();
  readonly #line: number;

  constructor(line: number) {
    this.#line = line;
  }

  admit(_requester: HashAddress, { id }: Subtask) {
    if (this.unpaid.size >= this.#line) throw new SeaError('CREDIT_LINE', 'pay first');
    const key = toHex(id);
    this.unpaid.set(key, 'under way');
    return {
      paid: true,
      computed: () => this.unpaid.set(key, 'computed'),
      dropped: () => this.unpaid.delete(key),
    };
  }
}

class TestPurser implements Purser {
  readonly book = new Book();
  readonly agreed: string[] = [];
  readonly options: PurserOptions;
  /** Those with whom there are no terms, by hex address, and what they say to that; some know it only when they are asked. */
  readonly unwilling = new Map<string, ErrorCode>();
  readonly over = new Set<string>();
  /** Hears what is paid. */
  onPaid: (name: string) => void = () => {};
  closed = false;

  constructor(options: PurserOptions) {
    this.options = options;
  }

  async agree(provider: HashAddress): Promise<void> {
    if (this.options.priceMax !== undefined && this.options.priceMax < PRICE)
      throw new SeaError('PRICE_TOO_HIGH', 'no');
    const code = this.unwilling.get(provider.toString());
    if (code !== undefined) throw new SeaError(code, 'not now');
    this.agreed.push(provider.toString());
    this.over.delete(provider.toString());
  }

  hasTerms(provider: HashAddress): boolean {
    return !this.over.has(provider.toString());
  }

  mayStart(provider?: HashAddress): boolean {
    const { budget } = this.options;
    if (provider !== undefined && !this.hasTerms(provider)) return false;
    return (
      budget === undefined || BigInt(this.book.count('started') + this.book.count('accepted') + 1) * PRICE <= budget
    );
  }

  started(provider: HashAddress, subtask: Subtask): void {
    this.book.note(provider, subtask, 'started');
  }

  accepted(provider: HashAddress, subtask: Subtask, input: Uint8Array, output: Uint8Array): void {
    expect(output[0]).toBe(input[0]! + 1);
    this.book.note(provider, subtask, 'accepted');
    this.onPaid(toHex(subtask.id));
  }

  ended(provider: HashAddress, subtask: Subtask): void {
    this.book.note(provider, subtask, 'ended');
  }

  refused(provider: HashAddress, subtask: Subtask): void {
    this.book.note(provider, subtask, 'refused');
  }

  get cost(): bigint {
    return BigInt(this.book.count('accepted')) * PRICE;
  }

  get spent(): boolean {
    return !this.mayStart() && this.book.count('started') === 0;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

interface PayingStar {
  readonly sea: TestSea;
  readonly requester: TestNode;
  readonly providers: readonly TestNode[];
  readonly pursers: readonly TestPurser[];
}

/** A star whose maps are paid for by TestPursers. */
async function payingStar(scripts: readonly Script[], till?: LineTill): Promise<PayingStar> {
  const sea = new TestSea();
  const pursers: TestPurser[] = [];
  const hire: Hire = options => {
    const purser = new TestPurser(options);
    if (till !== undefined) purser.onPaid = name => till.unpaid.delete(name);
    pursers.push(purser);
    return purser;
  };
  sea.hire = hire;
  if (till !== undefined) sea.till = till;
  return { sea, ...(await sea.star(scripts)), pursers };
}

/** Each byte plus two: no honest device says so. */
const wrong: Script = input => ({ afterMs: 20, outcome: input.map(byte => byte + 2) });

const inputs = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => Uint8Array.of(i));

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'fine',
    error => (isSeaError(error) ? error.code : String(error)),
  );
}

describe('a map that is paid for', () => {
  it('agrees with each provider first, and pays for each accepted part once', async () => {
    const { sea, requester, providers, pursers } = await payingStar([increments(20), increments(20)]);
    const results = await sea.until(all(requester.compute.map(bundle, inputs(30))));
    expect(results).toHaveLength(30);
    const [purser] = pursers;
    expect(purser!.agreed.toSorted()).toEqual(providers.map(({ address }) => address.toString()).toSorted());
    expect(purser!.book.count('accepted')).toBe(30);
    expect(purser!.book.count('started')).toBe(0);
    expect(purser!.closed).toBe(true);
  });

  it('pays all who agree and nobody else', async () => {
    const { sea, requester, pursers } = await payingStar([increments(20), increments(20), wrong]);
    await sea.until(all(requester.compute.map(bundle, inputs(12), { redundancy: 2 })));
    const { book } = pursers[0]!;
    expect(book.count('accepted')).toBe(24);
    expect(book.count('refused')).toBeGreaterThan(0);
    expect(book.count('refused') + book.count('ended')).toBe(book.ends.size - 24);
  });

  it('goes on where only one part may be unpaid', async () => {
    const till = new LineTill(1);
    const { sea, requester, pursers } = await payingStar([increments(20)], till);
    const results = await sea.until(all(requester.compute.map(bundle, inputs(5))));
    expect(results.map(({ output }) => output[0])).toEqual([1, 2, 3, 4, 5]);
    expect(pursers[0]!.book.count('accepted')).toBe(5);
    expect([...till.unpaid]).toEqual([]);
  });

  it('is not computed for who only says over other nodes to be the one that pays', async () => {
    const till = new LineTill(3);
    const { sea, requester, providers } = await payingStar([increments(20)], till);
    await sea.until(all(requester.compute.map(bundle, inputs(1)))); // the bundle is ready there
    const forged = sea.network.caller(requester.address);
    sea.network.direct = () => false;
    const request = { bundle: bundle.id, subtask: testSubtask(9), timeoutMs: 1_000, input: Uint8Array.of(9) };
    expect(await codeOf(forged.call(providers[0]!.address, scopes.run, writeRun(request)))).toBe('DECLINED');
    expect([...till.unpaid]).toEqual([]);
    expect(providers[0]!.runner.began).toEqual([0]);
  });

  it('frees the place of what was taken back or failed', async () => {
    const till = new LineTill(3);
    const never: Script = () => undefined;
    const { sea, requester } = await payingStar([never], till);
    const controller = new AbortController();
    const work = all(requester.compute.map(bundle, inputs(3), { signal: controller.signal }));
    work.catch(() => {});
    await sea.pass(100);
    expect([...till.unpaid.values()]).toContain('under way');
    controller.abort();
    await sea.pass(100);
    expect([...till.unpaid]).toEqual([]);
  });

  it('ends with BUDGET_SPENT when the budget does not reach, having paid what came', async () => {
    const { sea, requester, pursers } = await payingStar([increments(20)]);
    let taken = 0;
    const work = (async () => {
      const results = requester.compute.map(bundle, inputs(10), { budget: 4n * PRICE, ordered: false });
      for await (const _ of results) {
        taken++;
        await new Promise<void>(resolve => sea.clock.after(500, resolve)); // slower than the providers
      }
    })();
    expect(await codeOf(sea.until(work))).toBe('BUDGET_SPENT');
    expect(pursers[0]!.cost).toBe(4n * PRICE);
    expect(taken).toBe(4);
  });

  it('leaves a provider without common terms alone, and says why when there is no other', async () => {
    const { sea, requester } = await payingStar([increments(20)]);
    const work = all(requester.compute.map(bundle, inputs(1), { priceMax: PRICE - 1n }));
    expect(await codeOf(sea.until(work))).toBe('PRICE_TOO_HIGH');
  });

  it('asks a provider again that wants to be redeemed first, and goes on with others meanwhile', async () => {
    const { sea, requester, providers, pursers } = await payingStar([increments(20), increments(200)]);
    const [paid, free] = providers.map(({ address }) => address.toString());
    const work = all(requester.compute.map(bundle, inputs(100)));
    await sea.pass(100);
    const purser = pursers[0]!;
    purser.unwilling.set(paid!, 'CREDIT_LINE');
    purser.over.add(paid!); // the other side has said so
    purser.options.onChange();
    await sea.pass(10_000);
    expect(providers[0]!.runner.began.length).toBeLessThan(20);
    expect(providers[1]!.runner.began.length).toBeGreaterThan(40);
    expect(purser.agreed).toEqual([paid, free]);
    purser.unwilling.clear(); // it was redeemed
    await sea.pass(4_500);
    expect(purser.agreed).toEqual([paid, free, paid]);
    expect((await sea.until(work)).length).toBe(100);
    expect(providers[0]!.runner.began.length).toBeGreaterThan(30);
  });

  it('agrees anew at once with a provider whose terms are over, and has it go on', async () => {
    const { sea, requester, providers, pursers } = await payingStar([increments(20)]);
    const work = all(requester.compute.map(bundle, inputs(30)));
    await sea.pass(100);
    pursers[0]!.over.add(providers[0]!.address.toString());
    expect((await sea.until(work, 1_000)).length).toBe(30);
    expect(pursers[0]!.agreed.length).toBe(2);
  });

  it('waits for one that is alone as long as for any, and says what it waited for: CREDIT_LINE', async () => {
    const { sea, requester, providers, pursers } = await payingStar([increments(20)]);
    const work = codeOf(all(requester.compute.map(bundle, inputs(30))));
    await sea.pass(100);
    const address = providers[0]!.address.toString();
    pursers[0]!.unwilling.set(address, 'CREDIT_LINE');
    pursers[0]!.over.add(address);
    await sea.pass(29_000);
    expect(await Promise.race([work, sea.pass(0).then(() => 'waiting')])).toBe('waiting');
    expect(await sea.until(work, 2_000)).toBe('CREDIT_LINE');
  });

  it('takes what waits and is paid for before gifts', async () => {
    const sea = new TestSea();
    const payer = sea.node();
    sea.till = {
      admit: requester => ({ paid: requester.equals(payer.address), computed() {}, dropped() {} }),
    };
    const provider = sea.node(increments(100));
    const stranger = sea.node();
    provider.compute.contribute({ slots: 1 });
    for (const node of [payer, stranger]) sea.link(node, provider);
    await sea.pass(10);
    const gifts = all(stranger.compute.map(bundle, inputs(4)));
    await sea.pass(50);
    const paid = all(payer.compute.map(bundle, [Uint8Array.of(100), Uint8Array.of(101)]));
    await sea.until(Promise.all([gifts, paid]));
    expect(provider.runner.began.indexOf(101)).toBeLessThan(provider.runner.began.lastIndexOf(3));
    expect(provider.runner.began.slice(1, 3)).toContain(100);
  });

  it.each([
    ['priceMax', { priceMax: -1n }],
    ['budget', { budget: 5 as never }],
  ])('refuses a %s that is no amount', async (_name, options) => {
    const { requester } = await payingStar([increments(20)]);
    expect(await codeOf(all(requester.compute.map(bundle, inputs(1), options)))).toBe('BAD_ARGUMENT');
  });
});
