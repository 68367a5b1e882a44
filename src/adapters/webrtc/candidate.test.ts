import { describe, expect, it } from 'vitest';
import type { CandidateSignal } from '../../ports/link-factory.ts';
import { isTriable, readCandidate, writeCandidate } from './candidate.ts';

const host: CandidateSignal = {
  kind: 'candidate',
  protocol: 'udp',
  type: 'host',
  foundation: '2406547678',
  priority: 2_122_194_687,
  address: '192.0.2.2',
  port: 42_577,
  tcpType: null,
};

describe('readCandidate', () => {
  it('reads what Chromium, Firefox and wrtc write', () => {
    const name = 'eb1845b0-b40c-46ae-8e07-9c7c85354006.local';
    const samples: [string, Partial<CandidateSignal>][] = [
      ['candidate:2406547678 1 udp 2122194687 192.0.2.2 42577 typ host generation 0 ufrag +lMC network-id 1', {}],
      [
        `candidate:2632118129 1 udp 2113937151 ${name} 54284 typ host generation 0 ufrag ptPH network-cost 999`,
        { foundation: '2632118129', priority: 2_113_937_151, address: name, port: 54_284 },
      ],
      [
        'candidate:559267639 1 udp 2122136831 ::1 51902 typ host generation 0 ufrag G2tO network-id 4',
        { foundation: '559267639', priority: 2_122_136_831, address: '::1', port: 51_902 },
      ],
      [
        'candidate:2 1 TCP 2105524479 192.0.2.2 9 typ host tcptype active',
        { foundation: '2', protocol: 'tcp', priority: 2_105_524_479, port: 9, tcpType: 'active' },
      ],
      [
        'candidate:1 1 UDP 1686052863 198.51.100.38 57627 typ srflx raddr 0.0.0.0 rport 0',
        { foundation: '1', type: 'srflx', priority: 1_686_052_863, address: '198.51.100.38', port: 57_627 },
      ],
    ];
    for (const [text, change] of samples) expect(readCandidate(text), text).toEqual({ ...host, ...change });
  });

  it('leaves out what is not to be told', () => {
    const dropped = [
      '',
      'candidate:',
      'candidate:0 2 UDP 2122252542 192.0.2.2 42661 typ host',
      'candidate:0 1 ssltcp 2122252542 192.0.2.2 42661 typ host',
      'candidate:0 1 udp 2122252542 host.example.org 42661 typ host',
      'candidate:0 1 udp 2122252542 192.0.2.2 0 typ host',
      'candidate:0 1 udp 9999999999 192.0.2.2 42661 typ host',
      'candidate:0 1 udp 2122252542 192.0.2.2 42661 typ alien',
      'candidate:0 1 tcp 2122252542 192.0.2.2 42661 typ host',
      'candidate:0 1 udp 2122252542 192.0.2.2 42661 typ host\r\na=x',
      ' candidate:0 1 udp 2122252542 192.0.2.2 42661 typ host',
    ];
    for (const text of dropped) expect(readCandidate(text), text).toBeNull();
  });

  it('is total: any cut of a line gives fields or null', () => {
    const line =
      'candidate:1 1 tcp 1518280447 2001:db8::8a2e:370:7334 61558 typ srflx raddr :: rport 0 tcptype passive';
    for (let at = 0; at <= line.length; at++)
      expect([null, 'candidate']).toContain(readCandidate(line.slice(0, at))?.kind ?? null);
    expect(readCandidate(line)).toMatchObject({ tcpType: 'passive', address: '2001:db8::8a2e:370:7334' });
  });
});

describe('writeCandidate', () => {
  it('writes a line from fields', () => {
    expect(writeCandidate(host)).toBe('candidate:2406547678 1 udp 2122194687 192.0.2.2 42577 typ host');
    expect(writeCandidate({ ...host, type: 'srflx' })).toBe(
      'candidate:2406547678 1 udp 2122194687 192.0.2.2 42577 typ srflx raddr 0.0.0.0 rport 0',
    );
    expect(writeCandidate({ ...host, type: 'relay', address: '::1', protocol: 'tcp', tcpType: 'so' })).toBe(
      'candidate:2406547678 1 tcp 2122194687 ::1 42577 typ relay raddr :: rport 0 tcptype so',
    );
  });

  it('is undone by reading, for every combination of kinds', () => {
    for (const type of ['host', 'srflx', 'prflx', 'relay'] as const) {
      for (const tcpType of ['active', 'passive', 'so', null] as const) {
        for (const address of ['203.0.113.255', '2001:db8::1', 'a-b-c.local']) {
          const fields: CandidateSignal = {
            ...host,
            type,
            tcpType,
            address,
            protocol: tcpType === null ? 'udp' : 'tcp',
          };
          expect(readCandidate(writeCandidate(fields))).toEqual(fields);
        }
      }
    }
  });

  it('writes nothing of an unfit field', () => {
    for (const unfit of [{ address: '192.0.2.2 1 typ host' }, { port: 0 }, { foundation: 'a b' }]) {
      expect(() => writeCandidate({ ...host, ...unfit })).toThrow(expect.objectContaining({ code: 'BAD_MESSAGE' }));
    }
  });
});

describe('isTriable', () => {
  it('spares well-known services and unspecified addresses', () => {
    const tried: [Partial<CandidateSignal>, boolean][] = [
      [{}, true],
      [{ port: 1_024 }, true],
      [{ port: 1_023 }, false],
      [{ port: 443 }, false],
      [{ port: 9, protocol: 'tcp', tcpType: 'active' }, true],
      [{ port: 25, protocol: 'tcp', tcpType: 'passive' }, false],
      [{ address: '0.0.0.0' }, false],
      [{ address: '::' }, false],
      [{ address: '0:0:0:0:0:0:0:0' }, false],
      [{ address: '::1' }, true],
    ];
    for (const [change, expected] of tried)
      expect(isTriable({ ...host, ...change }), JSON.stringify(change)).toBe(expected);
  });
});
