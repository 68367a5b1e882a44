import { describe, expect, it } from 'vitest';
import type { HashAddress } from '../address/hash-address.ts';
import { type Attempt, type NextPart, PartTable } from './part-table.ts';
import type { Outcome, Verdict } from './quorum.ts';
import { testAddress } from './testing/test-network.ts';

const A = testAddress(1);
const B = testAddress(2);
const C = testAddress(3);
const fine: Outcome = { kind: 'output', output: Uint8Array.of(1) };
const other: Outcome = { kind: 'output', output: Uint8Array.of(2) };

/** A table with parts 0 to count - 1, and short names for its moves. */
function tableOf(count: number, redundancy = 1, usable = 3) {
  const table = new PartTable(redundancy);
  for (let index = 0; index < count; index++) table.add(index, Uint8Array.of(index));
  const next = (who: HashAddress): NextPart | undefined => table.next(who.toString(), usable);
  const start = (who: HashAddress, nowMs = 0): Attempt => table.start(next(who)!, who.toString(), nowMs);
  const vote = (attempt: Attempt, who: HashAddress, outcome: Outcome = fine): Verdict =>
    table.vote(attempt, who, outcome);
  return { table, next, start, vote };
}

describe('PartTable', () => {
  it('gives each part to one provider, in order, until none is left', () => {
    const { table, next, start } = tableOf(3);
    expect([start(A), start(B), start(A)].map(({ part }) => part.index)).toEqual([0, 1, 2]);
    expect(next(A)).toBeUndefined();
    expect([table.open, table.live, table.short]).toEqual([3, 3, 0]);
  });

  it('closes a part with its result', () => {
    const { table, start, vote } = tableOf(2);
    expect(vote(start(A), A)).toEqual({ state: 'accepted', outcome: fine, providers: [A] });
    expect([table.open, table.live, table.firstOpen?.index]).toEqual([1, 0, 1]);
  });

  it('gives a lost part out again, before fresh ones, and to somebody else first', () => {
    const { table, next, start } = tableOf(3, 1, 2);
    const lost = start(A);
    table.fail(lost);
    expect(next(A)?.part.index).toBe(1); // B has not tried it yet
    expect(next(B)).toEqual({ part: lost.part, speculative: false });
    table.fail(start(B));
    expect(next(A)?.part.index).toBe(0); // now nobody is left who has not
  });

  it('does not count an attempt that never began', () => {
    const { table, next, start } = tableOf(1);
    table.withdraw(start(A));
    expect(next(A)?.part.index).toBe(0);
    expect(table.live).toBe(0);
  });

  it('with redundancy wants distinct providers, as many as may suffice', () => {
    const { table, next, start, vote } = tableOf(1, 2);
    const [first, second] = [start(A), start(B)];
    expect([next(A), next(B), next(C)]).toEqual([undefined, undefined, undefined]);
    expect(vote(first, A)).toEqual({ state: 'open', missing: 1 });
    expect(next(C)).toBeUndefined(); // B is at it
    expect(vote(second, B, other)).toEqual({ state: 'open', missing: 1 });
    expect([next(A), next(B)]).toEqual([undefined, undefined]); // they have voted
    expect(vote(start(C), C, other)).toEqual({ state: 'accepted', outcome: other, providers: [B, C] });
    expect(table.open).toBe(0);
  });

  it('leaves the other attempts of a closed part to be taken back, and counts them no more', () => {
    const { table, start, vote } = tableOf(1);
    const slow = start(A);
    table.markLate(0);
    vote(start(B), B);
    expect([...slow.part.live.values()]).toEqual([slow]);
    expect([table.live, table.short, table.oldestStartMs]).toEqual([0, 0, undefined]);
  });

  it('wants a copy of what is late, from somebody else, and again while it stays late', () => {
    const { table, next, start } = tableOf(1);
    const slow = start(A, 100);
    expect(table.oldestStartMs).toBe(100);
    table.markLate(99);
    expect(next(B)).toBeUndefined();
    table.markLate(100);
    expect(next(A)).toBeUndefined();
    expect(next(B)).toEqual({ part: slow.part, speculative: true });
    const copy = start(B, 200);
    expect(copy.speculative).toBe(true);
    expect(next(C)).toBeUndefined();
    table.fail(copy);
    expect(next(C)).toEqual({ part: slow.part, speculative: true });
  });

  it('makes two copies at most', () => {
    const { table, next, start } = tableOf(1, 1, 9);
    start(A);
    for (const who of [B, C]) {
      table.markLate(0);
      start(who);
    }
    table.markLate(0);
    expect(next(testAddress(4))).toBeUndefined();
  });

  it('gives a late part whose provider then leaves out as an ordinary one', () => {
    const { table, next, start } = tableOf(1);
    const slow = start(A);
    table.markLate(0);
    table.fail(slow);
    expect(next(B)).toEqual({ part: slow.part, speculative: false });
    start(B);
    expect(table.short).toBe(0);
  });

  it('lets an idle provider take what waits in the queue of another, once', () => {
    const { table, start } = tableOf(2);
    const [running, waiting] = [start(A), start(A)];
    const queue = new Set([waiting]);
    expect(table.steal(A.toString(), queue)).toBeUndefined();
    expect(table.steal(B.toString(), new Set())).toBeUndefined();
    const stolen = table.steal(B.toString(), queue)!;
    expect(stolen).toEqual({ part: waiting.part, speculative: true });
    table.start(stolen, B.toString(), 0);
    expect(table.steal(C.toString(), queue)).toBeUndefined();
    expect(running.part.live.size).toBe(1);
  });
});
