import { describe, expect, it } from 'vitest';
import { below } from '../base/random.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { PACE_SAMPLES } from './limits.ts';
import { Pace } from './pace.ts';

function paceOf(...times: readonly number[]): Pace {
  const pace = new Pace();
  for (const time of times) pace.record(time);
  return pace;
}

describe('Pace', () => {
  it('knows nothing at first and is patient', () => {
    expect(paceOf().medianMs).toBeUndefined();
    expect([paceOf().silentAfterMs, paceOf().tailLateAfterMs]).toEqual([10_000, 10_000]);
  });

  it('takes the median, the upper one of two', () => {
    expect(paceOf(50).medianMs).toBe(50);
    expect(paceOf(10, 90).medianMs).toBe(90);
    expect(paceOf(10, 1_000, 30).medianMs).toBe(30);
    expect(paceOf(20, 20, 20, 1, 99).medianMs).toBe(20);
  });

  it('waits three medians but never less than 2 s; at the end one and a half, never less than 100 ms', () => {
    expect(paceOf(50).silentAfterMs).toBe(2_000);
    expect(paceOf(1_000).silentAfterMs).toBe(3_000);
    expect(paceOf(50).tailLateAfterMs).toBe(100);
    expect(paceOf(1_000).tailLateAfterMs).toBe(1_500);
  });

  it('forgets all but the last answers', () => {
    const pace = paceOf(...new Array<number>(100).fill(7_000), ...new Array<number>(PACE_SAMPLES).fill(5));
    expect(pace.medianMs).toBe(5);
  });

  it('agrees with sorting, whatever comes', () => {
    const random = new SeededRandom('pace');
    const pace = new Pace();
    const times: number[] = [];
    for (let round = 0; round < 500; round++) {
      const time = below(random, 40);
      pace.record(time);
      times.push(time);
      const last = times.slice(-PACE_SAMPLES).sort((a, b) => a - b);
      expect(pace.medianMs).toBe(last[last.length >> 1]);
    }
  });
});
