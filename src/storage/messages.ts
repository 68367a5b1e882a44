/**
 * The bodies of this service's calls, all from an owner or reader to a holder. A body is a CBOR array and at most one raw
 * payload; every decoder is total and throws BAD_MESSAGE, nothing else. A shard is named by the digest of its content id.
 *
 * | scope               | request                                               | payload | answer                        | payload |
 * |---------------------|-------------------------------------------------------|---------|-------------------------------|---------|
 * | `storage:offer`     | [bytes, leaseMs]                                 |         | [free bytes, longest lease ms, nearby nodes] | |
 * | `storage:begin`     | [shard, length, root, end, fetchKey, deleteKey, verifyKey or null, signature] | | [upload, null]      | |
 * |                     | where the shard is here                               |         | [0, [key, signature]]         |         |
 * | `storage:piece`     | [upload, offset]                                      | bytes   | []                            |         |
 * | `storage:commit`    | [upload]                                              |         | [key, signature]              |         |
 * | `storage:challenge` | []                                                    |         | [challenge]                   |         |
 * | `storage:get`       | [shard, offset, length, key, challenge, signature]    |         | []                            | bytes   |
 * | `storage:delete`    | [shard, key, challenge, signature]                    |         | []                            |         |
 *
 * The signature of a begin is the owner's of its terms, [key, signature] the holder's of the same (`terms.ts`).
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import type { Body } from '../rpc/exchange.ts';
import { Reader } from '../wire/reader.ts';
import { CHALLENGE_BYTES } from './challenge.ts';
import { LEASE_MS_MAX, LEASE_MS_MIN, NEARBY_MAX, PIECE_BYTES_MAX, SHARD_BYTES_MAX } from './limits.ts';
import type { ShownRight } from './right.ts';
import { scopes } from './scopes.ts';
import type { Acceptance, Terms } from './terms.ts';

export interface OfferRequest {
  /** What is going to be asked of this holder, as far as it is known. */
  readonly bytes: number;
  readonly leaseMs: number;
}

export interface Offer {
  /** Bytes of a shard that would fit. */
  readonly freeBytes: number;
  /** The longest lease that this holder gives, ms. */
  readonly leaseMsMax: number;
  /** Others who may hold. */
  readonly nearby: readonly HashAddress[];
}

export interface BeginRequest {
  readonly terms: Terms;
  /** The owner's, 64 bytes. */
  readonly signature: Uint8Array;
}

/** What comes of a begin: an upload to be filled, or the lease at once. */
export type Begun =
  | { readonly state: 'awaited'; readonly upload: number }
  | { readonly state: 'held'; readonly acceptance: Acceptance };

