/**
 * The bodies of this service's calls, all from an owner or reader to a holder. A body is a CBOR array and at most one raw
 * payload; every decoder is total and throws BAD_MESSAGE, nothing else. A shard is named by the digest of its content id.
 *
 * | scope               | request                                               | payload | answer                        | payload |
 * |---------------------|-------------------------------------------------------|---------|-------------------------------|---------|
 * | `storage:offer`     | [bytes, leaseMs]                                      |         | [free bytes, nearby nodes]    |         |
 * | `storage:begin`     | [shard, length, leaseMs, fetchKey, deleteKey, verifyKey or null] | | [upload], 0: it is here  |         |
 * | `storage:piece`     | [upload, offset]                                      | bytes   | []                            |         |
 * | `storage:commit`    | [upload]                                              |         | []                            |         |
 * | `storage:challenge` | []                                                    |         | [challenge]                   |         |
 * | `storage:get`       | [shard, offset, length, key, challenge, signature]    |         | []                            | bytes   |
 * | `storage:delete`    | [shard, key, challenge, signature]                    |         | []                            |         |
 */

import type { HashAddress } from '../address/hash-address.ts';
import { SeaError } from '../base/errors.ts';
import type { Body } from '../rpc/exchange.ts';
import { Reader } from '../wire/reader.ts';
import { CHALLENGE_BYTES } from './challenge.ts';
import { LEASE_MS_MAX, LEASE_MS_MIN, NEARBY_MAX, PIECE_BYTES_MAX, SHARD_BYTES_MAX } from './limits.ts';
import type { ShownRight } from './right.ts';

export const scopes = {
  offer: 'storage:offer',
  begin: 'storage:begin',
  piece: 'storage:piece',
  commit: 'storage:commit',
  challenge: 'storage:challenge',
  get: 'storage:get',
  delete: 'storage:delete',
} as const;

export interface OfferRequest {
  /** What is going to be asked of this holder, as far as it is known. */
  readonly bytes: number;
  readonly leaseMs: number;
}

export interface Offer {
  readonly freeBytes: number;
  /** Others who may hold. */
  readonly nearby: readonly HashAddress[];
}

/** A lease as it is asked for: its end is the holder's to reckon. */
export interface LeaseTerms {
  readonly leaseMs: number;
  readonly fetchKey: Uint8Array;
  readonly deleteKey: Uint8Array;
  readonly verifyKey: Uint8Array | null;
}

export interface BeginRequest extends LeaseTerms {
  readonly shard: Uint8Array;
  readonly length: number;
}

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

export function writeOffer({ freeBytes, nearby }: Offer): Body {
  return { value: [freeBytes, nearby.map(({ bytes }) => bytes)] };
}

export function readOffer(body: Body): Offer {
  const reader = new Reader(body.value, 'offer');
  const freeBytes = reader.uint('freeBytes');
  const nearby = reader.list('nearby', NEARBY_MAX, item => new Reader([item], 'nearby').address('address'));
  reader.end();
  return { freeBytes, nearby };
}

export function writeBegin(request: BeginRequest): Body {
  const { shard, length, leaseMs, fetchKey, deleteKey, verifyKey } = request;
  return { value: [shard, length, leaseMs, fetchKey, deleteKey, verifyKey] };
}

export function readBegin(body: Body): BeginRequest {
  const reader = new Reader(body.value, scopes.begin);
  const shard = reader.bytes('shard', 32);
  const length = reader.uint('length', SHARD_BYTES_MAX);
  const leaseMs = readLeaseMs(reader);
  const fetchKey = reader.bytes('fetchKey', 32);
  const deleteKey = reader.bytes('deleteKey', 32);
  const verifyKey = reader.nullable(it => it.bytes('verifyKey', 32));
  reader.end();
  if (length === 0) throw new SeaError('BAD_MESSAGE', 'a shard of no bytes');
  return { shard, length, leaseMs, fetchKey, deleteKey, verifyKey };
}

/** The number of an upload; 0 where the holder has the shard. Also the request to commit one. */
export function writeUpload(upload: number): Body {
  return { value: [upload] };
}

export function readUpload(body: Body): number {
  const reader = new Reader(body.value, 'upload');
  const upload = reader.uint('upload');
  reader.end();
  return upload;
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

function readRight(reader: Reader): ShownRight {
  const publicKey = reader.bytes('key', 32);
  const challenge = reader.bytes('challenge', CHALLENGE_BYTES);
  const signature = reader.bytes('signature', 64);
  return { publicKey, challenge, signature };
}
