import { describe, expect, it } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import type { Body } from '../rpc/exchange.ts';
import { LEASE_MS_MAX, LEASE_MS_MIN, NEARBY_MAX, PIECE_BYTES_MAX, SHARD_BYTES_MAX } from './limits.ts';
import * as messages from './messages.ts';

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const shard = bytes(32, 1);
const right = { publicKey: bytes(32, 2), challenge: bytes(24, 3), signature: bytes(64, 4) };
const terms = { leaseMs: 86_400_000, fetchKey: bytes(32, 5), deleteKey: bytes(32, 6), verifyKey: null };
const piece = Uint8Array.of(9, 8, 7);

/** As it comes out at the other end. */
function sent(body: Body): Body {
  return { ...body, value: decodeValue(encodeValue(body.value)) };
}

describe('messages of storage', () => {
  it('come out as they went in', () => {
    const offer = { freeBytes: 5_000_000_000, nearby: [HashAddress.hash(piece)] };
    expect(messages.readOffer(sent(messages.writeOffer(offer)))).toEqual(offer);
    const asked = { bytes: 17, leaseMs: LEASE_MS_MIN };
    expect(messages.readOfferRequest(sent(messages.writeOfferRequest(asked)))).toEqual(asked);
    for (const verifyKey of [null, bytes(32, 7)]) {
      const begin = { ...terms, verifyKey, shard, length: SHARD_BYTES_MAX };
      expect(messages.readBegin(sent(messages.writeBegin(begin)))).toEqual(begin);
    }
    expect(messages.readUpload(sent(messages.writeUpload(12)))).toBe(12);
    const part = { upload: 12, offset: PIECE_BYTES_MAX, bytes: piece };
    expect(messages.readPiece(sent(messages.writePiece(part)))).toEqual(part);
    expect(messages.readChallenge(sent(messages.writeChallenge(right.challenge)))).toEqual(right.challenge);
    const get = { shard, offset: 0, length: PIECE_BYTES_MAX, right };
    expect(messages.readGet(sent(messages.writeGet(get)))).toEqual(get);
    expect(messages.readDelete(sent(messages.writeDelete({ shard, right })))).toEqual({ shard, right });
    expect(messages.readBytes(sent(messages.writeBytes(piece)))).toEqual(piece);
    messages.readEmpty(sent(messages.empty));
  });

  it('have these values on the wire', () => {
    expect(messages.writeBegin({ ...terms, shard, length: 5 }).value).toEqual([
      shard,
      5,
      86_400_000,
      terms.fetchKey,
      terms.deleteKey,
      null,
    ]);
    expect(messages.writeGet({ shard, offset: 1, length: 2, right }).value).toEqual([
      shard,
      1,
      2,
      right.publicKey,
      right.challenge,
      right.signature,
    ]);
  });

  const readers: Readonly<Record<string, (body: Body) => unknown>> = {
    readEmpty: messages.readEmpty,
    readOfferRequest: messages.readOfferRequest,
    readOffer: messages.readOffer,
    readBegin: messages.readBegin,
    readUpload: messages.readUpload,
    readPiece: messages.readPiece,
    readChallenge: messages.readChallenge,
    readGet: messages.readGet,
    readDelete: messages.readDelete,
    readBytes: messages.readBytes,
  };
  const { publicKey, challenge, signature } = right;
  const unfit: readonly (readonly [string, string, Value])[] = [
    ['readEmpty', 'a field', [0]],
    ['readOfferRequest', 'a lease of no time', [1, 0]],
    ['readOfferRequest', 'a lease for ever', [1, LEASE_MS_MAX + 1]],
    ['readOfferRequest', 'a fraction', [1.5, LEASE_MS_MIN]],
    ['readOffer', 'a short address', [1, [bytes(31, 1)]]],
    ['readOffer', 'a crowd', [1, Array.from({ length: NEARBY_MAX + 1 }, () => bytes(32, 1))]],
    ['readBegin', 'an empty shard', [shard, 0, LEASE_MS_MIN, shard, shard, null]],
    ['readBegin', 'too long a shard', [shard, SHARD_BYTES_MAX + 1, LEASE_MS_MIN, shard, shard, null]],
    ['readBegin', 'a short key', [shard, 1, LEASE_MS_MIN, bytes(31, 1), shard, null]],
    ['readBegin', 'a field too few', [shard, 1, LEASE_MS_MIN, shard, shard]],
    ['readUpload', 'a negative number', [-1]],
    ['readPiece', 'text', ['1', 0]],
    ['readPiece', 'an offset beyond any shard', [1, SHARD_BYTES_MAX + 1]],
    ['readChallenge', 'a short one', [bytes(23, 1)]],
    ['readGet', 'too long a piece', [shard, 0, PIECE_BYTES_MAX + 1, publicKey, challenge, signature]],
    ['readGet', 'a short signature', [shard, 0, 1, publicKey, challenge, bytes(63, 1)]],
    ['readDelete', 'no signature', [shard, publicKey, challenge]],
    ['readDelete', 'no array', null],
    ['readBytes', 'a value', [1]],
  ];
  it.each(unfit)('%s refuses %s: BAD_MESSAGE', (reader, _what, value) => {
    expect(() => readers[reader]!({ value })).toThrow(expect.objectContaining({ code: 'BAD_MESSAGE' }));
  });

  it('refuse a payload longer than a piece', () => {
    const payload = new Uint8Array(PIECE_BYTES_MAX + 1);
    expect(() => messages.readBytes({ value: [], payload })).toThrow(expect.objectContaining({ code: 'BAD_MESSAGE' }));
    expect(() => messages.readPiece({ value: [1, 0], payload })).toThrow(
      expect.objectContaining({ code: 'BAD_MESSAGE' }),
    );
  });
});
