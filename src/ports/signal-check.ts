/**
 * What a signal may contain. A signal comes from a stranger and ends in the browser's connection: every field is
 * checked here before it is used, so that no text of the stranger's own making passes.
 */

import { SeaError } from '../base/errors.ts';
import type { CandidateSignal, DescriptionSignal, Signal } from './link-factory.ts';

const PRIORITY_MAX = 0xffff_ffff; // 32 bits
const PORT_MAX = 65_535;
const ADDRESS_CHARACTERS_MAX = 64; // a `.local` name of a browser has 42
const FINGERPRINT_BYTES = 32; // SHA-256

const iceText = /^[A-Za-z0-9+/]+$/; // RFC 8839 §5.1: ice-char
const localName = /^[a-z0-9-]{1,59}\.local$/; // mDNS names that stand for private addresses
const candidateTypes: ReadonlySet<string> = new Set(['host', 'srflx', 'prflx', 'relay']);
const tcpTypes: ReadonlySet<unknown> = new Set(['active', 'passive', 'so']);

/** Returns the signal when every field is fit; throws BAD_MESSAGE naming the first that is not. Total. */
export function checkSignal(signal: Signal): Signal {
  switch (signal.kind) {
    case 'description':
      return checkDescription(signal);
    case 'candidate':
      return checkCandidate(signal);
    case 'end':
      return signal;
    default:
      return refuse('kind');
  }
}

/** As checkSignal, for a description. */
export function checkDescription(signal: DescriptionSignal): DescriptionSignal {
  if (signal.role !== 'offer' && signal.role !== 'answer') refuse('role');
  if (!isIceText(signal.ufrag, 4, 256)) refuse('ufrag');
  if (!isIceText(signal.password, 22, 256)) refuse('password');
  const { fingerprint } = signal;
  if (!(fingerprint instanceof Uint8Array) || fingerprint.length !== FINGERPRINT_BYTES) refuse('fingerprint');
  return signal;
}

/** As checkSignal, for a candidate. */
export function checkCandidate(signal: CandidateSignal): CandidateSignal {
  const { protocol, tcpType } = signal;
  if (protocol !== 'udp' && protocol !== 'tcp') refuse('protocol');
  if (protocol === 'udp' ? tcpType !== null : !tcpTypes.has(tcpType)) refuse('tcp type');
  if (!candidateTypes.has(signal.type)) refuse('type');
  if (!isIceText(signal.foundation, 1, 32)) refuse('foundation');
  if (!isWhole(signal.priority, 0, PRIORITY_MAX)) refuse('priority');
  if (!isWhole(signal.port, 1, PORT_MAX)) refuse('port');
  if (!isAddress(signal.address)) refuse('address');
  return signal;
}

/** True for an IPv4 address, an IPv6 address without zone, or an mDNS `.local` name. */
export function isAddress(text: unknown): text is string {
  if (typeof text !== 'string' || text.length > ADDRESS_CHARACTERS_MAX) return false;
  return isIpv4(text) || isIpv6(text) || localName.test(text);
}

/** Four decimal bytes without leading zeros. */
export function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** RFC 4291 §2.2: eight groups, `::` once, the last two groups perhaps as IPv4. */
export function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const [head = '', tail] = halves;
  const headGroups = groupCount(head, tail === undefined);
  const tailGroups = tail === undefined ? 0 : groupCount(tail, true);
  if (headGroups === undefined || tailGroups === undefined) return false;
  return tail === undefined ? headGroups === 8 : headGroups + tailGroups <= 7;
}

/** How many 16-bit groups a run of them stands for; undefined when it is not one. */
function groupCount(run: string, mayEndInIpv4: boolean): number | undefined {
  if (run === '') return 0;
  const parts = run.split(':');
  const last = parts.at(-1) ?? '';
  const mixed = mayEndInIpv4 && isIpv4(last);
  const plain = mixed ? parts.slice(0, -1) : parts;
  if (!plain.every(part => /^[0-9a-fA-F]{1,4}$/.test(part))) return undefined;
  return plain.length + (mixed ? 2 : 0);
}

function isIceText(text: unknown, lengthMin: number, lengthMax: number): boolean {
  return typeof text === 'string' && text.length >= lengthMin && text.length <= lengthMax && iceText.test(text);
}

function isWhole(value: unknown, min: number, max: number): boolean {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

function refuse(field: string): never {
  throw new SeaError('BAD_MESSAGE', `a signal with an unfit ${field}`);
}
