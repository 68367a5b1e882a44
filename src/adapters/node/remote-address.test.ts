import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { addressKey, clientAddress } from './remote-address.ts';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['unknown', 'unknown'],
])('%s counts as %s', (address, key) => {
  expect(addressKey(address)).toBe(key);
});

function request(remoteAddress: string | undefined, forwarded?: string): IncomingMessage {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

test('without a trusted proxy the header is the stranger’s word and does not count', () => {
  expect(clientAddress(request('192.0.2.1', '203.0.113.9'), false)).toBe('192.0.2.1');
  expect(clientAddress(request(undefined), false)).toBe('unknown');
});

test('a trusted proxy’s own entry is the last', () => {
  expect(clientAddress(request('127.0.0.1', '10.0.0.1, 203.0.113.9'), true)).toBe('203.0.113.9');
  expect(clientAddress(request('127.0.0.1', '2001:db8::1'), true)).toBe('2001:db8::1');
  expect(clientAddress(request('127.0.0.1', 'nonsense'), true)).toBe('127.0.0.1');
  expect(clientAddress(request('127.0.0.1'), true)).toBe('127.0.0.1');
});
