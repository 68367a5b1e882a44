/** Who may have how much unread: exact amounts, one peer after another, and back to nothing. */

import { describe, expect, it } from 'vitest';
import { below } from '../base/random.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { CONS_MAX, UNREAD_ALL_BYTES_MAX, UNREAD_CON_BYTES, UNREAD_PEER_BYTES_MAX } from './limits.ts';
import { type Share, UnreadShares } from './unread-shares.ts';

const SHARED_BYTES = UNREAD_ALL_BYTES_MAX - CONS_MAX * UNREAD_CON_BYTES;

/** Takes all there is to be had, a KiB at a time. */
function fill(share: Share): number {
  const before = share.bytes();
  while (share.take(1_024));
  return share.bytes() - before;
}

describe('the share of a con', () => {
  it('is its own at first, then of the part that all share', () => {
    const shares = new UnreadShares();
    const share = shares.of('a');
    expect([share.take(UNREAD_CON_BYTES), shares.taken]).toEqual([true, 0]);
    expect([share.take(10), shares.taken]).toEqual([true, 10]);
    expect(share.take(UNREAD_PEER_BYTES_MAX)).toBe(false);
    expect([share.bytes(), shares.taken]).toEqual([UNREAD_CON_BYTES + 10, 10]);
    share.give(20);
    expect([share.bytes(), shares.taken]).toEqual([UNREAD_CON_BYTES - 10, 0]);
    share.give(share.bytes());
    expect([share.bytes(), shares.taken]).toEqual([0, 0]);
  });

  it('is smaller the less is free, and never less than its own', () => {
    const shares = new UnreadShares();
    const got = Array.from({ length: CONS_MAX }, (_, i) => fill(shares.of(`peer ${i}`)));
    expect(got[0]).toBeGreaterThan(0.75 * UNREAD_PEER_BYTES_MAX);
    expect(got).toEqual(got.toSorted((a, b) => b - a));
    expect(got[128]).toBeGreaterThanOrEqual(UNREAD_CON_BYTES + 49_152); // after 128 who took all they could
    expect(got.at(-1)).toBeGreaterThanOrEqual(UNREAD_CON_BYTES);
    const all = got.reduce((sum, bytes) => sum + bytes);
    expect(all).toBeLessThanOrEqual(UNREAD_ALL_BYTES_MAX);
    expect(all).toBeGreaterThan(0.95 * UNREAD_ALL_BYTES_MAX);
  });

  it('counts with the others of the same peer', () => {
    const shares = new UnreadShares();
    const alone = fill(shares.of('a'));
    const [first, second] = [shares.of('b'), shares.of('b')];
    const one = fill(first);
    expect(one).toBeLessThan(alone);
    expect(fill(second)).toBe(UNREAD_CON_BYTES);
    first.give(first.bytes());
    expect(fill(second) + UNREAD_CON_BYTES).toBe(one);
  });

  it('has half of it for what can do with less, and gives that back when others come', () => {
    const shares = new UnreadShares();
    const share = shares.of('a');
    const got = share.adjust(0, SHARED_BYTES);
    expect(got).toBe(UNREAD_CON_BYTES + UNREAD_PEER_BYTES_MAX / 2);
    expect(share.adjust(got, SHARED_BYTES)).toBeLessThan(0); // it has taken room from itself
    expect(share.take(UNREAD_PEER_BYTES_MAX / 8)).toBe(true);
    for (let i = 0; i < 64; i++) fill(shares.of(`peer ${i}`));
    const before = share.bytes();
    expect(share.adjust(1_000, SHARED_BYTES)).toBe(-1_000);
    expect(Math.abs(share.adjust(0, SHARED_BYTES))).toBe(0);
    share.adjust(SHARED_BYTES, SHARED_BYTES);
    expect(share.bytes()).toBeLessThan(before / 4);
    expect(share.bytes()).toBeGreaterThanOrEqual(UNREAD_CON_BYTES);
  });

  it.each(['one', 'two', 'three'])('is bounded whatever is done, and leaves nothing behind: seed %s', seed => {
    const random = new SeededRandom(seed);
    const shares = new UnreadShares();
    const all = Array.from({ length: 200 }, (_, i) => shares.of(`peer ${i % 40}`));
    for (let step = 0; step < 20_000; step++) {
      const share = all[below(random, all.length)]!;
      const bytes = below(random, 4_000_000);
      const dice = below(random, 8);
      if (dice < 4) share.take(bytes);
      else if (dice < 6) share.give(below(random, share.bytes() + 1));
      else if (dice < 7) share.adjust(below(random, share.bytes() + 1), bytes);
      else share.give(share.bytes());
      const beyond = all.reduce((sum, one) => sum + Math.max(0, one.bytes() - UNREAD_CON_BYTES), 0);
      if (shares.taken !== beyond || beyond > SHARED_BYTES) expect(shares.taken).toBe(beyond);
    }
    expect(shares.taken).toBeLessThanOrEqual(SHARED_BYTES);
    for (const share of all) share.give(share.bytes());
    expect(shares.taken).toBe(0);
    expect(shares.of('peer 1').take(UNREAD_CON_BYTES + UNREAD_PEER_BYTES_MAX)).toBe(true);
  });
});
