import { describe, expect, it } from 'vitest';
import { LruMap } from './lru-map.ts';

describe('LruMap', () => {
  it('gives up the entry used longest ago', () => {
    const map = new LruMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    expect(map.get('a')).toBe(1);
    map.set('c', 3);
    expect([map.has('a'), map.has('b'), map.has('c'), map.size]).toEqual([true, false, true, 2]);
  });

  it('looking whether a key is there does not count as use', () => {
    const map = new LruMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.has('a');
    map.set('c', 3);
    expect([map.has('a'), map.has('b')]).toEqual([false, true]);
  });

  it('counts weights: replacing and deleting make room, one too heavy is refused and changes nothing', () => {
    const map = new LruMap<string, string>(10, text => text.length);
    expect(map.set('a', '12345')).toBe(true);
    expect(map.set('b', '12345')).toBe(true);
    expect(map.set('a', '123')).toBe(true);
    expect(map.set('c', '12')).toBe(true);
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual(['123', '12345', '12']);
    expect(map.set('a', '12345678901')).toBe(false);
    expect(map.get('a')).toBe('123');
    map.delete('b');
    map.delete('b');
    expect(map.set('d', '12345')).toBe(true);
    expect(map.size).toBe(3);
  });

  it('one heavy entry pushes out several light ones', () => {
    const map = new LruMap<number, number>(10, weight => weight);
    for (let i = 1; i <= 4; i++) map.set(i, 2);
    map.set(9, 7);
    expect([1, 2, 3, 4, 9].map(key => map.has(key))).toEqual([false, false, false, true, true]);
  });
});
