import { expect, test } from 'vitest';
import { ManualClock } from '../../ports/acceptance/manual-clock.ts';
import { Admission, type Verdict } from './admission.ts';
import { ADDRESSES_MAX, LISTENER_LIMITS, type ListenerLimits } from './limits.ts';

function admission(limits: Partial<ListenerLimits>, clock: ManualClock = new ManualClock()): Admission {
  return new Admission(clock, { ...LISTENER_LIMITS, ...limits });
}

function release(verdict: Verdict): void {
  if (verdict.outcome !== 'admitted') throw new Error(`not admitted: ${verdict.outcome}`);
  verdict.release();
}

test('one address gets its share, others theirs, and a place given back is free', () => {
  const doors = admission({ connectionsPerAddressMax: 2 });
  const first = doors.admit('a');
  expect([first, doors.admit('a'), doors.admit('a'), doors.admit('b')].map(v => v.outcome)).toEqual([
    'admitted',
    'admitted',
    'too many',
    'admitted',
  ]);
  expect(doors.open).toBe(3);
  release(first);
  expect(doors.open).toBe(2);
  expect(doors.admit('a').outcome).toBe('admitted');
});

test('the sum is bounded too', () => {
  const doors = admission({ connectionsMax: 2 });
  expect(['a', 'b', 'c'].map(key => doors.admit(key).outcome)).toEqual(['admitted', 'admitted', 'full']);
});

test('dials of one address are bounded in time, refused ones included', () => {
  const clock = new ManualClock();
  const doors = admission({ dials: { burst: 2, perSecond: 1 }, connectionsPerAddressMax: 1 }, clock);
  const outcomes = [doors.admit('a'), doors.admit('a'), doors.admit('a'), doors.admit('b')].map(v => v.outcome);
  expect(outcomes).toEqual(['admitted', 'too many', 'too often', 'admitted']);
  clock.pass(1000);
  expect(doors.admit('a').outcome).toBe('too many');
});

test('addresses that hold no place are forgotten first when there are too many', () => {
  const doors = admission({ dials: { burst: 1, perSecond: 0.001 } });
  doors.admit('holder');
  release(doors.admit('gone'));
  for (let i = 2; i <= ADDRESSES_MAX; i++) release(doors.admit(`stranger ${i}`));
  expect(doors.admit('holder').outcome).toBe('too often');
  expect(doors.admit('gone').outcome).toBe('admitted');
});
