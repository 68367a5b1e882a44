import { describe, expect, it } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { CHALLENGE_BYTES, Challenges } from './challenge.ts';
import { CHALLENGE_MS } from './limits.ts';

const [alice, bob] = [1, 2].map(i => HashAddress.hash(Uint8Array.of(i))) as [HashAddress, HashAddress];

describe('challenges', () => {
  it('are good for their caller, at their holder, for their time', () => {
    const clock = new ManualClock();
    const challenges = new Challenges(clock, new SeededRandom('one'));
    const others = new Challenges(clock, new SeededRandom('two'));
    const challenge = challenges.issue(alice);
    expect(challenge.length).toBe(CHALLENGE_BYTES);
    expect(challenges.isFresh(alice, challenge)).toBe(true);
    expect(challenges.isFresh(bob, challenge)).toBe(false);
    expect(others.isFresh(alice, challenge)).toBe(false);
    clock.pass(CHALLENGE_MS);
    expect(challenges.isFresh(alice, challenge)).toBe(true);
    clock.pass(1);
    expect(challenges.isFresh(alice, challenge)).toBe(false);
  });

  it('whose time was changed are not', () => {
    const challenges = new Challenges(new ManualClock(), new SeededRandom('one'));
    const challenge = challenges.issue(alice);
    for (let i = 0; i < challenge.length; i++) {
      const changed = challenge.slice();
      changed[i]! ^= 1;
      expect(challenges.isFresh(alice, changed)).toBe(false);
    }
    expect(challenges.isFresh(alice, challenge.subarray(1))).toBe(false);
  });
});
