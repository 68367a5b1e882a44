import { expect, test } from 'vitest';
import { Lru } from './lru.ts';

test('keeps what was set, up to its size, and forgets the oldest', () => {
  const lru = new Lru<number>(2);
  lru.set('a', 1);
  lru.set('b', 2);
  expect([lru.get('a'), lru.get('b')]).toEqual([1, 2]);
  lru.set('c', 3);
  expect([lru.has('a'), lru.has('b'), lru.has('c')]).toEqual([false, true, true]);
  expect(lru.get('a')).toBeUndefined();
});

test('reading counts as a use, asking whether it is there does not', () => {
  const lru = new Lru<number>(2);
  lru.set('a', 1);
  lru.set('b', 2);
  lru.get('a');
  lru.has('b');
  lru.set('c', 3);
  expect([lru.has('a'), lru.has('b')]).toEqual([true, false]);
});

test('setting a kept key again replaces the value and forgets nothing', () => {
  const lru = new Lru<number>(2);
  lru.set('a', 1);
  lru.set('b', 2);
  lru.set('a', 9);
  expect([lru.get('a'), lru.get('b')]).toEqual([9, 2]);
});
