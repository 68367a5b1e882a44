import { expect, test } from 'vitest';
import { judgeUpgrade, normalOrigin, type UpgradePolicy } from './upgrade-policy.ts';

const open: UpgradePolicy = { path: '/sea', origins: '*', hosts: undefined };
const strict: UpgradePolicy = { path: '/sea', origins: ['https://sea.example.org'], hosts: ['sea.example.org'] };
const host = 'sea.example.org';

test('a fit request tells the host that was dialled', () => {
  expect(judgeUpgrade({ url: '/sea', headers: { host: 'Sea.Example.org:8443' } }, open)).toEqual({
    outcome: 'fit',
    host: 'sea.example.org:8443',
  });
  expect(judgeUpgrade({ url: '/sea?x=1', headers: { host, origin: 'https://anywhere.example' } }, open).outcome).toBe(
    'fit',
  );
  expect(judgeUpgrade({ url: '/sea', headers: { host, origin: 'https://sea.example.org' } }, strict).outcome).toBe(
    'fit',
  );
  expect(judgeUpgrade({ url: '/sea', headers: { host: `${host}:443` } }, strict)).toEqual({ outcome: 'fit', host });
});

test.each([
  ['another path', '/other', { host }, open, 404],
  ['a longer path', '/sea/', { host }, open, 404],
  ['no host', '/sea', {}, open, 400],
  ['a malformed host', '/sea', { host: 'a/b' }, open, 400],
  ['another server’s host', '/sea', { host: 'evil.example' }, strict, 421],
  ['a foreign page', '/sea', { host, origin: 'https://evil.example' }, strict, 403],
  ['an opaque origin', '/sea', { host, origin: 'null' }, strict, 403],
  ['an origin that only begins alike', '/sea', { host, origin: 'https://sea.example.org.evil.example' }, strict, 403],
])('%s is refused', (_what, url, headers, policy, status) => {
  expect(judgeUpgrade({ url, headers }, policy)).toMatchObject({ outcome: 'refused', status });
});

test.each([
  ['https://sea.example.org', 'https://sea.example.org'],
  ['HTTPS://Sea.Example.org:443/', 'https://sea.example.org'],
  ['http://127.0.0.1:5173', 'http://127.0.0.1:5173'],
  ['moz-extension://0c5f8e2a-11aa', 'moz-extension://0c5f8e2a-11aa'],
])('the origin %s is %s', (text, origin) => {
  expect(normalOrigin(text)).toBe(origin);
});

test.each([
  'foo',
  'sea.example.org',
  'null',
  '*',
  '',
  'https://',
  'https://sea.example.org/page',
  'https://sea.example.org/?',
  'https://user@sea.example.org',
  'ws:',
  'moz-extension://a/b',
])('%j is no origin', text => {
  expect(() => normalOrigin(text)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
});
