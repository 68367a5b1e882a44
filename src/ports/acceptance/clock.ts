/** What every clock must do. */

import type { Clock } from '../../base/clock.ts';
import { type AcceptanceCase, expectSame } from './case.ts';

export interface ClockSubject {
  readonly clock: Clock;
  /** Resolves when at least `ms` have passed on this clock and what was due has run. */
  pass(ms: number): Promise<void>;
}

/**
 * `pass` for a clock of the real world. It waits on the clock itself, some further rounds too: on a machine that stood
 * still for a while everything is overdue at once, and what a call asks for needs a round of its own.
 */
export async function passRealTime(clock: Clock, ms: number): Promise<void> {
  await new Promise<void>(resolve => clock.after(ms, resolve));
  for (let round = 0; round < 5; round++) await new Promise<void>(resolve => clock.after(2, resolve));
}

/** `make` gives a subject with no timers. */
export function clockCases(make: () => Promise<ClockSubject>): AcceptanceCase[] {
  return [...timeCases(make), ...timerCases(make), ...cancelCases(make)];
}

function timeCases(make: () => Promise<ClockSubject>): AcceptanceCase[] {
  return [
    {
      name: 'now() never goes back and moves with time',
      async run() {
        const { clock, pass } = await make();
        const readings: number[] = [];
        for (let i = 0; i < 1000; i++) readings.push(clock.now());
        expectSame(
          readings.every((reading, i) => i === 0 || reading >= readings[i - 1]!),
          true,
          'order of readings',
        );
        const before = clock.now();
        await pass(20);
        expectSame(clock.now() - before >= 20, true, 'at least 20 ms later');
      },
    },
    {
      name: 'wallMs() is Unix time in milliseconds',
      async run() {
        const { clock, pass } = await make();
        const before = clock.wallMs();
        await pass(20);
        const after = clock.wallMs();
        expectSame(
          before > 1_600_000_000_000 && before < 100_000_000_000_000,
          true,
          `${before} is between 2020 and 5138`,
        );
        expectSame(after > before, true, `${after} is after ${before}`);
      },
    },
  ];
}

function timerCases(make: () => Promise<ClockSubject>): AcceptanceCase[] {
  return [
    {
      name: 'runs once, not at once and not early',
      async run() {
        const { clock, pass } = await make();
        const start = clock.now();
        const ranAt: number[] = [];
        clock.after(30, () => ranAt.push(clock.now()));
        expectSame(ranAt.length, 0, 'runs before the call returned');
        await pass(60);
        expectSame(ranAt.length, 1, 'runs');
        expectSame(ranAt[0]! - start >= 30, true, `ran ${ranAt[0]! - start} ms after it was asked for 30`);
      },
    },
    {
      name: 'a delay of zero or less runs soon, but not at once',
      async run() {
        const { clock, pass } = await make();
        const ran: number[] = [];
        clock.after(0, () => ran.push(0));
        clock.after(-5, () => ran.push(-5));
        expectSame(ran.length, 0, 'runs before the calls returned');
        await pass(10);
        expectSame(ran.length, 2, 'runs');
      },
    },
    {
      name: 'runs in order of time, and in order of asking at the same time',
      async run() {
        const { clock, pass } = await make();
        const order: string[] = [];
        clock.after(60, () => order.push('late'));
        clock.after(20, () => order.push('early'));
        clock.after(0, () => {
          order.push('first');
          clock.after(0, () => order.push('second'));
        });
        await pass(100);
        expectSame(order, ['first', 'second', 'early', 'late'], 'order');
      },
    },
    {
      name: 'delays beyond 2^31 ms and infinite ones do not run soon',
      async run() {
        const { clock, pass } = await make();
        let ran = 0;
        const cancels = [2 ** 31 + 5, 2 ** 40, Number.POSITIVE_INFINITY].map(delay => clock.after(delay, () => ran++));
        await pass(30);
        expectSame(ran, 0, 'runs');
        for (const cancel of cancels) cancel();
      },
    },
  ];
}

function cancelCases(make: () => Promise<ClockSubject>): AcceptanceCase[] {
  return [
    {
      name: 'a cancelled call does not run; the others do',
      async run() {
        const { clock, pass } = await make();
        const ran: number[] = [];
        const cancels = Array.from({ length: 200 }, (_, i) => clock.after(10 + (i % 7), () => ran.push(i)));
        for (const [i, cancel] of cancels.entries()) if (i % 20 !== 0) cancel();
        await pass(60);
        expectSame(
          ran.sort((a, b) => a - b),
          Array.from({ length: 10 }, (_, i) => i * 20),
          'runs',
        );
      },
    },
    {
      name: 'cancelling twice and after the run is harmless',
      async run() {
        const { clock, pass } = await make();
        const ran: string[] = [];
        const cancel = clock.after(5, () => ran.push('a'));
        const other = clock.after(10, () => ran.push('b'));
        other();
        other();
        await pass(30);
        cancel();
        cancel();
        clock.after(5, () => ran.push('c'));
        cancel();
        await pass(30);
        expectSame(ran, ['a', 'c'], 'runs');
      },
    },
    {
      name: 'a call can cancel one that is due at the same moment, and itself',
      async run() {
        const { clock, pass } = await make();
        const ran: string[] = [];
        const first = clock.after(10, () => {
          ran.push('first');
          first();
          second();
        });
        const second = clock.after(10, () => ran.push('second'));
        await pass(40);
        expectSame(ran, ['first'], 'runs');
      },
    },
  ];
}
