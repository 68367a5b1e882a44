/** Every frame there and back, and what is refused. */

import { expect, test } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { toHex } from '../base/bytes.ts';
import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import { isSeaError } from '../base/errors.ts';
import { below } from '../base/random.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { BODY_BYTES_MAX, HAVE_IDS_MAX, MEMBERS_PER_MESSAGE } from './limits.ts';
import {
  decodeAnycast,
  decodeAnycastResult,
  decodeMembers,
  decodeOpening,
  decodePartnerFrame,
  encodeAnycast,
  encodeAnycastResult,
  encodeMembers,
  encodeOpening,
  encodePartnerFrame,
  type PartnerFrame,
} from './messages.ts';
import { channelKey, idOf, packBody } from './publication.ts';

const random = new SeededRandom('pubsub messages');
const member = { address: HashAddress.random(random), ageMs: 17 };
const id = '00112233445566778899aabbccddeeff';
const publication = {
  publicKey: random.bytes(32),
  sequence: 12,
  wallMs: 1_700_000_000_000,
  scope: 'talk',
  signature: random.bytes(64),
  body: random.bytes(40),
};
const introduction = {
  publicKey: random.bytes(32),
  wallMs: 1_700_000_000_001,
  joinedMs: 1_700_000_000_000,
  signature: random.bytes(64),
};
const frames: readonly PartnerFrame[] = [
  { kind: 'welcome', members: [member], serving: ['a', 'b'], load: 3, ...introduction },
  { kind: 'publication', publication },
  { kind: 'have', ids: [id, id] },
  { kind: 'graft', ids: [] },
  { kind: 'prune', publisher: member.address },
  { kind: 'members', members: [], answer: true },
  { kind: 'serving', serving: [], load: 0 },
  { kind: 'ping' },
  { kind: 'pong' },
  { kind: 'bye' },
];

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return isSeaError(error) ? error.code : String(error);
  }
  return 'none';
}

test('every frame comes back as it was', () => {
  for (const frame of frames) {
    const { value, payload } = encodePartnerFrame(frame);
    const travelled = { value: decodeValue(encodeValue(value)), payload };
    expect(decodePartnerFrame(travelled), frame.kind).toEqual(frame);
  }
});

test('golden bytes: what older and newer versions must agree on', () => {
  const key = new Uint8Array(32).fill(1);
  const address = HashAddress.from(new Uint8Array(32).fill(2));
  const fixed = { publicKey: key, sequence: 7, wallMs: 1_700_000_000_000, scope: 'talk', body: packBody('hello') };
  const frame = (value: PartnerFrame): string => toHex(encodeValue(encodePartnerFrame(value).value));
  expect({
    channel: toHex(channelKey('harbour')),
    body: toHex(fixed.body),
    id: idOf(channelKey('harbour'), fixed),
    publication: frame({ kind: 'publication', publication: { ...fixed, signature: new Uint8Array(64).fill(3) } }),
    have: frame({ kind: 'have', ids: [id] }),
    prune: frame({ kind: 'prune', publisher: address }),
    members: frame({ kind: 'members', members: [{ address, ageMs: 17 }], answer: true }),
  }).toEqual({
    channel: 'b8ad09a4407efb630a12bd6d45cd8e57f74e3b7da50d0a2ff2735e33cdbcc004',
    body: '0000000882f66568656c6c6f',
    id: '2de3ba3daa922fcc3df5533be34a400f',
    publication: `86025820${'01'.repeat(32)}071b0000018bcfe568006474616c6b5840${'03'.repeat(64)}`,
    have: '8203815000112233445566778899aabbccddeeff',
    prune: `82055820${'02'.repeat(32)}`,
    members: `830681825820${'02'.repeat(32)}11f5`,
  });
});

test('an opening, a list of members and an anycast come back as they were', () => {
  const opening = { channel: random.bytes(32), members: [member, member], serving: ['s'], load: 1, ...introduction };
  expect(decodeOpening(encodeOpening(opening))).toEqual(opening);
  expect(decodeMembers(encodeMembers([member]))).toEqual([member]);
  const call = { channel: random.bytes(32), scope: 's', packed: [null, 1] };
  expect(decodeAnycast(encodeAnycast(call))).toEqual(call);
  expect(decodeAnycastResult(encodeAnycastResult(4, [null, 'x']))).toEqual({ load: 4, packed: [null, 'x'] });
  expect(decodeAnycastResult(encodeAnycastResult(70_000, null)).load).toBe(65_535);
});

test('unfit frames are BAD_MESSAGE', () => {
  const address = member.address.bytes;
  const unfit: readonly (readonly [string, Value, Uint8Array?])[] = [
    ['no array', 'x'],
    ['empty', []],
    ['unknown kind', [99]],
    ['kind 0', [0]],
    ['kind as text', ['8']],
    ['a ping with more', [8, 1]],
    ['a ping with a payload', [8], new Uint8Array(1)],
    ['too many members', [6, Array.from({ length: MEMBERS_PER_MESSAGE + 1 }, () => [address, 0]), false]],
    ['a member without age', [6, [[address]], false]],
    ['a member too old', [6, [[address, 120_001]], false]],
    ['a member with a short address', [6, [[address.slice(1), 0]], false]],
    ['no flag', [6, [], 1]],
    ['too many ids', [3, Array.from({ length: HAVE_IDS_MAX + 1 }, () => new Uint8Array(16))]],
    ['an id of 15 bytes', [3, [new Uint8Array(15)]]],
    ['a served number', [7, [3], 0]],
    ['a load below nothing', [7, [], -1]],
    ['a message without a body', [2, publication.publicKey, 1, 1, 's', publication.signature]],
    [
      'a body too large',
      [2, publication.publicKey, 1, 1, 's', publication.signature],
      new Uint8Array(BODY_BYTES_MAX + 1),
    ],
    ['a sequence of 1.5', [2, publication.publicKey, 1.5, 1, 's', publication.signature], new Uint8Array(1)],
  ];
  for (const [what, value, payload] of unfit)
    expect(
      codeOf(() => decodePartnerFrame({ value, payload })),
      what,
    ).toBe('BAD_MESSAGE');
  for (const decode of [decodeOpening, decodeMembers, decodeAnycast, decodeAnycastResult])
    for (const value of [null, 1, [], [1], [[], [], [], []], { a: 1 }] as Value[])
      if (!(decode === decodeMembers && Array.isArray(value) && value.length === 1 && Array.isArray(value[0])))
        expect(
          codeOf(() => decode(value)),
          `${decode.name} ${JSON.stringify(value)}`,
        ).toBe('BAD_MESSAGE');
});

test('a change of any byte gives a frame or BAD_MESSAGE, never another error', () => {
  for (let round = 0; round < 3_000; round++) {
    const { value, payload } = encodePartnerFrame(frames[round % frames.length]!);
    const bytes = encodeValue(value);
    bytes[below(random, bytes.length)] = below(random, 256);
    const code = codeOf(() => decodePartnerFrame({ value: decodeValue(bytes), payload }));
    expect(['none', 'BAD_MESSAGE']).toContain(code);
  }
});
