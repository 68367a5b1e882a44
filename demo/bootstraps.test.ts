/** The page's way into the sea. */

import { expect, it } from 'vitest';
import { bootstrapsOf } from './bootstraps.ts';

it('is the own host by default, encrypted where the page is', () => {
  expect(bootstrapsOf(new URL('http://localhost:8080/?x=1'))).toEqual(['ws://localhost:8080/sea']);
  expect(bootstrapsOf(new URL('https://sea.example/demo/'))).toEqual(['wss://sea.example/sea']);
  expect(bootstrapsOf(new URL('https://sea.example/?bootstrap='))).toEqual(['wss://sea.example/sea']);
});

it('is what the parameter names, as often as it is given', () => {
  const page = new URL('https://sea.example/?bootstrap=wss://a.example/sea&bootstrap=ws://127.0.0.1:9000/');
  expect(bootstrapsOf(page)).toEqual(['wss://a.example/sea', 'ws://127.0.0.1:9000/']);
});

it.each(['https://a.example/', 'javascript:alert(1)', 'a.example'])('refuses %s', text => {
  const page = new URL('https://sea.example/');
  page.searchParams.set('bootstrap', text);
  expect(() => bootstrapsOf(page)).toThrow(expect.objectContaining({ code: 'BAD_BOOTSTRAP' }));
});
