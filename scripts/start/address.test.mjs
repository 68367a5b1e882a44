/** Addresses for a visitor and for this machine's own nodes. The certificate below is for `localhost` alone and proves nothing. */

import { expect, test } from 'vitest';
import { chooseHosts, isLoopback, urlOf } from './address.mjs';

const interfaces = {
  lo: [{ address: '127.0.0.1', family: 'IPv4', internal: true }],
  eth0: [
    { address: 'fe80::1', family: 'IPv6', internal: false },
    { address: '192.168.1.5', family: 'IPv4', internal: false },
  ],
};

const forLocalhost = `-----BEGIN CERTIFICATE-----
MIIBhTCCASugAwIBAgIUamfH0BJ8d62wx3xHme4UCpoRucswCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBeDAgFw0yNjExMjEwMDEzNTZaGA8yMTI2MTAyODAwMTM1Nlow
DDEKMAgGA1UEAwwBeDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABO3wdc7XTVlg
M9OXH7XoJl4kKAeQTgfkZwChRrvzIL4992mOdi9ePE6SyUiv+qz4TTW+M0P1j69J
CBKBGUNc8DGjaTBnMB0GA1UdDgQWBBSg3sYa7xIyWaXnIE1X62PM7/w5IzAfBgNV
HSMEGDAWgBSg3sYa7xIyWaXnIE1X62PM7/w5IzAPBgNVHRMBAf8EBTADAQH/MBQG
A1UdEQQNMAuCCWxvY2FsaG9zdDAKBggqhkjOPQQDAgNIADBFAiEAp2cdm3DP2sRU
CfmhOgG9niGd2etWySP2u7o0EPEnA5wCIE/ABX03YF8PPULZEbwLFdVVyOlqyOvO
f2Y9dGBXpsH0
-----END CERTIFICATE-----
`;

test('what only this machine can reach', () => {
  expect(['127.0.0.1', '127.1.2.3', 'localhost', '::1'].map(isLoopback)).toEqual([true, true, true, true]);
  expect(['0.0.0.0', '192.168.1.5', '::', 'sea.example'].map(isLoopback)).toEqual([false, false, false, false]);
});

test('a listener on one address is opened and dialled there', () => {
  expect(chooseHosts('127.0.0.1', interfaces)).toEqual({ visitor: '127.0.0.1', local: '127.0.0.1' });
  expect(chooseHosts('sea.example', interfaces)).toEqual({ visitor: 'sea.example', local: 'sea.example' });
});

test('a listener everywhere is opened from outside, dialled from inside', () => {
  expect(chooseHosts('0.0.0.0', interfaces)).toEqual({ visitor: '192.168.1.5', local: '127.0.0.1' });
  expect(chooseHosts('0.0.0.0', { lo: interfaces.lo })).toEqual({ visitor: '127.0.0.1', local: '127.0.0.1' });
});

test('with a certificate: a host it speaks for where there is one, else the first', () => {
  expect(chooseHosts('0.0.0.0', interfaces, forLocalhost)).toEqual({ visitor: '192.168.1.5', local: 'localhost' });
  expect(chooseHosts('sea.example', interfaces, forLocalhost)).toEqual({
    visitor: 'sea.example',
    local: 'sea.example',
  });
});

test('an IPv6 address stands in brackets', () => {
  expect(urlOf('http', '127.0.0.1', 4600)).toBe('http://127.0.0.1:4600/');
  expect(urlOf('https', '::1', '443')).toBe('https://[::1]:443/');
});
