import { expect, test } from 'vitest';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { REMEMBERED_BYTES_MAX, REMEMBERED_MAX, REMEMBERED_MS } from './limits.ts';
import { AnswerMemory } from './memory.ts';

const answer = (length: number = 3): Uint8Array => new Uint8Array(length).fill(7);

test('an answer is recalled, a stranger is not', () => {
  const memory = new AnswerMemory(new ManualClock());
  const kept = answer();
  memory.remember('a', kept);
  expect(memory.recall('a')).toBe(kept);
  expect(memory.recall('b')).toBeUndefined();
});

test('it is forgotten after its time', () => {
  const clock = new ManualClock();
  const memory = new AnswerMemory(clock);
  memory.remember('a', answer());
  clock.pass(REMEMBERED_MS);
  expect(memory.recall('a')).toEqual(answer());
  clock.pass(1);
  expect(memory.recall('a')).toBeUndefined();
});

test('of too large an answer only the fact is kept', () => {
  const memory = new AnswerMemory(new ManualClock());
  memory.remember('fits', answer(REMEMBERED_BYTES_MAX / 16));
  memory.remember('large', answer(REMEMBERED_BYTES_MAX / 16 + 1));
  expect(memory.recall('fits')).toBeInstanceOf(Uint8Array);
  expect(memory.recall('large')).toBe('lost');
});

test('the oldest make room, by count', () => {
  const memory = new AnswerMemory(new ManualClock());
  for (let i = 0; i <= REMEMBERED_MAX; i++) memory.remember(String(i), answer());
  expect(memory.recall('0')).toBeUndefined();
  expect(memory.recall('1')).toEqual(answer());
  expect(memory.recall(String(REMEMBERED_MAX))).toEqual(answer());
});

test('and by bytes, however often one answer is renewed', () => {
  const clock = new ManualClock();
  const memory = new AnswerMemory(clock);
  const large = answer(REMEMBERED_BYTES_MAX / 16);
  for (let i = 0; i < 40; i++) memory.remember('again', large); // counts once
  for (let i = 0; i < 15; i++) memory.remember(String(i), large);
  expect(memory.recall('again')).toBe(large);
  memory.remember('one more', large);
  expect(memory.recall('again')).toBeUndefined();
  expect(memory.recall('0')).toBe(large);
});
