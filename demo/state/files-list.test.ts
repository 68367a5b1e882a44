/** The list of the visitor's files between visits and between tabs. */

import { beforeEach, expect, it } from 'vitest';
import { FilesList, type KeptFile } from './files-list.ts';

const file = (name: string): KeptFile => ({
  name,
  type: 'image/png',
  bytes: 10,
  k: 1,
  n: 2,
  storedAtMs: 1,
  endsAtMs: 2,
  read: `sea-read:${name}`,
  delete: `sea-delete:${name}`,
});

let items: Map<string, string>;
const storage = {
  getItem: (key: string): string | null => items.get(key) ?? null,
  setItem: (key: string, value: string): void => void items.set(key, value),
  removeItem: (key: string): void => void items.delete(key),
};
const names = (list: FilesList): string[] => list.files.value.map(({ name }) => name);

beforeEach(() => {
  items = new Map();
});

it('is there at the next visit, the newest first, and leaves nothing behind when it is empty', () => {
  const list = new FilesList(storage);
  expect(items.size).toBe(0);
  list.add(file('a'));
  list.add(file('b'));
  expect(new FilesList(storage).files.value).toEqual([file('b'), file('a')]);
  list.remove('sea-read:b');
  expect(names(new FilesList(storage))).toEqual(['a']);
  list.remove('sea-read:a');
  expect(items.size).toBe(0);
});

it('is one list for all tabs', () => {
  const [one, other] = [new FilesList(storage), new FilesList(storage)];
  one.add(file('a'));
  other.add(file('b'));
  expect(names(other)).toEqual(['b', 'a']);
  one.reread();
  expect(names(one)).toEqual(['b', 'a']);
});

it('leaves out what is no file', () => {
  const key = 'peersea.files';
  for (const text of ['', 'null', '[]', '{"version":2,"files":[]}', '{"version":1,"files":{}}']) {
    items.set(key, text);
    expect(names(new FilesList(storage))).toEqual([]);
  }
  const broken = [{ ...file('x'), bytes: 'many' }, null, 7, { ...file('y'), read: undefined }];
  items.set(key, JSON.stringify({ version: 1, files: [...broken, file('z')] }));
  expect(names(new FilesList(storage))).toEqual(['z']);
});

it('lasts as long as the page where the browser keeps nothing, and says so', () => {
  const refuse = (): never => {
    throw new Error('refused');
  };
  const list = new FilesList({ getItem: refuse, setItem: refuse, removeItem: refuse });
  list.add(file('a'));
  list.add(file('b'));
  expect(names(list)).toEqual(['b', 'a']);
  expect(list.isKept.value).toBe(false);
});
