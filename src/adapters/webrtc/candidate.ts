/** Lines of ICE candidates (RFC 8839 §5.1) to fields and back. Pure. */

import type { CandidateSignal } from '../../ports/link-factory.ts';
import { checkCandidate } from '../../ports/signal-check.ts';
import { CANDIDATE_PORT_MIN } from './limits.ts';

const line =
  /^candidate:(?<foundation>\S+) 1 (?<protocol>udp|tcp) (?<priority>\d{1,10}) (?<address>\S+) (?<port>\d{1,5}) typ (?<type>[a-z]+)(?<rest>.*)$/i;

/**
 * The fields of a candidate this end's browser found; null for one that is not to be told: another component than the
 * first, an empty line (the mark of the end), a form we do not know.
 */
export function readCandidate(text: string): CandidateSignal | null {
  const fields = line.exec(text)?.groups;
  if (fields === undefined) return null;
  const tcpType = / tcptype (active|passive|so)\b/.exec(fields.rest ?? '')?.[1] ?? null;
  try {
    return checkCandidate({
      kind: 'candidate',
      protocol: fields.protocol?.toLowerCase() as CandidateSignal['protocol'],
      type: fields.type as CandidateSignal['type'],
      foundation: fields.foundation ?? '',
      priority: Number(fields.priority),
      address: fields.address ?? '',
      port: Number(fields.port),
      tcpType: tcpType as CandidateSignal['tcpType'],
    });
  } catch {
    return null; // an address family or type the port has no words for: the other candidates will do
  }
}

/**
 * False for a candidate that must not be tried: an unspecified address, or a port of well-known services (browsers
 * refuse these and the refusal would end the attempt). An active TCP candidate is never dialled: its port is a filler.
 */
export function isTriable({ protocol, tcpType, address, port }: CandidateSignal): boolean {
  if (/^[0.:]+$/.test(address)) return false;
  return port >= CANDIDATE_PORT_MIN || (protocol === 'tcp' && tcpType === 'active');
}

/** The line of checked fields. Throws BAD_MESSAGE for an unfit field. */
export function writeCandidate(signal: CandidateSignal): string {
  const { foundation, protocol, priority, address, port, type, tcpType } = checkCandidate(signal);
  // The base address of a reflexive or relayed candidate is not told (it is only for diagnosis), but Firefox wants one.
  const related = type === 'host' ? '' : ` raddr ${address.includes(':') ? '::' : '0.0.0.0'} rport 0`;
  const tcp = tcpType === null ? '' : ` tcptype ${tcpType}`;
  return `candidate:${foundation} 1 ${protocol} ${priority} ${address} ${port} typ ${type}${related}${tcp}`;
}
