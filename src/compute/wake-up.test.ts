import { describe, expect, it } from 'vitest';
import { Scope } from '../base/scope.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { WakeUp } from './wake-up.ts';

function set(): { clock: ManualClock; scope: Scope; wakeUp: WakeUp; rings: number[] } {
  const clock = new ManualClock();
  const scope = new Scope(clock);
  const rings: number[] = [];
  return { clock, scope, wakeUp: new WakeUp(clock, scope, () => rings.push(clock.now())), rings };
}

describe('WakeUp', () => {
  it('rings once, at the earliest time asked for', () => {
    const { clock, wakeUp, rings } = set();
    for (const dueMs of [500, 300, 400]) wakeUp.by(dueMs);
    expect(clock.waiting).toBe(1);
    clock.pass(1_000);
    expect(rings).toEqual([300]);
  });

  it('can be set again after it rang, and rings soon for what is overdue', () => {
    const { clock, wakeUp, rings } = set();
    wakeUp.by(100);
    clock.pass(200);
    wakeUp.by(150);
    clock.pass(10);
    expect(rings).toEqual([100, 201]);
  });

  it('is silent when cancelled and when its scope closes', () => {
    const { clock, scope, wakeUp, rings } = set();
    wakeUp.by(100);
    wakeUp.cancel();
    wakeUp.by(200);
    scope.close();
    clock.pass(1_000);
    expect(rings).toEqual([]);
    expect(clock.waiting).toBe(0);
  });
});
