import { describe, expect, it } from 'vitest';
import { RunQueue } from './run-queue.ts';

describe('RunQueue', () => {
  it('holds two items of a requester, and as many in all as it is told', () => {
    const queue = new RunQueue<number>();
    expect([queue.push('a', 1, 3), queue.push('a', 2, 3), queue.push('a', 3, 3)]).toEqual([true, true, false]);
    expect([queue.push('b', 4, 3), queue.push('b', 5, 3), queue.push('c', 6, 3)]).toEqual([true, false, false]);
    expect(queue.length).toBe(3);
  });

  it('lets requesters take turns, each first in first out', () => {
    const queue = new RunQueue<string>();
    for (const item of ['a1', 'a2', 'b1', 'b2', 'c1']) queue.push(item[0]!, item, 10);
    expect([1, 2, 3, 4, 5, 6].map(() => queue.shift())).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', undefined]);
    expect(queue.length).toBe(0);
  });

  it('gives a place of one that has several to one that has none, the newest first', () => {
    const queue = new RunQueue<string>();
    for (const item of ['a1', 'b1', 'b2']) queue.push(item[0]!, item, 3);
    expect([queue.displace('a'), queue.displace('c'), queue.displace('c')]).toEqual([undefined, 'b2', undefined]);
    expect([queue.length, queue.push('c', 'c1', 3)]).toEqual([2, true]);
    expect([1, 2, 3].map(() => queue.shift())).toEqual(['a1', 'b1', 'c1']);
  });

  it('removes one item, and says so', () => {
    const queue = new RunQueue<number>();
    queue.push('a', 1, 10);
    queue.push('a', 2, 10);
    expect([queue.of('a'), queue.of('b')]).toEqual([[1, 2], []]);
    expect([queue.remove('a', 1), queue.remove('a', 1), queue.remove('b', 2)]).toEqual([true, false, false]);
    expect([queue.length, queue.shift(), queue.shift()]).toEqual([1, 2, undefined]);
  });

  it('drains', () => {
    const queue = new RunQueue<number>();
    queue.push('a', 1, 10);
    queue.push('b', 2, 10);
    expect(queue.drain()).toEqual([1, 2]);
    expect([queue.length, queue.shift()]).toEqual([0, undefined]);
  });
});
