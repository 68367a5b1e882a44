/** What strangers send: what is a line, what is cleaned from it, and how many are kept. */

import { expect, it } from 'vitest';
import { ChatLog, cleanName, cleanText, LINES_MAX, NAME_LENGTH_MAX, readSaid, TEXT_LENGTH_MAX } from './chat-lines.ts';

it('a line has an id, perhaps a name, and a text of 1 to 1,000 characters', () => {
  expect(readSaid({ id: 'a', name: 'Ada', text: ' hello ' })).toEqual({ id: 'a', name: 'Ada', text: 'hello' });
  expect(readSaid({ id: 'a', text: 'x'.repeat(TEXT_LENGTH_MAX) })?.name).toBe('');
  expect(readSaid({ id: 'a', name: 7, text: 'x' })?.name).toBe('');
  const unfit = [
    null,
    'hello',
    [1],
    {},
    { id: 'a' },
    { id: '', text: 'x' },
    { id: 'i'.repeat(65), text: 'x' },
    { id: 7, text: 'x' },
    { id: 'a', text: '' },
    { id: 'a', text: ' \n\u202e ' },
    { id: 'a', text: 'x'.repeat(TEXT_LENGTH_MAX + 1) },
    { id: 'a', text: ['x'] },
  ];
  for (const value of unfit) expect(readSaid(value), JSON.stringify(value)).toBeUndefined();
});

it('what is not seen, or turns what is, is taken out; words and emoji stay', () => {
  expect(cleanText('a\u0000b\u202ec\u2066d\ufeff\u0007')).toBe('abcd');
  expect(cleanText('one\r\ntwo\n\n\n\nthree')).toBe('one\ntwo\n\nthree');
  expect(cleanText('<b>👩‍🚀 שלום</b>')).toBe('<b>👩‍🚀 שלום</b>');
});

it('a name is one line of at most 32 characters', () => {
  expect(cleanName('  Ada \n the\tfirst ')).toBe('Ada the first');
  expect(cleanName('n'.repeat(NAME_LENGTH_MAX))).toHaveLength(NAME_LENGTH_MAX);
  expect(cleanName('n'.repeat(NAME_LENGTH_MAX + 1))).toHaveLength(NAME_LENGTH_MAX);
  expect([...cleanName('🦀'.repeat(40))]).toHaveLength(NAME_LENGTH_MAX);
});

it('a log says each line once, keeps the last, and marks what became of one', () => {
  const log = new ChatLog();
  const line = (id: string) => ({ id, from: 'me', text: id, atMs: 0, fate: 'leaving' }) as const;
  expect(log.add(line('0'))).toBe(true);
  expect(log.add(line('0'))).toBe(false);
  for (let i = 1; i <= LINES_MAX; i++) log.add(line(String(i)));
  expect(log.lines.value).toHaveLength(LINES_MAX);
  expect(log.lines.value[0]!.id).toBe('1');
  log.mark('2', 'sent');
  expect(log.lines.value.slice(0, 3).map(({ fate }) => fate)).toEqual(['leaving', 'sent', 'leaving']);
});
