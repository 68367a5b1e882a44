/** What is read out: one line as it is, a flood as a number. */

import { expect, it } from 'vitest';
import { ChatHerald, GATHER_MS } from './chat-herald.ts';

const harbour = { kind: 'channel', name: 'harbour' } as const;
const talk = { kind: 'talk', address: 'ab'.repeat(32) } as const;

it('gathers what comes within a moment', () => {
  let nowMs = 0;
  const herald = new ChatHerald(() => nowMs);
  const after = (ms: number): string => {
    nowMs += ms;
    herald.refresh();
    return herald.words.value;
  };
  herald.heard({ who: 'Ada', words: 'hello', place: harbour });
  expect(after(GATHER_MS - 1)).toBe('');
  expect(after(1)).toBe('Ada: hello');
  herald.heard({ who: 'Ada', words: 'x'.repeat(200), place: talk });
  expect(after(GATHER_MS)).toBe(`Ada, in private: ${'x'.repeat(160)}…`);
  for (let i = 0; i < 3; i++) herald.heard({ who: 'Ada', words: 'hello', place: harbour });
  expect(after(GATHER_MS)).toBe('3 new messages in harbour');
  herald.heard({ who: 'Ada', words: 'hello', place: harbour });
  herald.heard({ who: 'Bo', words: 'hello', place: talk });
  expect(after(GATHER_MS)).toBe('2 new messages');
  expect(after(GATHER_MS)).toBe('2 new messages');
});
