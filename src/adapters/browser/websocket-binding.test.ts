import { expect, test } from 'vitest';
import { hostBinding, normalHost } from './websocket-binding.ts';

test.each([
  ['Sea.Example.ORG', 'sea.example.org'],
  ['sea.example.org:80', 'sea.example.org'],
  ['sea.example.org:443', 'sea.example.org'],
  ['sea.example.org:8443', 'sea.example.org:8443'],
  ['sea.example.org:08443', 'sea.example.org:8443'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['127.1:9000', '127.0.0.1:9000'],
  ['[::0001]:9000', '[::1]:9000'],
  ['localhost:1443', 'localhost:1443'],
])('%s is written %s', (text, host) => {
  expect(normalHost(text)).toBe(host);
});

test.each([
  '',
  ' ',
  'a b',
  'user@host',
  'host/path',
  'host?x',
  'host#x',
  'host\\x',
  'host:port',
  'host:65536',
  '[::1',
  `${'a'.repeat(260)}`,
])('%j is no host', text => {
  expect(normalHost(text)).toBeUndefined();
});

test('a binding is the bytes of the host', () => {
  expect([...hostBinding('a.b:1')]).toEqual([97, 46, 98, 58, 49]);
});
