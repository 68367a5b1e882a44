/** Links as addresses, and back. */

import { expect, it } from 'vitest';
import { isOfThisMachine, linkIn, shareAddress } from './share-address.ts';

const read = 'sea-read:Ab-_0';

it('keeps the way into the sea, and nothing of what stood behind the #', () => {
  expect(shareAddress('http://127.0.0.1:4600/', read)).toBe(`http://127.0.0.1:4600/#files/${read}`);
  expect(shareAddress('https://a.example/sea/?bootstrap=wss%3A%2F%2Fb%2Fsea#chat/harbour', read)).toBe(
    `https://a.example/sea/?bootstrap=wss%3A%2F%2Fb%2Fsea#files/${read}`,
  );
});

it('finds the link in what was pasted', () => {
  expect(linkIn(shareAddress('http://127.0.0.1:4600/', read))).toBe(read);
  expect(linkIn(`look:  ${read}\n`)).toBe(read);
  expect(linkIn('sea-delete:xyz')).toBe('sea-delete:xyz');
  expect(linkIn('https://example.com/')).toBeUndefined();
});

it('knows addresses that lead nowhere from another device', () => {
  const own = ['http://127.0.0.1:4600/', 'http://localhost/', 'http://h3.localhost:1/', 'http://[::1]:4600/'];
  expect(own.map(each => isOfThisMachine(new URL(each).hostname))).toEqual([true, true, true, true]);
  const others = [
    'https://192.168.1.5/',
    'https://localhost.example/',
    'http://127.0.0.1.example/',
    'https://a.example/',
  ];
  expect(others.map(each => isOfThisMachine(new URL(each).hostname))).toEqual([false, false, false, false]);
});
