/**
 * A publication: one message to all members of a channel, signed by the node that published it. Whoever relays it can
 * neither change it nor put it into another channel.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import type { HashAddress } from '../address/hash-address.ts';
import { addressOfKey, signFor, type Verified, verify } from '../address/signed.ts';
import { toHex, utf8Encode } from '../base/bytes.ts';
import { encodeValue } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import { checkText } from '../base/given.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';
import { type Argument, packArguments, unpackArguments } from '../rpc/arguments.ts';
import { decodeFrame, encodeFrame } from '../wire/frame.ts';
import { BODY_BYTES_MAX, CHANNEL_ID_LENGTH_MAX, SCOPE_LENGTH_MAX } from './limits.ts';

export const ID_BYTES = 16;

/** What its publisher signs, beside the channel. */
export interface Publication {
  /** 32 bytes, Ed25519. */
  readonly publicKey: Uint8Array;
  /** Never used twice by one publisher; later messages have larger ones. */
  readonly sequence: number;
  /** Unix ms at the publisher. */
  readonly wallMs: number;
  readonly scope: string;
  /** A packed argument (see packBody). */
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
}

/** The 32 bytes that stand for a channel's id. Throws BAD_ARGUMENT for an empty or overlong one. */
export function channelKey(channelId: string): Uint8Array {
  checkText('a channel id', channelId);
  if (channelId.length === 0 || channelId.length > CHANNEL_ID_LENGTH_MAX)
    throw new SeaError('BAD_ARGUMENT', `a channel id has 1 to ${CHANNEL_ID_LENGTH_MAX} characters`);
  return sha256(utf8Encode(`peersea/channel/${channelId}`));
}

/** Throws BAD_ARGUMENT for an empty or overlong scope. */
export function checkScope(scope: string): void {
  checkText('a scope', scope);
  if (scope.length === 0 || scope.length > SCOPE_LENGTH_MAX)
    throw new SeaError('BAD_ARGUMENT', `a scope has 1 to ${SCOPE_LENGTH_MAX} characters`);
}

/** Throws BAD_ARGUMENT for what cannot travel, TOO_LARGE. */
export function packBody(value: Argument): Uint8Array {
  const packed = packArguments([value]);
  const body = encodeFrame(packed.value as readonly never[], packed.payload);
  if (body.length > BODY_BYTES_MAX)
    throw new SeaError('TOO_LARGE', `a message of ${body.length} bytes; a channel takes ${BODY_BYTES_MAX}`);
  return body;
}

/** Throws BAD_MESSAGE. */
export function unpackBody(body: Uint8Array): Argument {
  const { header, payload } = decodeFrame(body);
  const args = unpackArguments(payload.length === 0 ? { value: header } : { value: header, payload });
  if (args.length !== 1) throw new SeaError('BAD_MESSAGE', `a message of ${args.length} values`);
  return args[0];
}

/** Of the same publisher, channel and content there is one id: 32 hex digits. */
export function idOf(channel: Uint8Array, publication: Omit<Publication, 'signature'>): string {
  return toHex(sha256(signedBytes(channel, publication)).subarray(0, ID_BYTES));
}

export function publisherOf({ publicKey }: Pick<Publication, 'publicKey'>): HashAddress {
  return addressOfKey(publicKey);
}

export async function signPublication(
  key: SigningKey,
  channel: Uint8Array,
  content: Omit<Publication, 'signature' | 'publicKey'>,
): Promise<Publication> {
  const publication = { ...content, publicKey: key.publicKey };
  return { ...publication, signature: await signFor('channel', key, signedBytes(channel, publication)) };
}

/** Throws BAD_SIGNATURE. */
export async function verifyPublication(
  crypto: Crypto,
  channel: Uint8Array,
  publication: Publication,
): Promise<Verified<Publication>> {
  const bytes = signedBytes(channel, publication);
  return verify(crypto, 'channel', publication.publicKey, bytes, publication.signature, publication);
}

function signedBytes(channel: Uint8Array, publication: Omit<Publication, 'signature'>): Uint8Array {
  const { publicKey, sequence, wallMs, scope, body } = publication;
  return encodeValue([channel, publicKey, sequence, wallMs, scope, sha256(body)]);
}
