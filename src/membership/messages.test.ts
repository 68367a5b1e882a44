import { expect, test } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import { CONTACTS_PER_ANSWER } from './limits.ts';
import {
  type ContactInfo,
  decodeContacts,
  decodeLinkItem,
  decodeNearest,
  decodeTarget,
  encodeContacts,
  encodeLinkItem,
  encodeNearest,
  encodeTarget,
  type LinkItem,
} from './messages.ts';

const bytes = new Uint8Array(32).fill(0xab);
const address = HashAddress.from(bytes);
const sent = (value: Value): Value => decodeValue(encodeValue(value));
const bad = expect.objectContaining({ code: 'BAD_MESSAGE' }) as object;

test('contacts come through', () => {
  const contacts: ContactInfo[] = [
    { address, leaf: false, url: 'wss://a.example/sea' },
    { address, leaf: true, url: null },
  ];
  const copies = decodeContacts(sent(encodeContacts(contacts)));
  expect(copies.map(({ address: a, leaf, url }) => [a.toString(), leaf, url])).toEqual([
    [address.toString(), false, 'wss://a.example/sea'],
    [address.toString(), true, null],
  ]);
  expect(decodeContacts([])).toEqual([]);
});

test('unfit contacts are refused', () => {
  const unfit: Value[] = [
    null,
    'x',
    { 0: 1 },
    [null],
    [[]],
    [[bytes, false]],
    [[bytes, false, null, 1]],
    [[bytes.subarray(1), false, null]],
    [[bytes, 0, null]],
    [[bytes, false, 'http://x']],
    [[bytes, false, 'wss://x y']],
    [[bytes, false, `wss://${'x'.repeat(300)}`]],
    Array.from({ length: CONTACTS_PER_ANSWER + 1 }, () => [bytes, false, null]),
  ];
  for (const value of unfit) expect(() => decodeContacts(value), JSON.stringify(value)).toThrow(bad);
});

test('targets', () => {
  expect(decodeTarget(sent(encodeTarget(address))).equals(address)).toBe(true);
  for (const value of [null, [], [bytes, 1], ['x'], [bytes.subarray(2)]])
    expect(() => decodeTarget(value)).toThrow(bad);
});

test('the seed API: an address among application arguments', () => {
  expect(decodeNearest(sent(encodeNearest(address))).equals(address)).toBe(true);
  const unfit: Value[] = [null, [], [null], [null, null], [null, 'x'], [null, { $address: 'x' }], [null, [bytes]]];
  for (const value of unfit)
    expect(() => decodeNearest(value)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
});

test('signals come through', () => {
  const items: LinkItem[] = [
    'agreed',
    { kind: 'end' },
    { kind: 'description', role: 'offer', ufrag: 'abcd', password: 'p'.repeat(22), fingerprint: bytes },
    {
      kind: 'candidate',
      protocol: 'udp',
      type: 'host',
      foundation: '1',
      priority: 0xffffffff,
      address: '127.0.0.1',
      port: 65_535,
      tcpType: null,
    },
    {
      kind: 'candidate',
      protocol: 'tcp',
      type: 'srflx',
      foundation: 'f',
      priority: 0,
      address: '::1',
      port: 0,
      tcpType: 'passive',
    },
  ];
  for (const item of items) expect(decodeLinkItem(sent(encodeLinkItem(item)))).toEqual(item);
});

test('unfit signals are refused', () => {
  const candidate = ['candidate', 'udp', 'host', '1', 1, '127.0.0.1', 1, null] as const;
  const changed = (at: number, value: Value): Value => candidate.map((field, i) => (i === at ? value : field));
  const unfit: Value[] = [
    null,
    [],
    ['hello'],
    ['agreed', 1],
    ['end', null],
    ['description', 'both', 'u', 'p', bytes],
    ['description', 'offer', 'u', 'p', bytes.subarray(1)],
    ['description', 'offer', 'u'.repeat(257), 'p', bytes],
    changed(1, 'sctp'),
    changed(2, 'any'),
    changed(3, 'f'.repeat(33)),
    changed(4, 2 ** 32),
    changed(5, 'a'.repeat(65)),
    changed(6, 65_536),
    changed(7, 'odd'),
    [...candidate, 1],
  ];
  for (const value of unfit) expect(() => decodeLinkItem(value), JSON.stringify(value)).toThrow(bad);
});
