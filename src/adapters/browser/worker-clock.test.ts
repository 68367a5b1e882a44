/** The fallback of the page's clock (there is no Worker global in Node); with its worker it is tested in a browser. */

import { describe, expect, it } from 'vitest';
import { clockCases, passRealTime } from '../../ports/acceptance/clock.ts';
import { WebRandom } from './web-random.ts';
import { WorkerClock } from './worker-clock.ts';

describe('WorkerClock without a worker', () => {
  const cases = clockCases(async () => {
    const clock = new WorkerClock();
    return { clock, pass: ms => passRealTime(clock, ms) };
  });
  for (const { name, run } of cases) it(name, run);

  it('runs nothing after close()', async () => {
    const clock = new WorkerClock();
    const ran: string[] = [];
    clock.after(5, () => ran.push('before'));
    clock.close();
    clock.close();
    clock.after(5, () => ran.push('after'));
    await passRealTime(new WorkerClock(), 20);
    expect([ran, clock.source]).toEqual([[], 'closed']);
  });
});

describe('WebRandom', () => {
  it('fills more than one slice, to the last byte', () => {
    const bytes = new WebRandom().bytes(150_000);
    expect(bytes.length).toBe(150_000);
    for (const start of [0, 65_536, 131_072, 149_900])
      expect(new Set(bytes.subarray(start, start + 100)).size).toBeGreaterThan(30);
  });

  it('gives fresh memory each time, and none for 0', () => {
    const random = new WebRandom();
    expect(random.bytes(0).length).toBe(0);
    expect(Buffer.compare(random.bytes(32), random.bytes(32))).not.toBe(0);
  });
});