export interface PieceRequest {
  readonly upload: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export interface GetRequest {
  readonly shard: Uint8Array;
  readonly offset: number;
  readonly length: number;
  readonly right: ShownRight;
}

export interface DeleteRequest {
  readonly shard: Uint8Array;
  readonly right: ShownRight;
}

const NOTHING = new Uint8Array(0);

/** The request or answer that says no more than its scope. */
export const empty: Body = { value: [] };

export function readEmpty(body: Body): void {
  new Reader(body.value, 'body').end();
}

export function writeOfferRequest({ bytes, leaseMs }: OfferRequest): Body {
  return { value: [bytes, leaseMs] };
}

export function readOfferRequest(body: Body): OfferRequest {
  const reader = new Reader(body.value, scopes.offer);
  const bytes = reader.uint('bytes');
  const leaseMs = readLeaseMs(reader);
  reader.end();
  return { bytes, leaseMs };
}

export function writeOffer({ freeBytes, leaseMsMax, nearby }: Offer): Body {
  return { value: [freeBytes, leaseMsMax, nearby.map(({ bytes }) => bytes)] };
}

export function readOffer(body: Body): Offer {
  const reader = new Reader(body.value, 'offer');
  const freeBytes = reader.uint('freeBytes');
  const leaseMsMax = reader.uint('leaseMsMax');
  const nearby = reader.list('nearby', NEARBY_MAX, item => new Reader([item], 'nearby').address('address'));
  reader.end();
  return { freeBytes, leaseMsMax, nearby };
}

export function writeBegin({ terms, signature }: BeginRequest): Body {
  const { shard, length, root, endsAtMs, fetchKey, deleteKey, verifyKey } = terms;
  return { value: [shard, length, root, endsAtMs, fetchKey, deleteKey, verifyKey, signature] };
}

export function readBegin(body: Body): BeginRequest {
  const reader = new Reader(body.value, scopes.begin);
  const shard = reader.bytes('shard', 32);
  const length = reader.uint('length', SHARD_BYTES_MAX);
  const root = reader.bytes('root', 32);
  const endsAtMs = reader.uint('endsAtMs');
  const fetchKey = reader.bytes('fetchKey', 32);
  const deleteKey = reader.bytes('deleteKey', 32);
  const verifyKey = reader.nullable(it => it.bytes('verifyKey', 32));
  const signature = reader.bytes('signature', 64);
  reader.end();
  if (length === 0) throw new SeaError('BAD_MESSAGE', 'a shard of no bytes');
  return { terms: { shard, length, root, endsAtMs, fetchKey, deleteKey, verifyKey }, signature };
}

export function writeBegun(begun: Begun): Body {
  return { value: begun.state === 'held' ? [0, acceptanceRow(begun.acceptance)] : [begun.upload, null] };
}

export function readBegun(body: Body): Begun {
  const reader = new Reader(body.value, 'begun');
  const upload = reader.uint('upload');
  const acceptance = reader.nullable(it => readAcceptanceRow(it.value('acceptance')));
  reader.end();
  if ((upload === 0) !== (acceptance !== null)) throw new SeaError('BAD_MESSAGE', 'neither an upload nor a lease');
  return acceptance === null ? { state: 'awaited', upload } : { state: 'held', acceptance };
}

/** The request to commit an upload. */
export function writeUpload(upload: number): Body {
  return { value: [upload] };
}

export function readUpload(body: Body): number {
  const reader = new Reader(body.value, 'upload');
  const upload = reader.uint('upload');
  reader.end();
  return upload;
}

export function writeAcceptance(acceptance: Acceptance): Body {
  return { value: acceptanceRow(acceptance) };
}

export function readAcceptance(body: Body): Acceptance {
  return readAcceptanceRow(body.value);
}

export function writePiece({ upload, offset, bytes }: PieceRequest): Body {
  return { value: [upload, offset], payload: bytes };
}

export function readPiece(body: Body): PieceRequest {
  const reader = new Reader(body.value, scopes.piece);
  const upload = reader.uint('upload');
  const offset = reader.uint('offset', SHARD_BYTES_MAX);
  reader.end();
  return { upload, offset, bytes: readPayload(body) };
}

export function writeChallenge(challenge: Uint8Array): Body {
  return { value: [challenge] };
}

export function readChallenge(body: Body): Uint8Array {
  const reader = new Reader(body.value, 'challenge');
  const challenge = reader.bytes('challenge', CHALLENGE_BYTES);
  reader.end();
  return challenge;
}

export function writeGet({ shard, offset, length, right }: GetRequest): Body {
  return { value: [shard, offset, length, right.publicKey, right.challenge, right.signature] };
}

export function readGet(body: Body): GetRequest {
  const reader = new Reader(body.value, scopes.get);
  const shard = reader.bytes('shard', 32);
  const offset = reader.uint('offset', SHARD_BYTES_MAX);
  const length = reader.uint('length', PIECE_BYTES_MAX);
  const right = readRight(reader);
  reader.end();
  return { shard, offset, length, right };
}

export function writeDelete({ shard, right }: DeleteRequest): Body {
  return { value: [shard, right.publicKey, right.challenge, right.signature] };
}

export function readDelete(body: Body): DeleteRequest {
  const reader = new Reader(body.value, scopes.delete);
  const shard = reader.bytes('shard', 32);
  const right = readRight(reader);
  reader.end();
  return { shard, right };
}

export function writeBytes(payload: Uint8Array): Body {
  return { value: [], payload };
}

export function readBytes(body: Body): Uint8Array {
  readEmpty(body);
  return readPayload(body);
}

function readPayload({ payload = NOTHING }: Body): Uint8Array {
  if (payload.length > PIECE_BYTES_MAX) throw new SeaError('BAD_MESSAGE', `a piece of ${payload.length} bytes`);
  return payload;
}

function readLeaseMs(reader: Reader): number {
  const leaseMs = reader.uint('leaseMs', LEASE_MS_MAX);
  if (leaseMs < LEASE_MS_MIN) throw new SeaError('BAD_MESSAGE', 'a lease of no time');
  return leaseMs;
}

function acceptanceRow({ publicKey, signature }: Acceptance): Value {
  return [publicKey, signature];
}

function readAcceptanceRow(value: Value): Acceptance {
  const reader = new Reader(value, 'acceptance');
  const publicKey = reader.bytes('key', 32);
  const signature = reader.bytes('signature', 64);
  reader.end();
  return { publicKey, signature };
}

function readRight(reader: Reader): ShownRight {
  const publicKey = reader.bytes('key', 32);
  const challenge = reader.bytes('challenge', CHALLENGE_BYTES);
  const signature = reader.bytes('signature', 64);
  return { publicKey, challenge, signature };
}
