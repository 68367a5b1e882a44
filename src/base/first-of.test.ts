import { describe, expect, it } from 'vitest';
import { settle } from '../compute/testing/test-network.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { deferred } from './deferred.ts';
import { firstOf, type Try } from './first-of.ts';

const HEDGE_MS = 100;

/** Tries that are answered by hand, and what became of them. */
function hands(count: number) {
  const answers = Array.from({ length: count }, () => deferred<number>());
  const begun: number[] = [];
  const dropped: number[] = [];
  const tries = answers.map(
    (answer, i): Try<number> =>
      signal => {
        begun.push(i);
        signal.addEventListener('abort', () => dropped.push(i), { once: true });
        return answer.promise;
      },
  );
  return { answers, begun, dropped, tries };
}

describe('firstOf', () => {
  it('begins no more than it needs, and drops the rest when it has enough', async () => {
    const { answers, begun, dropped, tries } = hands(4);
    const outcome = firstOf(new ManualClock(), 2, tries, HEDGE_MS, undefined);
    expect(begun).toEqual([0, 1]);
    answers[1]!.resolve(11);
    answers[0]!.resolve(10);
    expect(await outcome).toEqual({ state: 'enough', values: [11, 10] });
    expect([begun, dropped]).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  it('begins another for each failure and for each long wait', async () => {
    const clock = new ManualClock();
    const { answers, begun, tries } = hands(5);
    const outcome = firstOf(clock, 2, tries, HEDGE_MS, undefined);
    answers[0]!.reject(new Error('no'));
    await settle();
    expect(begun).toEqual([0, 1, 2]);
    clock.pass(HEDGE_MS);
    expect(begun).toEqual([0, 1, 2, 3]);
    answers[3]!.resolve(13);
    answers[2]!.resolve(12);
    expect(await outcome).toEqual({ state: 'enough', values: [13, 12] });
    clock.pass(10 * HEDGE_MS);
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it('does not wait long for one that takes much longer than those that came', async () => {
    const clock = new ManualClock();
    const { answers, begun, tries } = hands(6);
    const outcome = firstOf(clock, 3, tries, HEDGE_MS, undefined);
    clock.pass(5);
    answers[0]!.resolve(10);
    await settle();
    clock.pass(19);
    expect(begun).toEqual([0, 1, 2]);
    clock.pass(1); // four times as long
    expect(begun).toEqual([0, 1, 2, 3]);
    clock.pass(39);
    expect(begun).toEqual([0, 1, 2, 3]);
    clock.pass(1); // nothing came: twice as long
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    clock.pass(40);
    answers[4]!.resolve(14); // after 40 ms: never longer than the whole wait
    await settle();
    clock.pass(HEDGE_MS - 1);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    clock.pass(1);
    expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
    answers[1]!.resolve(11);
    expect(await outcome).toEqual({ state: 'enough', values: [10, 14, 11] });
  });

  it('fails with every reason as soon as too few are left', async () => {
    const { answers, tries } = hands(3);
    const outcome = firstOf(new ManualClock(), 2, tries, HEDGE_MS, undefined);
    for (const [i, answer] of answers.entries()) answer.reject(i);
    expect(await outcome).toEqual({ state: 'failed', failures: [0, 1] });
    expect(await firstOf(new ManualClock(), 1, [], HEDGE_MS, undefined)).toEqual({ state: 'failed', failures: [] });
  });

  it('begins nothing more when it is over, whatever those say that it dropped', async () => {
    const clock = new ManualClock();
    const { answers, begun, tries } = hands(6);
    const outcome = firstOf(clock, 2, tries, HEDGE_MS, undefined);
    clock.pass(2 * HEDGE_MS);
    for (const i of [0, 1]) answers[i]!.resolve(i);
    await outcome;
    answers[2]!.resolve(2);
    answers[3]!.reject(new Error('dropped'));
    await settle();
    clock.pass(10 * HEDGE_MS);
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it('rejects when it is given up, and drops what it began', async () => {
    const { dropped, tries } = hands(2);
    const controller = new AbortController();
    const outcome = firstOf(new ManualClock(), 1, tries, HEDGE_MS, controller.signal);
    controller.abort();
    await expect(outcome).rejects.toMatchObject({ code: 'ABORTED' });
    expect(dropped).toEqual([0]);
  });
});
