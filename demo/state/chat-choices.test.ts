/** What the chat keeps on this device. */

import { expect, it } from 'vitest';
import { MemoryStorage } from '../testing/memory-storage.ts';
import { forgetChoices, readChoices, writeChoices } from './chat-choices.ts';

const nothing = { name: '', channels: [] };

it('is what was chosen, until it is forgotten', () => {
  const storage = new MemoryStorage();
  expect(readChoices(storage)).toEqual(nothing);
  writeChoices(storage, { name: 'Ada', channels: ['tea'] });
  expect(readChoices(storage)).toEqual({ name: 'Ada', channels: ['tea'] });
  forgetChoices(storage);
  expect(readChoices(storage)).toEqual(nothing);
});

it('is nothing where it makes no sense or storage is refused', () => {
  const storage = new MemoryStorage();
  for (const text of ['', '7', 'null', '{', '{"name":7,"channels":{}}']) {
    storage.setItem('peersea.chat', text);
    expect(readChoices(storage), text).toEqual(nothing);
  }
  storage.setItem('peersea.chat', '{"name":" a ","channels":["tea","Tea!",7,"harbour","t"]}');
  expect(readChoices(storage)).toEqual({ name: 'a', channels: ['tea', 't'] });
  const refused = (): never => {
    throw new Error('refused');
  };
  const none = { getItem: refused, setItem: refused, removeItem: refused };
  expect(readChoices(none)).toEqual(nothing);
  writeChoices(none, nothing);
  forgetChoices(none);
});
