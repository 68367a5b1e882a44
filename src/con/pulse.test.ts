/** When a carrier is asked for a sign of life, and what its silence means. */

import { expect, it } from 'vitest';
import { VirtualClock } from '../sim/virtual-clock.ts';
import { PINGS_MAX } from './limits.ts';
import { Pulse } from './pulse.ts';

function at(): { clock: VirtualClock; pulse: Pulse; pass(ms: number): void } {
  const clock = new VirtualClock();
  return { clock, pulse: new Pulse(clock), pass: ms => void clock.step(clock.now() + ms) };
}

it('is asked after 20 s of idleness, after 1 s when something is owed', () => {
  const { pulse, pass } = at();
  pass(999);
  expect([pulse.askNow(false), pulse.askNow(true)]).toEqual([false, false]);
  pass(1);
  expect([pulse.askNow(false), pulse.askNow(true)]).toEqual([false, true]);
  pass(18_999);
  expect(pulse.askNow(false)).toBe(false);
  pass(1);
  expect(pulse.askNow(false)).toBe(true);
});

it('is asked now and then while it talks and still owes something', () => {
  const { pulse, pass } = at();
  for (let i = 0; i < 49; i++) {
    pass(100);
    pulse.heard();
    expect(pulse.askNow(true)).toBe(false);
  }
  pass(100);
  pulse.heard();
  expect([pulse.askNow(true), pulse.askNow(false)]).toEqual([true, false]);
});

it('is suspect 5 s after a question that nothing followed, and not for silence alone', () => {
  const { pulse, pass } = at();
  pass(60_000);
  expect(pulse.suspect).toBe(false);
  pulse.ask(0);
  pass(4_999);
  expect(pulse.suspect).toBe(false);
  pass(1);
  expect(pulse.suspect).toBe(true);
  pulse.heard();
  expect(pulse.suspect).toBe(false);
});

it('answers are for questions in their order, and tell what was lost before them', () => {
  const { pulse } = at();
  pulse.ask(10);
  pulse.ask(30);
  pulse.ask(30);
  expect([pulse.answered(12), pulse.answered(29), pulse.answered(30), pulse.answered(0)]).toEqual([
    true,
    false,
    true,
    true, // nobody asked
  ]);
});

it('a dead carrier is not asked for ever', () => {
  const { pulse } = at();
  for (let i = 0; i < PINGS_MAX; i++) expect(pulse.ask(i)).toBe(true);
  expect(pulse.ask(1)).toBe(false);
  pulse.answered(0);
  expect(pulse.ask(1)).toBe(true);
});
