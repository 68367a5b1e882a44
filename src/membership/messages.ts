/** The bodies of membership's calls, with total decoding: contacts, and the signals of a negotiated dial. */

import { HashAddress } from '../address/hash-address.ts';
import type { Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import type { Signal } from '../ports/link-factory.ts';
import { URL_LENGTH_MAX } from '../wire/limits.ts';
import { Reader } from '../wire/reader.ts';
import { CONTACTS_PER_ANSWER } from './limits.ts';

/** Scopes of the calls. */
export const scopes = {
  /** [target] → contacts near the target that the callee is linked with, itself among them. */
  peers: 'sea:peers',
  /** contacts near the callee → contacts near the caller. */
  siblings: 'sea:siblings',
  /** A stream of signals: asks for a link. */
  link: 'sea:link',
  /** Null → true: neither end needs the link between them, and the callee lets it go. */
  part: 'sea:part',
  /** The seed API: [address] → the nearest address the callee knows. */
  nearest: 'sea:nearest',
} as const;

/** A peer as another one tells of it. */
export interface ContactInfo {
  readonly address: HashAddress;
  readonly leaf: boolean;
  readonly url: string | null;
}

export function encodeContacts(contacts: readonly ContactInfo[]): Value {
  return contacts.map(({ address, leaf, url }) => [address.bytes, leaf, url]);
}

export function decodeContacts(value: Value): ContactInfo[] {
  if (!Array.isArray(value) || value.length > CONTACTS_PER_ANSWER)
    throw new SeaError('BAD_MESSAGE', 'contacts: not a list, or too many');
  return value.map(item => {
    const reader = new Reader(item, 'contact');
    const contact = {
      address: reader.address('address'),
      leaf: reader.flag('leaf'),
      url: reader.nullable(r => readUrl(r)),
    };
    reader.end();
    return contact;
  });
}

export function encodeTarget(target: HashAddress): Value {
  return [target.bytes];
}

export function decodeTarget(value: Value): HashAddress {
  const reader = new Reader(value, 'target');
  const target = reader.address('target');
  reader.end();
  return target;
}

/** The seed API's argument, as application arguments travel: no payload, one address. Throws BAD_ARGUMENT. */
export function decodeNearest(value: Value): HashAddress {
  const address = Array.isArray(value) ? (value[1] as { $address?: Value } | null | undefined)?.$address : undefined;
  if (!(address instanceof Uint8Array) || address.length !== 32)
    throw new SeaError('BAD_ARGUMENT', `${scopes.nearest} takes an address`);
  return HashAddress.from(address);
}

export function encodeNearest(address: HashAddress): Value {
  return [null, { $address: address.bytes }];
}

/** 'agreed' comes first from the callee; everything else is a signal. */
export type LinkItem = 'agreed' | Signal;

export function encodeLinkItem(item: LinkItem): Value {
  if (item === 'agreed') return ['agreed'];
  switch (item.kind) {
    case 'description':
      return ['description', item.role, item.ufrag, item.password, item.fingerprint];
    case 'candidate':
      return [
        'candidate',
        item.protocol,
        item.type,
        item.foundation,
        item.priority,
        item.address,
        item.port,
        item.tcpType,
      ];
    case 'end':
      return ['end'];
  }
}

/** Types and lengths are checked here, the characters by the adapter that uses them. */
export function decodeLinkItem(value: Value): LinkItem {
  const reader = new Reader(value, 'signal');
  const kind = reader.text('kind', 16);
  const item = readLinkItem(kind, reader);
  reader.end();
  return item;
}

function readLinkItem(kind: string, reader: Reader): LinkItem {
  switch (kind) {
    case 'agreed':
      return 'agreed';
    case 'end':
      return { kind: 'end' };
    case 'description':
      return {
        kind,
        role: oneOf(reader, 'role', ['offer', 'answer']),
        ufrag: reader.text('ufrag', 256),
        password: reader.text('password', 256),
        fingerprint: reader.bytes('fingerprint', 32),
      };
    case 'candidate':
      return {
        kind,
        protocol: oneOf(reader, 'protocol', ['udp', 'tcp']),
        type: oneOf(reader, 'type', ['host', 'srflx', 'prflx', 'relay']),
        foundation: reader.text('foundation', 32),
        priority: reader.uint('priority', 0xffffffff),
        address: reader.text('address', 64),
        port: reader.uint('port', 65_535),
        tcpType: reader.nullable(r => oneOf(r, 'tcpType', ['active', 'passive', 'so'])),
      };
    default:
      throw new SeaError('BAD_MESSAGE', 'a signal of unknown kind');
  }
}

function oneOf<T extends string>(reader: Reader, name: string, allowed: readonly T[]): T {
  const text = reader.text(name, 16);
  const found = allowed.find(item => item === text);
  if (found === undefined) throw new SeaError('BAD_MESSAGE', `signal: unfit ${name}`);
  return found;
}

function readUrl(reader: Reader): string {
  const url = reader.text('url', URL_LENGTH_MAX);
  if (!/^wss?:\/\/[^\s]+$/.test(url)) throw new SeaError('BAD_MESSAGE', 'contact: unfit url');
  return url;
}
