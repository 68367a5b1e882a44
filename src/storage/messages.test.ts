import { describe, expect, it } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import type { Body } from '../rpc/exchange.ts';
import { LEASE_MS_MAX, LEASE_MS_MIN, NEARBY_MAX, PIECE_BYTES_MAX, SHARD_BYTES_MAX } from './limits.ts';
import * as messages from './messages.ts';

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const shard = bytes(32, 1);
const right = { publicKey: bytes(32, 2), challenge: bytes(24, 3), signature: bytes(64, 4) };
const terms = {
  shard,
  length: 5,
  root: bytes(32, 8),
  endsAtMs: 1_750_000_000_000,
  fetchKey: bytes(32, 5),
  deleteKey: bytes(32, 6),
  verifyKey: null,
};
const signature = bytes(64, 9);
const acceptance = { publicKey: bytes(32, 10), signature: bytes(64, 11) };
const piece = Uint8Array.of(9, 8, 7);

/** As it comes out at the other end. */
function sent(body: Body): Body {
  return { ...body, value: decodeValue(encodeValue(body.value)) };
}

describe('messages of storage', () => {
  it('come out as they went in', () => {
    const offer = { freeBytes: 5_000_000_000, leaseMsMax: LEASE_MS_MAX, nearby: [HashAddress.hash(piece)] };
    expect(messages.readOffer(sent(messages.writeOffer(offer)))).toEqual(offer);
    const asked = { bytes: 17, leaseMs: LEASE_MS_MIN };
    expect(messages.readOfferRequest(sent(messages.writeOfferRequest(asked)))).toEqual(asked);
    for (const verifyKey of [null, bytes(32, 7)]) {
      const begin = { terms: { ...terms, verifyKey, length: SHARD_BYTES_MAX }, signature };
      expect(messages.readBegin(sent(messages.writeBegin(begin)))).toEqual(begin);
    }
    for (const begun of [
      { state: 'awaited', upload: 3 },
      { state: 'held', acceptance },
    ] as const)
      expect(messages.readBegun(sent(messages.writeBegun(begun)))).toEqual(begun);
    expect(messages.readAcceptance(sent(messages.writeAcceptance(acceptance)))).toEqual(acceptance);
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
    expect(messages.writeBegin({ terms, signature }).value).toEqual([
      shard,
      5,
      terms.root,
      1_750_000_000_000,
      terms.fetchKey,
      terms.deleteKey,
      null,
      signature,
    ]);
    const row = [acceptance.publicKey, acceptance.signature];
    expect(messages.writeAcceptance(acceptance).value).toEqual(row);
    expect(messages.writeBegun({ state: 'held', acceptance }).value).toEqual([0, row]);
    expect(messages.writeBegun({ state: 'awaited', upload: 3 }).value).toEqual([3, null]);
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
    readBegun: messages.readBegun,
    readAcceptance: messages.readAcceptance,
    readUpload: messages.readUpload,
    readPiece: messages.readPiece,
    readChallenge: messages.readChallenge,
    readGet: messages.readGet,
    readDelete: messages.readDelete,
    readBytes: messages.readBytes,
  };
  const { publicKey, challenge } = right;
  const begin = (length: number, key = shard) => [shard, length, shard, 1, key, shard, null, signature];
  const unfit: readonly (readonly [string, string, Value])[] = [
    ['readEmpty', 'a field', [0]],
    ['readOfferRequest', 'a lease of no time', [1, 0]],
    ['readOfferRequest', 'a lease for ever', [1, LEASE_MS_MAX + 1]],
    ['readOfferRequest', 'a fraction', [1.5, LEASE_MS_MIN]],
    ['readOffer', 'a short address', [1, 1, [bytes(31, 1)]]],
    ['readOffer', 'no longest lease', [1, []]],
    ['readOffer', 'a crowd', [1, 1, Array.from({ length: NEARBY_MAX + 1 }, () => bytes(32, 1))]],
    ['readBegin', 'an empty shard', begin(0)],
    ['readBegin', 'too long a shard', begin(SHARD_BYTES_MAX + 1)],
    ['readBegin', 'a short key', begin(1, bytes(31, 1))],
    ['readBegin', 'no signature', begin(1).slice(0, -1)],
    ['readBegun', 'an upload of what is held', [1, [publicKey, signature]]],
    ['readBegun', 'neither', [0, null]],
    ['readAcceptance', 'a short signature', [publicKey, bytes(63, 1)]],
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
