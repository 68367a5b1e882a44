/** The verdict's words. */

import { expect, it } from 'vitest';
import { verdictOf } from './verdict.ts';

const facts = { parts: 48, providers: ['a', 'b', 'c'], ownAddress: 'z', redundancy: 1, elapsedMs: 3_250 };

it('names peers, parts and time, and says when nothing was compared', () => {
  expect(verdictOf(facts)).toBe(
    'Computed by 3 peers: 48 parts in 3.2 s. Each part was computed once; nothing was compared.',
  );
});

it('counts this device as the peer it is', () => {
  expect(verdictOf({ ...facts, ownAddress: 'b' })).toMatch(/^Computed by 3 peers, this device among them: 48 parts/);
  expect(verdictOf({ ...facts, parts: 1, providers: ['b'], ownAddress: 'b' })).toMatch(
    /^Computed by 1 peer, this device itself: 1 part in/,
  );
});

it('says how often each part was computed', () => {
  expect(verdictOf({ ...facts, redundancy: 2 })).toMatch(/Every part was computed by 2 peers with equal results\.$/);
});
