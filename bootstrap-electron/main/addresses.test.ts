import type { NetworkInterfaceInfo } from 'node:os';
import { expect, it } from 'vitest';
import { defaultSettings } from '../shared/settings.ts';
import { addressesToGive } from './addresses.ts';

function at(address: string, internal: boolean = false): NetworkInterfaceInfo {
  const common = { address, netmask: '', mac: '', internal, cidr: null };
  return address.includes(':') ? { ...common, family: 'IPv6', scopeid: 0 } : { ...common, family: 'IPv4' };
}

const interfaces = {
  lo: [at('127.0.0.1', true), at('::1', true)],
  one: [at('2001:db8::5'), at('fe80::1'), at('192.168.1.7')],
  two: undefined,
  three: [at('169.254.3.4'), at('10.1.1.1')],
};

it('gives this computer only where only it can connect', () => {
  expect(addressesToGive(defaultSettings, 4600, interfaces)).toEqual({
    wsUrls: ['ws://127.0.0.1:4600/sea'],
    pageUrls: ['http://127.0.0.1:4600/'],
  });
});

it('gives every address that reaches further, IPv4 first', () => {
  const { wsUrls, pageUrls } = addressesToGive({ ...defaultSettings, reach: 'network' }, 4600, interfaces);
  expect(wsUrls).toEqual([
    'ws://192.168.1.7:4600/sea',
    'ws://10.1.1.1:4600/sea',
    'ws://[2001:db8::5]:4600/sea',
    'ws://127.0.0.1:4600/sea',
  ]);
  expect(pageUrls[2]).toBe('http://[2001:db8::5]:4600/');
});

it('puts a public URL first and speaks https with a certificate', () => {
  const settings = { ...defaultSettings, publicUrl: 'wss://sea.example.org/sea', certFile: '/a', keyFile: '/b' };
  expect(addressesToGive(settings, 443, {})).toEqual({
    wsUrls: ['wss://sea.example.org/sea', 'wss://127.0.0.1:443/sea'],
    pageUrls: ['https://sea.example.org/', 'https://127.0.0.1/'],
  });
});
