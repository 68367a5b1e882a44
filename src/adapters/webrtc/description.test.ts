import { describe, expect, it } from 'vitest';
import { toHex } from '../../base/bytes.ts';
import type { DescriptionSignal } from '../../ports/link-factory.ts';
import { readDescription, readFingerprint, writeDescription } from './description.ts';

const digest = '38:ED:6F:7E:BE:0C:0B:8C:62:49:06:41:76:9B:F2:AD:86:4D:0C:25:36:2A:1A:84:61:10:C8:A4:37:B3:06:36';
const digestHex = '38ed6f7ebe0c0b8c62490641769bf2ad864d0c25362a1a846110c8a437b30636';

const lines = (...parts: string[]): string => parts.map(line => `${line}\r\n`).join('');

const chromium = lines(
  'v=0',
  'o=- 1530004078236942369 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'a=extmap-allow-mixed',
  'a=msid-semantic: WMS',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:ptPH',
  'a=ice-pwd:WVTRJyFh5nwGFf7+xmIsu6nL',
  'a=ice-options:trickle',
  `a=fingerprint:sha-256 ${digest}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=sctp-port:5000',
  'a=max-message-size:262144',
);

/** Firefox puts the fingerprint at session level and orders the rest otherwise. */
const firefox = lines(
  'v=0',
  'o=mozilla...THIS_IS_SDPARTA-99.0 4392469686462061977 0 IN IP4 0.0.0.0',
  's=-',
  't=0 0',
  'a=sendrecv',
  `a=fingerprint:sha-256 ${digest}`,
  'a=group:BUNDLE 0',
  'a=ice-options:trickle',
  'a=msid-semantic:WMS *',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=sendrecv',
  'a=extmap-allow-mixed',
  'a=ice-pwd:c9bfac6a0f3ed3e2550e30b5b48c2d6f',
  'a=ice-ufrag:ddcc4611',
  'a=mid:0',
  'a=setup:active',
  'a=sctp-port:5000',
  'a=max-message-size:1073741823',
);

/** wrtc in Node lists the candidates it has in the description. */
const wrtc = chromium
  .replace('m=application 9', 'm=application 34158')
  .replace(
    'a=ice-ufrag',
    'a=candidate:3229573512 1 udp 2122194687 192.0.2.2 34158 typ host generation 0 network-id 1\r\na=ice-ufrag',
  );

describe('readDescription', () => {
  it('takes the fields out of what browsers and wrtc write', () => {
    for (const sdp of [chromium, wrtc, chromium.replaceAll('\r\n', '\n')]) {
      const { fingerprint, ...rest } = readDescription('offer', sdp);
      expect(rest).toEqual({ kind: 'description', role: 'offer', ufrag: 'ptPH', password: 'WVTRJyFh5nwGFf7+xmIsu6nL' });
      expect(toHex(fingerprint)).toBe(digestHex);
    }
    const answer = readDescription('answer', firefox);
    expect([answer.role, answer.ufrag, answer.password]).toEqual([
      'answer',
      'ddcc4611',
      'c9bfac6a0f3ed3e2550e30b5b48c2d6f',
    ]);
    expect(toHex(answer.fingerprint)).toBe(digestHex);
  });

  it('refuses any other form', () => {
    const others = [
      '',
      'v=0',
      chromium.replace('m=application', 'm=audio'),
      `${chromium}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n`,
      chromium.replace('a=mid:0', 'a=mid:data'),
      chromium.replace(/a=ice-ufrag.*\r\n/, ''),
      chromium.replace(/a=ice-pwd.*\r\n/, ''),
      chromium.replace(/a=fingerprint.*\r\n/, ''),
      chromium.replace('sha-256', 'sha-1'),
      chromium.replace(':B3:06:36', ':B3:06'),
      chromium.replace(':B3:06:36', ':B3:06:3G'),
      `${chromium}a=ice-ufrag:other\r\n`,
      `${chromium}a=fingerprint:sha-256 ${digest.replace('38', '39')}\r\n`,
      chromium.replace('ptPH', 'pt PH'),
    ];
    for (const sdp of others) {
      expect(() => readDescription('offer', sdp), sdp).toThrow(expect.objectContaining({ code: 'BAD_MESSAGE' }));
    }
  });

  it('is total: any cut or changed character gives fields or BAD_MESSAGE', () => {
    for (let at = 0; at < firefox.length; at++) {
      for (const sdp of [firefox.slice(0, at), `${firefox.slice(0, at)}\u0000${firefox.slice(at + 1)}`]) {
        try {
          expect(readDescription('answer', sdp).fingerprint).toHaveLength(32);
        } catch (error) {
          expect(error).toMatchObject({ code: 'BAD_MESSAGE' });
        }
      }
    }
  });
});

describe('writeDescription', () => {
  const signal: DescriptionSignal = readDescription('offer', chromium);

  it('writes a fixed form around the fields', () => {
    expect(writeDescription(signal)).toBe(
      lines(
        'v=0',
        'o=- 1 1 IN IP4 127.0.0.1',
        's=-',
        't=0 0',
        'a=group:BUNDLE 0',
        'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
        'c=IN IP4 0.0.0.0',
        'a=ice-ufrag:ptPH',
        'a=ice-pwd:WVTRJyFh5nwGFf7+xmIsu6nL',
        'a=ice-options:trickle',
        `a=fingerprint:sha-256 ${digest}`,
        'a=setup:actpass',
        'a=mid:0',
        'a=sctp-port:5000',
        'a=max-message-size:262144',
      ),
    );
    expect(writeDescription({ ...signal, role: 'answer' })).toContain('a=setup:active\r\n');
  });

  it('is undone by reading, for any fit fields', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const text = (length: number, seed: number): string =>
      Array.from({ length }, (_, i) => alphabet[(i * 7 + seed * 13) % 64]).join('');
    for (let i = 0; i < 100; i++) {
      const fields: DescriptionSignal = {
        kind: 'description',
        role: i % 2 === 0 ? 'offer' : 'answer',
        ufrag: text(4 + ((i * 5) % 253), i),
        password: text(22 + ((i * 3) % 235), i + 1),
        fingerprint: Uint8Array.from({ length: 32 }, (_, k) => (k * i * 29 + i) & 0xff),
      };
      const sdp = writeDescription(fields);
      expect(readDescription(fields.role, sdp)).toEqual(fields);
      expect(readFingerprint(sdp)).toEqual(fields.fingerprint);
    }
  });

  it('writes nothing of an unfit field', () => {
    const unfit = { ...signal, ufrag: 'ptPH\r\na=candidate:1 1 udp 1 10.0.0.1 80 typ host' };
    expect(() => writeDescription(unfit)).toThrow(expect.objectContaining({ code: 'BAD_MESSAGE' }));
  });
});
