/**
 * A record: a small value that a node announces under a key, signed, sequenced and expiring. Of two by one announcer
 * under one key the one with the higher sequence counts.
 */

import { HashAddress } from '../address/hash-address.ts';
import { addressOfKey, signFor, type Verified, verify } from '../address/signed.ts';
import { utf8Encode } from '../base/bytes.ts';
import { encodeValue, type Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import { checkText } from '../base/given.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';
import { Reader } from '../wire/reader.ts';
import {
  CLOCK_SKEW_MS_MAX,
  KEY_LENGTH_MAX,
  LIFETIME_MS_MAX,
  TAG_BYTES,
  TAGS_BYTES_MAX,
  VALUE_BYTES_MAX,
} from './limits.ts';

export interface Announcement {
  /** Where it is held: the hash of the key's text. */
  readonly key: HashAddress;
  /** 32 bytes, Ed25519, of the announcer. */
  readonly publicKey: Uint8Array;
  /** Unix ms of the signing by the announcer's clock, and always more than before. */
  readonly sequence: number;
  /** From when a holder has it, by the holder's clock: no two clocks need agree. At most LIFETIME_MS_MAX. */
  readonly lifetimeMs: number;
  /** At most VALUE_BYTES_MAX. */
  readonly value: Uint8Array;
  /** The first TAG_BYTES of the addresses of all that its announcer announces: any one key's holders know who has others too. */
  readonly tags: Uint8Array;
}

/** As it travels and is kept. */
export interface SignedRecord extends Announcement {
  readonly signature: Uint8Array;
}

/** The address of a key's text. Throws BAD_ARGUMENT for an empty or overlong one. */
export function keyAddress(key: string): HashAddress {
  checkText('a key', key);
  if (key.length === 0 || key.length > KEY_LENGTH_MAX)
    throw new SeaError('BAD_ARGUMENT', `a key has 1 to ${KEY_LENGTH_MAX} characters`);
  return HashAddress.hash(utf8Encode(`peersea/record/${key}`));
}

/** What stands for a key among the tags of a record. */
export function tagOf(key: HashAddress): Uint8Array {
  return key.bytes.subarray(0, TAG_BYTES);
}

/** True when every one of the wanted tags is there. */
export function hasTags(tags: Uint8Array, wanted: Uint8Array): boolean {
  const there = new Set(numbers(tags));
  return numbers(wanted).every(tag => there.has(tag));
}

export async function signRecord(key: SigningKey, announcement: Announcement): Promise<SignedRecord> {
  return { ...announcement, signature: await signFor('announcement', key, signedBytes(announcement)) };
}

/** Throws BAD_SIGNATURE. */
export function verifyRecord(crypto: Crypto, record: SignedRecord): Promise<Verified<SignedRecord>> {
  return verify(crypto, 'announcement', record.publicKey, signedBytes(record), record.signature, record);
}

/** True unless it was signed at another time than now, or `ageMsMax` before, further than clocks may differ. */
export function isOfTime({ sequence }: Announcement, wallMs: number, ageMsMax = 0): boolean {
  const ageMs = wallMs - sequence;
  return ageMs >= -CLOCK_SKEW_MS_MAX && ageMs <= CLOCK_SKEW_MS_MAX + ageMsMax;
}

export function announcerOf(record: Announcement): HashAddress {
  return addressOfKey(record.publicKey);
}

export function encodeRecord(record: SignedRecord): Value {
  return [...fields(record), record.signature];
}

/** Total; the signature is not checked here. Throws BAD_MESSAGE. */
export function decodeRecord(value: Value): SignedRecord {
  const reader = new Reader(value, 'record');
  const record = {
    key: reader.address('key'),
    publicKey: reader.bytes('publicKey', 32),
    sequence: reader.uint('sequence'),
    lifetimeMs: reader.uint('lifetimeMs', LIFETIME_MS_MAX),
    value: reader.bytesUpTo('value', VALUE_BYTES_MAX),
    tags: reader.bytesUpTo('tags', TAGS_BYTES_MAX),
    signature: reader.bytes('signature', 64),
  };
  reader.end();
  return record;
}

function signedBytes(announcement: Announcement): Uint8Array {
  return encodeValue(fields(announcement));
}

function fields({ key, publicKey, sequence, lifetimeMs, value, tags }: Announcement): Value[] {
  return [key.bytes, publicKey, sequence, lifetimeMs, value, tags];
}

function numbers(tags: Uint8Array): number[] {
  const view = new DataView(tags.buffer, tags.byteOffset, tags.length - (tags.length % TAG_BYTES));
  return Array.from({ length: view.byteLength / TAG_BYTES }, (_, at) => view.getUint32(at * TAG_BYTES));
}
