import { expect, it } from 'vitest';
import { BytePool } from './byte-pool.ts';

it('gives one as much as it may have while all is free, and less the less is', () => {
  const pool = new BytePool(1_000, 100);
  expect(pool.room('a')).toBe(100);
  expect(pool.take('a', 81)).toBe(true);
  expect(pool.take('a', 4)).toBe(false); // 100 * 0.919 * 0.919 = 84.5
  expect(pool.take('b', 84)).toBe(true);
  expect(pool.taken).toBe(165);
  expect(pool.room('b')).toBeLessThan(0);
  expect(pool.room('c', 0.5)).toBeCloseTo(50 * 0.835 * 0.835);
});

it('has something for whoever comes next, and never more than its budget in all', () => {
  const pool = new BytePool(1_000_000, 100_000);
  for (let one = 0; one < 200; one++) {
    const room = Math.floor(pool.room(`${one}`));
    expect(room).toBeGreaterThan(0);
    expect(pool.take(`${one}`, room)).toBe(true);
  }
  expect(pool.taken).toBeLessThan(1_000_000);
  for (let one = 0; one < 200; one++) pool.change(`${one}`, pool.room(`${one}`, 0));
  expect(pool.taken).toBe(0);
  expect(pool.take('late', 100_000)).toBe(true);
});
