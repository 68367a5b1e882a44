import { expect, it } from 'vitest';
import { Duplex } from './bare-duplex.ts';

it('tells listeners in order, once where asked, and not those that left', () => {
  const duplex = new Duplex();
  const heard: string[] = [];
  const second = (text: string) => void heard.push(`second ${text}`);
  duplex.once('word', (text: string) => void heard.push(`first ${text}`));
  duplex.on('word', second).on('other', () => void heard.push('other'));
  expect(duplex.emit('word', 'a')).toBe(true);
  expect(duplex.emit('word', 'b')).toBe(true);
  duplex.removeListener('word', second);
  expect(duplex.emit('word', 'c')).toBe(false);
  expect(heard).toEqual(['first a', 'second a', 'second b']);
});

it('lets a listener leave while it is told', () => {
  const duplex = new Duplex();
  const heard: number[] = [];
  const third = () => void heard.push(3);
  duplex.on('word', () => void heard.push(1));
  duplex.on('word', () => void duplex.removeListener('word', third));
  duplex.on('word', third);
  duplex.emit('word');
  duplex.emit('word');
  expect(heard).toEqual([1, 3, 1]);
});
