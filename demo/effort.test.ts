/** What a job took, in words. */

import { describe, expect, it } from 'vitest';
import { attemptsOf, attemptsWords, programWords } from './effort.ts';

describe('attempts', () => {
  const facts = { parts: 48, redundancy: 1, failed: 0, copies: 0 };

  it('are one for each part and peer, and those that were more', () => {
    expect(attemptsOf(facts)).toBe(48);
    expect(attemptsOf({ parts: 48, redundancy: 2, failed: 3, copies: 4 })).toBe(103);
  });

  it('are named per part where nothing was done again', () => {
    expect(attemptsWords(facts)).toBe('48 parts, each computed once: nothing had to be computed again.');
    expect(attemptsWords({ ...facts, redundancy: 2 })).toMatch(/^48 parts, each computed twice: /);
    expect(attemptsWords({ ...facts, parts: 1, redundancy: 3 })).toMatch(/^1 part, each computed 3 times: /);
  });

  it('are not spoken of where there were none', () => {
    expect(attemptsWords({ ...facts, parts: 0 })).toBeUndefined();
    expect(attemptsWords({ ...facts, parts: 0, failed: 1 })).toMatch(/^No part came, and 1 attempt more\. 1 gave no/);
  });

  it('that were more are told with their reasons', () => {
    expect(attemptsWords({ ...facts, redundancy: 2, failed: 3, copies: 1 })).toBe(
      '48 parts, each computed twice, and 4 attempts more. ' +
        '3 gave no result: a peer left, failed or took too long, and another one took the part. ' +
        '1 was begun beside a peer that was slow or silent: the first answer counts.',
    );
    expect(attemptsWords({ ...facts, copies: 2 })).toBe(
      '48 parts, each computed once, and 2 attempts more. ' +
        '2 were begun beside a peer that was slow or silent: the first answer counts.',
    );
  });
});

describe('the program', () => {
  it('is not spoken of where it went nowhere', () => {
    expect(programWords({ bundleBytes: 5_000, supplied: 0, sentBytes: 0 })).toBeUndefined();
  });

  it('is told by its size, the number of peers, and what they had of it', () => {
    const facts = { bundleBytes: 1_200_000, supplied: 3, sentBytes: 1_200_100 };
    expect(programWords(facts)).toBe(
      'Program: 1.2 MB for each of 3 peers, 3.6 MB in all, of which 2.4 MB were there already.',
    );
    expect(programWords({ ...facts, supplied: 1, sentBytes: 200_000 })).toBe(
      'Program: 1.2 MB for one peer, of which 1 MB were there already.',
    );
    expect(programWords({ ...facts, sentBytes: 0 })).toBe(
      'Program: 1.2 MB for each of 3 peers, there already: nothing was sent.',
    );
    expect(programWords({ ...facts, sentBytes: 3_600_300 })).toBe(
      'Program: 1.2 MB for each of 3 peers, none of which was there before.',
    );
  });
});
