import { describe, expect, it } from 'vitest';
import type { CandidateSignal, DescriptionSignal, Signal } from './link-factory.ts';
import { checkSignal, isAddress, isIpv4, isIpv6 } from './signal-check.ts';

const description: DescriptionSignal = {
  kind: 'description',
  role: 'offer',
  ufrag: 'ptPH',
  password: 'WVTRJyFh5nwGFf7+xmIsu6nL',
  fingerprint: new Uint8Array(32),
};

const candidate: CandidateSignal = {
  kind: 'candidate',
  protocol: 'udp',
  type: 'host',
  foundation: '2406547678',
  priority: 2_122_194_687,
  address: '192.0.2.2',
  port: 42_577,
  tcpType: null,
};

const refused = (signal: unknown): void => {
  expect(() => checkSignal(signal as Signal)).toThrow(expect.objectContaining({ code: 'BAD_MESSAGE' }));
};

describe('checkSignal', () => {
  it('returns fit signals as they are', () => {
    const fit: Signal[] = [
      { kind: 'end' },
      description,
      { ...description, role: 'answer', ufrag: 'a'.repeat(256), password: '/'.repeat(256) },
      candidate,
      { ...candidate, port: 1, priority: 0, foundation: '+' },
      { ...candidate, port: 65_535, priority: 0xffff_ffff, foundation: 'f'.repeat(32) },
      { ...candidate, protocol: 'tcp', tcpType: 'so', type: 'relay' },
      { ...candidate, address: 'eb1845b0-b40c-46ae-8e07-9c7c85354006.local' },
    ];
    for (const signal of fit) expect(checkSignal(signal)).toBe(signal);
  });

  it('refuses each field that is unfit', () => {
    const changes: Partial<Record<keyof DescriptionSignal, unknown[]>> = {
      kind: ['', 'transceiverRequest', undefined],
      role: ['pranswer', 'rollback', undefined],
      ufrag: ['abc', 'a'.repeat(257), 'ab d', 'ptPH\r\n', 'ptPH\n', 'pt-H', 4, undefined],
      password: ['WVTRJyFh5nwGFf7+xmIsu', '/'.repeat(257), 'WVTRJyFh5nwGFf7+xmIsu6n\n', null],
      fingerprint: [new Uint8Array(31), new Uint8Array(33), '00', Array.from({ length: 32 }, () => 0), undefined],
    };
    for (const [field, values] of Object.entries(changes)) {
      for (const value of values) refused({ ...description, [field]: value });
    }
    const unfit: Partial<Record<keyof CandidateSignal, unknown[]>> = {
      protocol: ['UDP', 'ssltcp', undefined],
      type: ['local', '', undefined],
      foundation: ['', 'f'.repeat(33), 'a b', 1],
      priority: [-1, 0x1_0000_0000, 1.5, Number.NaN, '1'],
      port: [0, 65_536, 1.5, '80', undefined],
      tcpType: ['active', 'passive', undefined],
      address: [
        '',
        'localhost',
        'example.org',
        '192.0.2.2 ',
        '192.0.2.2\r\na=x',
        'EB18.local',
        `${'a'.repeat(60)}.local`,
      ],
    };
    for (const [field, values] of Object.entries(unfit)) {
      for (const value of values) refused({ ...candidate, [field]: value });
    }
    for (const tcpType of [null, 'ACTIVE', undefined]) refused({ ...candidate, protocol: 'tcp', tcpType });
  });
});

describe('isAddress', () => {
  it('knows IPv4', () => {
    for (const text of ['0.0.0.0', '127.0.0.1', '255.255.255.255']) expect(isIpv4(text)).toBe(true);
    for (const text of [
      '',
      '1.2.3',
      '1.2.3.4.5',
      '256.0.0.1',
      '01.2.3.4',
      '1.2.3.4 ',
      '1..2.3',
      '0x1.2.3.4',
      '-1.2.3.4',
    ]) {
      expect(isIpv4(text)).toBe(false);
    }
  });

  it('knows IPv6', () => {
    const fit = ['::', '::1', 'fe80::1', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8', '::ffff:192.0.2.1'];
    for (const text of [...fit, '1:2:3:4:5:6:192.0.2.1', '2001:DB8::a:b']) expect(isIpv6(text), text).toBe(true);
    const unfit = [
      '',
      ':',
      ':::',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '1::2::3',
      '::1:2:3:4:5:6:7:8',
      'fe80::1%eth0',
    ];
    for (const text of [
      ...unfit,
      '12345::',
      'g::',
      '1:2:3:4:5:6:7:192.0.2.1',
      '192.0.2.1::',
      '::192.0.2.256',
      '1.2.3.4',
    ]) {
      expect(isIpv6(text), text).toBe(false);
    }
  });

  it('takes browser names under .local and nothing else that is a name', () => {
    for (const text of ['a.local', `${'a'.repeat(58)}.local`]) expect(isAddress(text)).toBe(true);
    for (const text of ['.local', 'a.b.local', 'a.locale', 'local', 'a_b.local', `${'a'.repeat(59)}.local`, 7, null]) {
      expect(isAddress(text)).toBe(false);
    }
  });
});
