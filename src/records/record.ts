/**
 * A record: a small value that a node announces under a key, signed, sequenced and expiring. Of two by one announcer
 * under one key the one with the higher sequence counts.
 */

import { HashAddress } from '../address/hash-address.ts';
import { addressOfKey, signFor, type Verified, verify } from '../address/signed.ts';
import { utf8Encode } from '../base/bytes.ts';
import { encodeValue, type Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';
import { Reader } from '../wire/reader.ts';
import { CLOCK_SLACK_MS, KEY_LENGTH_MAX, LIFETIME_MS_MAX, VALUE_BYTES_MAX } from './limits.ts';

export interface Announcement {
  /** Where it is held: the hash of the key's text. */
  readonly key: HashAddress;
  /** 32 bytes, Ed25519, of the announcer. */
  readonly publicKey: Uint8Array;
  readonly sequence: number;
  /** Unix ms. */
  readonly expiresMs: number;
  /** At most VALUE_BYTES_MAX. */
  readonly value: Uint8Array;
}

/** As it travels and is kept. */
export interface SignedRecord extends Announcement {
  readonly signature: Uint8Array;
}

/** The address of a key's text. Throws BAD_ARGUMENT for an empty or overlong one. */
export function keyAddress(key: string): HashAddress {
  if (key.length === 0 || key.length > KEY_LENGTH_MAX)
    throw new SeaError('BAD_ARGUMENT', `a key has 1 to ${KEY_LENGTH_MAX} characters`);
  return HashAddress.hash(utf8Encode(`peersea/record/${key}`));
}

export async function signRecord(key: SigningKey, announcement: Announcement): Promise<SignedRecord> {
  return { ...announcement, signature: await signFor('announcement', key, signedBytes(announcement)) };
}

/** Throws BAD_SIGNATURE, or BAD_MESSAGE for a record that has ended or claims to live too long. */
export async function verifyRecord(
  crypto: Crypto,
  record: SignedRecord,
  wallMs: number,
): Promise<Verified<SignedRecord>> {
  const leftMs = record.expiresMs - wallMs;
  if (leftMs <= 0 || leftMs > LIFETIME_MS_MAX + CLOCK_SLACK_MS)
    throw new SeaError('BAD_MESSAGE', 'the record has ended, or claims to live too long');
  return verify(crypto, 'announcement', record.publicKey, signedBytes(record), record.signature, record);
}

export function announcerOf(record: Announcement): HashAddress {
  return addressOfKey(record.publicKey);
}

export function encodeRecord(record: SignedRecord): Value {
  return [record.key.bytes, record.publicKey, record.sequence, record.expiresMs, record.value, record.signature];
}

/** Total; the signature is not checked here. Throws BAD_MESSAGE. */
export function decodeRecord(value: Value): SignedRecord {
  const reader = new Reader(value, 'record');
  const record = {
    key: reader.address('key'),
    publicKey: reader.bytes('publicKey', 32),
    sequence: reader.uint('sequence'),
    expiresMs: reader.uint('expiresMs'),
    value: reader.bytesUpTo('value', VALUE_BYTES_MAX),
    signature: reader.bytes('signature', 64),
  };
  reader.end();
  return record;
}

function signedBytes({ key, publicKey, sequence, expiresMs, value }: Announcement): Uint8Array {
  return encodeValue([key.bytes, publicKey, sequence, expiresMs, value]);
}
