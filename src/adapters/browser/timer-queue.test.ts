import { describe, expect, it } from 'vitest';
import { TimerQueue } from './timer-queue.ts';

/** A queue on a clock that stands, with the delays of its alarms as they were asked for. */
function setUp(): {
  queue: TimerQueue;
  alarms: number[];
  at(ms: number): void;
  ran: string[];
  note(name: string): () => void;
} {
  const time = { ms: 0 };
  const alarms: number[] = [];
  const ran: string[] = [];
  const queue = new TimerQueue(
    () => time.ms,
    delayMs => alarms.push(delayMs),
  );
  const at = (ms: number): void => {
    time.ms = ms;
    queue.wake();
  };
  return { queue, alarms, at, ran, note: name => () => void ran.push(name) };
}

describe('TimerQueue', () => {
  it('asks for an alarm only when the earliest time moves to the front', () => {
    const { queue, alarms, note } = setUp();
    queue.after(100, note('a'));
    queue.after(200, note('b'));
    queue.after(100, note('c'));
    queue.after(50, note('d'));
    expect(alarms).toEqual([100, 50]);
  });

  it('does not ask again for an alarm that is still to ring', () => {
    const { queue, alarms, at, ran, note } = setUp();
    queue.after(1000, note('beat'));
    for (let ms = 10; ms <= 100; ms += 10) {
      queue.after(10, note('short'));
      at(ms);
    }
    expect(alarms).toEqual([1000, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10]);
    at(1000);
    expect(ran.at(-1)).toBe('beat');
    expect(ran.length).toBe(11);
  });

  it('asks for the rest when an alarm rings early, and runs nothing early', () => {
    const { queue, alarms, at, ran, note } = setUp();
    queue.after(100, note('a'));
    at(98.5);
    expect(ran).toEqual([]);
    at(100);
    expect([alarms, ran]).toEqual([[100, 2], ['a']]);
  });

  it('runs by time, then in the order of asking', () => {
    const { queue, at, ran, note } = setUp();
    for (const [delay, name] of [
      [30, 'c'],
      [10, 'a'],
      [20, 'b'],
      [10, 'a2'],
      [20, 'b2'],
      [40, 'd'],
    ] as const)
      queue.after(delay, note(name));
    at(35);
    expect(ran).toEqual(['a', 'a2', 'b', 'b2', 'c']);
    at(40);
    expect(ran.at(-1)).toBe('d');
  });

  it('leaves what is asked for while it runs to the next wake-up', () => {
    const { queue, alarms, at, ran, note } = setUp();
    queue.after(10, () => queue.after(0, note('inner')));
    at(10);
    expect([ran, alarms]).toEqual([[], [10, 0]]);
    at(10);
    expect(ran).toEqual(['inner']);
  });

  it('thousands of calls set and cancelled ask for no alarm; the rest keep their order', () => {
    const { queue, alarms, at, ran, note } = setUp();
    queue.after(5, note('first'));
    for (let i = 0; i < 5000; i++) queue.after(60_000 - i, note('cancelled'))();
    queue.after(7, note('second'));
    queue.after(6, note('between'));
    expect(alarms).toEqual([5]);
    at(70_000);
    expect(ran).toEqual(['first', 'between', 'second']);
  });

  it('agrees with a sorted list on random times and cancellations', () => {
    const { queue, at, ran, note } = setUp();
    let seed = 7;
    const draw = (bound: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff;
      return seed % bound;
    };
    const wanted: { due: number; name: string }[] = [];
    for (let i = 0; i < 2000; i++) {
      const due = draw(500);
      const cancel = queue.after(due, note(`${i}`));
      if (draw(3) === 0) cancel();
      else wanted.push({ due, name: `${i}` });
    }
    for (const ms of [0, 100, 250, 499]) at(ms);
    expect(ran).toEqual(wanted.sort((a, b) => a.due - b.due).map(({ name }) => name));
  });

  it('after clear() nothing runs', () => {
    const { queue, at, ran, note } = setUp();
    const cancel = queue.after(5, note('a'));
    queue.clear();
    cancel();
    at(10);
    expect(ran).toEqual([]);
  });
});
