import { setImmediate as settle } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { SeaError } from '../base/errors.ts';
import { late } from '../base/late.ts';
import { Scope } from '../base/scope.ts';
import { TestNetwork, testAddress } from '../compute/testing/test-network.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import type { Body, Caller } from './exchange.ts';
import { type Answerer, handleLate } from './late-handlers.ts';
import { LATE_WAIT_MS, LATE_WAITING_MAX, LATE_WAITING_PER_NEIGHBOUR_MAX } from './limits.ts';

const echo: Answerer = { answer: async (scope, { body }) => ({ value: [scope, body.value] }) };
const callee = testAddress(0);

/** A node that answers 'a' and 'b' late, and others that call it. */
class Late {
  readonly clock = new ManualClock();
  readonly scope = new Scope(this.clock);
  readonly network = new TestNetwork(this.clock);
  readonly #callers = new Map<number, Caller>();
  asked = 0;
  /** Ends what it waits for. */
  come: (part: Answerer) => void = () => {};
  fail: () => void = () => {};

  constructor() {
    const load = late(() => {
      this.asked++;
      return new Promise<Answerer>((resolve, reject) => {
        this.come = resolve;
        this.fail = () => reject(new TypeError('Failed to fetch dynamically imported module'));
      });
    });
    const { clock, scope } = this;
    handleLate({ caller: this.network.caller(callee), clock, scope }, ['a', 'b'], load);
  }

  /** What a call ends in: its answer, or a code. */
  call(from: number, scope: string, signal?: AbortSignal): Promise<unknown> {
    const caller = this.#callers.get(from) ?? this.network.caller(testAddress(from));
    this.#callers.set(from, caller);
    return caller.call(callee, scope, { value: from }, { signal }).then(
      (answer: Body) => answer.value,
      (error: SeaError) => error.code,
    );
  }
}

it('calls of every scope wait for what is asked for once, with the first', async () => {
  const node = new Late();
  expect(node.asked).toBe(0);
  const answers = [node.call(1, 'a'), node.call(2, 'b'), node.call(1, 'b')];
  await settle();
  node.come(echo);
  expect(await Promise.all(answers)).toEqual([
    ['a', 1],
    ['b', 2],
    ['b', 1],
  ]);
  expect([await node.call(3, 'a'), node.asked]).toEqual([['a', 3], 1]);
});

it('who waited is told that it could not be had, and it is asked for again by the next', async () => {
  const node = new Late();
  const first = node.call(1, 'a');
  await settle();
  node.fail();
  expect(await first).toBe('HOST_FAILURE');
  const second = node.call(1, 'a');
  await settle();
  node.come(echo);
  expect([await second, node.asked]).toEqual([['a', 1], 2]);
});

it('nobody waits for ever, and who has given up waits no more', async () => {
  const node = new Late();
  const gone = new AbortController();
  const answers = [node.call(1, 'a'), node.call(2, 'a', gone.signal)];
  await settle();
  gone.abort(new SeaError('ABORTED', 'no longer wanted'));
  expect(await answers[1]).toBe('ABORTED');
  node.clock.pass(LATE_WAIT_MS);
  expect(await answers[0]).toBe('TIMEOUT');
  const late = node.call(1, 'a');
  await settle();
  node.come(echo);
  expect([await late, node.asked]).toEqual([['a', 1], 1]);
});

it('one neighbour has few places to wait in, and all together have a bound: until it is here', async () => {
  const node = new Late();
  const waiting: Promise<unknown>[] = [];
  const neighbours = LATE_WAITING_MAX / LATE_WAITING_PER_NEIGHBOUR_MAX;
  for (let from = 1; from <= neighbours; from++) {
    for (let i = 0; i < LATE_WAITING_PER_NEIGHBOUR_MAX; i++) waiting.push(node.call(from, 'a'));
    if (from === 1) expect(await node.call(1, 'a')).toBe('OVERLOADED');
  }
  expect(await node.call(neighbours + 1, 'a')).toBe('OVERLOADED');
  node.come(echo);
  expect(new Set((await Promise.all(waiting)).map(String)).size).toBe(neighbours);
  const many = Array.from({ length: 2 * LATE_WAITING_MAX }, () => node.call(1, 'b'));
  expect(new Set((await Promise.all(many)).map(String))).toEqual(new Set(['b,1']));
});

it('calls are no longer taken when its scope has closed', async () => {
  const node = new Late();
  node.scope.close();
  expect([await node.call(1, 'a'), node.asked]).toEqual(['NO_HANDLER', 0]);
});
