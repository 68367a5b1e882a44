/**
 * Session descriptions of a connection that carries one data channel and nothing else (RFC 8829, RFC 8841), reduced to
 * the fields in which two such descriptions differ, and back. The text that goes to the browser is always written
 * here, from checked fields: a stranger's own text never gets there. Pure.
 */

import { fromHex, toHex } from '../../base/bytes.ts';
import { SeaError } from '../../base/errors.ts';
import type { DescriptionSignal } from '../../ports/link-factory.ts';
import { checkDescription } from '../../ports/signal-check.ts';
import { MESSAGE_BYTES_MAX } from './limits.ts';

/** The fields of a description this end's browser made. Throws BAD_MESSAGE when it is not of the expected form. */
export function readDescription(role: 'offer' | 'answer', sdp: string): DescriptionSignal {
  const lines = linesOf(sdp);
  const sections = lines.filter(line => line.startsWith('m='));
  if (sections.length !== 1 || !sections[0]?.startsWith('m=application ')) refuse('one data section');
  if (attribute(lines, 'mid') !== '0') refuse('mid 0');
  return checkDescription({
    kind: 'description',
    role,
    ufrag: attribute(lines, 'ice-ufrag'),
    password: attribute(lines, 'ice-pwd'),
    fingerprint: fingerprintOf(lines),
  });
}

/** The description text of checked fields. Throws BAD_MESSAGE for an unfit field. */
export function writeDescription(signal: DescriptionSignal): string {
  const { role, ufrag, password, fingerprint } = checkDescription(signal);
  const digest = toHex(fingerprint)
    .toUpperCase()
    .replace(/..(?=.)/g, '$&:');
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${password}`,
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${digest}`,
    `a=setup:${role === 'offer' ? 'actpass' : 'active'}`,
    'a=mid:0',
    'a=sctp-port:5000',
    `a=max-message-size:${MESSAGE_BYTES_MAX}`,
  ];
  return lines.map(line => `${line}\r\n`).join('');
}

/** The SHA-256 fingerprint in a description, 32 bytes. Throws BAD_MESSAGE when there is none or they differ. */
export function readFingerprint(sdp: string): Uint8Array {
  return fingerprintOf(linesOf(sdp));
}

function fingerprintOf(lines: readonly string[]): Uint8Array {
  const [algorithm = '', digest = ''] = attribute(lines, 'fingerprint').split(' ');
  if (algorithm.toLowerCase() !== 'sha-256' || !/^([0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}$/.test(digest)) {
    refuse('a SHA-256 fingerprint');
  }
  return fromHex(digest.replaceAll(':', ''));
}

/** The value of an attribute, at session or media level; the same everywhere it stands. */
function attribute(lines: readonly string[], name: string): string {
  const prefix = `a=${name}:`;
  const values = new Set(lines.filter(line => line.startsWith(prefix)).map(line => line.slice(prefix.length)));
  const [value] = values;
  if (value === undefined || values.size > 1) refuse(`one ${name}`);
  return value;
}

function linesOf(sdp: string): string[] {
  return sdp.split(/\r?\n/);
}

function refuse(expected: string): never {
  throw new SeaError('BAD_MESSAGE', `a session description without ${expected}`);
}
