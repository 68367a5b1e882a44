import { expect, test } from 'vitest';
import { SeededRandom } from '../sim/seeded-random.ts';
import { BoundedQueue } from './bounded-queue.ts';
import { below } from './random.ts';

test('first in, first out; refuses what is over the maximum and takes it once there is room', () => {
  const queue = new BoundedQueue<string>(2);
  expect([queue.push('a'), queue.push('b'), queue.push('c')]).toEqual([true, true, false]);
  expect(queue.length).toBe(2);
  expect(queue.peek()).toBe('a');
  expect(queue.shift()).toBe('a');
  expect(queue.push('d')).toBe(true);
  expect([queue.shift(), queue.shift(), queue.shift()]).toEqual(['b', 'd', undefined]);
  expect([queue.length, queue.peek()]).toEqual([0, undefined]);
});

test('a queue of nothing takes nothing', () => {
  const queue = new BoundedQueue<number>(0);
  expect([queue.push(1), queue.shift(), queue.length]).toEqual([false, undefined, 0]);
});

test('drain empties it and leaves it usable', () => {
  const queue = new BoundedQueue<number>(10);
  for (let i = 0; i < 5; i++) queue.push(i);
  queue.shift();
  expect(queue.drain()).toEqual([1, 2, 3, 4]);
  expect([queue.length, queue.shift()]).toEqual([0, undefined]);
  expect(queue.push(9)).toBe(true);
  expect(queue.drain()).toEqual([9]);
});

test('behaves as a plain list does, through any mix of operations', () => {
  const random = new SeededRandom('bounded-queue');
  const queue = new BoundedQueue<number>(200);
  const list: number[] = [];
  for (let step = 0; step < 20_000; step++) {
    const choice = below(random, 100);
    if (choice === 0) expect(queue.drain()).toEqual(list.splice(0));
    else if (choice < (step % 2_000 < 1_000 ? 60 : 40)) {
      const fits = list.length < 200;
      expect(queue.push(step)).toBe(fits);
      if (fits) list.push(step);
    } else expect(queue.shift()).toBe(list.shift());
    expect(queue.length).toBe(list.length);
    expect(queue.peek()).toBe(list[0]);
  }
});
