import { describe, expect, it } from 'vitest';
import { SeaError } from '../base/errors.ts';
import { castVote, decide, type Outcome, type Vote, votesMax } from './quorum.ts';
import { testAddress } from './testing/test-network.ts';

function output(byte: number): Outcome {
  return { kind: 'output', output: Uint8Array.of(byte) };
}

function trap(code: SeaError['code'], detail: string): Outcome {
  return { kind: 'error', error: new SeaError(code, detail) };
}

/** Votes by providers 0, 1, 2 … in turn. */
function cast(redundancy: number, ...outcomes: readonly Outcome[]): Vote[] {
  return outcomes.map((outcome, provider) => castVote(testAddress(provider), outcome, redundancy));
}

describe('decide', () => {
  it('takes the first result when one is enough, and compares nothing', () => {
    const votes = cast(1, output(5));
    expect(votes[0]!.fingerprint).toBe('');
    expect(decide(votes, 1)).toEqual({ state: 'accepted', outcome: output(5), providers: [testAddress(0)] });
  });

  it('accepts what enough providers say, and names those', () => {
    expect(decide(cast(2, output(5), output(6), output(5)), 2)).toEqual({
      state: 'accepted',
      outcome: output(5),
      providers: [testAddress(0), testAddress(2)],
    });
  });

  it.each([
    [2, [], 2],
    [2, [1], 1],
    [2, [1, 2], 1],
    [2, [1, 2, 3, 4], 1],
    [3, [1, 1], 1],
    [3, [1, 2, 3, 4, 5], 2],
    [3, [1, 2, 3, 4, 4, 5], 1],
  ])('redundancy %i, results %j: %i missing', (redundancy, bytes, missing) => {
    expect(decide(cast(redundancy, ...bytes.map(output)), redundancy)).toEqual({ state: 'open', missing });
  });

  it.each([
    [2, [1, 2, 3, 4, 5]],
    [3, [1, 2, 3, 4, 5, 6]],
    [3, [1, 1, 2, 2, 3, 3, 4]],
  ])('redundancy %i, results %j: disagreed', (redundancy, bytes) => {
    expect(decide(cast(redundancy, ...bytes.map(output)), redundancy)).toEqual({ state: 'disagreed' });
  });

  it('compares errors by their code, whatever their text', () => {
    const verdict = decide(cast(2, trap('TASK_TRAPPED', 'unreachable'), trap('TASK_TRAPPED', 'told by a peer')), 2);
    expect(verdict.state).toBe('accepted');
    expect(decide(cast(2, trap('TASK_TRAPPED', 'a'), trap('OUTPUT_TOO_LARGE', 'a')), 2).state).toBe('open');
  });

  it('takes one output, but never the error of one alone', () => {
    const [trapped, large] = [trap('TASK_TRAPPED', 'a'), trap('OUTPUT_TOO_LARGE', 'a')];
    expect(decide(cast(1, trapped), 1)).toEqual({ state: 'open', missing: 1 });
    expect(decide(cast(1, trapped, large), 1)).toEqual({ state: 'open', missing: 1 });
    const providers = [testAddress(0), testAddress(2)];
    expect(decide(cast(1, trapped, large, trapped), 1)).toEqual({ state: 'accepted', outcome: trapped, providers });
    const [vote] = [testAddress(1)];
    expect(decide(cast(1, trapped, output(5)), 1)).toEqual({
      state: 'accepted',
      outcome: output(5),
      providers: [vote],
    });
  });

  it('never takes an output for an error, nor a prefix for the whole', () => {
    const [empty, zero] = cast(2, { kind: 'output', output: new Uint8Array(0) }, output(0));
    expect(empty!.fingerprint).not.toBe(zero!.fingerprint);
    expect(empty!.fingerprint).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('asks at most 2r + 1', () => {
    expect([1, 2, 3].map(votesMax)).toEqual([3, 5, 7]);
  });
});
