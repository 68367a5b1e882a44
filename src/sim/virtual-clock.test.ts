import { expect, test } from 'vitest';
import { SeededRandom } from './seeded-random.ts';
import { VirtualClock } from './virtual-clock.ts';

function run(clock: VirtualClock, untilMs: number): void {
  while (clock.step(untilMs));
}

test('events run in order of time, then of scheduling', () => {
  const clock = new VirtualClock();
  const order: string[] = [];
  for (const [name, atMs] of [
    ['c', 20],
    ['a', 10],
    ['d', 20],
    ['b', 10],
    ['e', 20.5],
  ] as const)
    clock.after(atMs, () => order.push(`${name}@${clock.now()}`));
  run(clock, 100);
  expect(order).toEqual(['a@10', 'b@10', 'c@20', 'd@20', 'e@20.5']);
  expect(clock.now()).toBe(100);
});

test('many events come out sorted', () => {
  const clock = new VirtualClock();
  const random = new SeededRandom('heap');
  const times: number[] = [];
  for (let i = 0; i < 2_000; i++) {
    const atMs = random.uint32() % 500;
    const cancel = clock.after(atMs, () => times.push(atMs));
    if (i % 3 === 0) cancel();
  }
  run(clock, 1_000);
  expect(times.length).toBe(1_333);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test('what an event schedules runs in the same walk, at its time; a delay below zero is none', () => {
  const clock = new VirtualClock();
  const order: string[] = [];
  clock.after(10, () => {
    clock.after(5, () => order.push(`later@${clock.now()}`));
    clock.after(-7, () => order.push(`now@${clock.now()}`));
  });
  clock.after(12, () => order.push(`between@${clock.now()}`));
  run(clock, 100);
  expect(order).toEqual(['now@10', 'between@12', 'later@15']);
});

test('time stands where it was told to stop, and what lies beyond waits', () => {
  const clock = new VirtualClock();
  const order: number[] = [];
  clock.after(10, () => order.push(1));
  clock.after(11, () => order.push(2));
  expect(clock.step(10)).toBe(true);
  expect(clock.step(10)).toBe(false);
  expect(clock.now()).toBe(10);
  expect(order).toEqual([1]);
  expect(clock.step(11)).toBe(true);
  expect(order).toEqual([1, 2]);
});

test('a cancelled event does not run, and cancelling late or twice is harmless', () => {
  const clock = new VirtualClock();
  let runs = 0;
  const cancel = clock.after(5, () => runs++);
  const other = clock.after(5, () => runs++);
  expect(clock.waiting).toBe(2);
  cancel();
  cancel();
  expect(clock.waiting).toBe(1);
  run(clock, 10);
  other();
  expect(runs).toBe(1);
  expect(clock.waiting).toBe(0);
});

test('an event may cancel one of the same moment', () => {
  const clock = new VirtualClock();
  const order: string[] = [];
  clock.after(5, () => {
    order.push('first');
    cancel();
  });
  const cancel = clock.after(5, () => order.push('second'));
  run(clock, 10);
  expect(order).toEqual(['first']);
});

test('the wall clock begins at a fixed moment', () => {
  const clock = new VirtualClock();
  clock.step(1_500);
  expect(clock.wallMs()).toBe(1_700_000_001_500);
  clock.step(1_500.75);
  expect([clock.now(), clock.wallMs()]).toEqual([1_500.75, 1_700_000_001_500]); // Unix time is whole, as a manifest has it
});
