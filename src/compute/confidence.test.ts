import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../sim/seeded-random.ts';
import { confidence } from './confidence.ts';
import { LIAR_SHARE_ASSUMED, REDUNDANCY_MAX } from './limits.ts';
import { castVote, decide, type Vote } from './quorum.ts';
import { testAddress } from './testing/test-network.ts';

const redundancies = Array.from({ length: REDUNDANCY_MAX }, (_, at) => at + 1);

/** The share of right results among those accepted by the quorum, where liars collude. */
function measured(redundancy: number, liarShare: number, parts: number): number {
  const random = new SeededRandom(`confidence ${redundancy} ${liarShare}`);
  let right = 0;
  for (let part = 0; part < parts; part++) {
    const votes: Vote[] = [];
    for (let verdict = decide(votes, redundancy); ; verdict = decide(votes, redundancy)) {
      if (verdict.state === 'disagreed') throw new Error('two kinds of results never disagree');
      if (verdict.state === 'accepted') {
        if (verdict.outcome.kind === 'output' && verdict.outcome.output[0] === 1) right++;
        break;
      }
      const [high, low] = random.bytes(2);
      const lies = ((high ?? 0) * 256 + (low ?? 0)) / 65_536 < liarShare;
      const output = Uint8Array.of(lies ? 0 : 1);
      votes.push(castVote(testAddress(votes.length), { kind: 'output', output }, redundancy));
    }
  }
  return right / parts;
}

describe('confidence', () => {
  it.each([
    [1, 0.1, 0.9],
    [2, 0.1, 0.972], // 0.9^2 (1 + 2 × 0.1)
    [3, 0.1, 0.99144], // 0.9^3 (1 + 3 × 0.1 + 6 × 0.01)
    [2, 0.25, 0.84375], // 0.5625 × 1.5
    [3, 0.25, 0.896484375], // 0.421875 × (1 + 0.75 + 0.375)
    [1, 0, 1],
    [8, 0, 1],
    [1, 1, 0],
    [8, 1, 0],
  ])('with redundancy %i and a share of liars of %d it is %d', (redundancy, liarShare, expected) => {
    expect(confidence(redundancy, liarShare)).toBeCloseTo(expected, 12);
  });

  it('is one half where half lie, whatever the redundancy', () => {
    for (const redundancy of redundancies) expect(confidence(redundancy, 0.5)).toBeCloseTo(0.5, 12);
  });

  it('grows with the redundancy while most are honest, and falls with the share of liars', () => {
    const byRedundancy = redundancies.map(redundancy => confidence(redundancy, 0.2));
    expect(byRedundancy).toEqual(byRedundancy.toSorted((a, b) => a - b));
    expect(new Set(byRedundancy).size).toBe(REDUNDANCY_MAX);
    const byShare = [0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.9].map(share => confidence(3, share));
    expect(byShare).toEqual(byShare.toSorted((a, b) => b - a));
  });

  it('assumes a share of liars where none is told', () => {
    expect(confidence(2)).toBe(confidence(2, LIAR_SHARE_ASSUMED));
  });

  it.each([
    [1, 0.1],
    [2, 0.1],
    [2, 0.3],
    [3, 0.3],
    [4, 0.4],
  ])('is what the quorum comes to over colluding liars: redundancy %i, share %d', (redundancy, liarShare) => {
    const parts = 20_000;
    const stated = confidence(redundancy, liarShare);
    const deviation = Math.sqrt((stated * (1 - stated)) / parts);
    expect(Math.abs(measured(redundancy, liarShare, parts) - stated)).toBeLessThan(4 * deviation);
  });

  it.each([
    [0, 0.1],
    [REDUNDANCY_MAX + 1, 0.1],
    [1.5, 0.1],
    [2, -0.1],
    [2, 1.1],
    [2, Number.NaN],
  ])('refuses redundancy %d and share %d: BAD_ARGUMENT', (redundancy, liarShare) => {
    expect(() => confidence(redundancy, liarShare)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
  });
});
