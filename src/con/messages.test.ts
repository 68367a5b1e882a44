/** The messages of cons: exact bytes, every field, and refusal of everything else. */

import { describe, expect, it } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { equal, toHex } from '../base/bytes.ts';
import { isSeaError } from '../base/errors.ts';
import { below } from '../base/random.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { encodeFrame } from '../wire/frame.ts';
import {
  type AttachAnswer,
  type AttachRequest,
  decodeAnswer,
  decodeConfirm,
  decodeRequest,
  decodeSessionFrame,
  decodeToken,
  encodeAnswer,
  encodeConfirm,
  encodeLoose,
  encodeReliable,
  encodeRequest,
  encodeToken,
  type LooseFrame,
  type OpenRequest,
  openingStatement,
  type ReliableFrame,
} from './messages.ts';

const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);

const reliable: readonly ReliableFrame[] = [
  { kind: 'message', scope: 'chat', packed: [null, 'hi'], payload: new Uint8Array(0) },
  { kind: 'message', scope: '', packed: [0, null], payload: bytes(300, 7) },
  { kind: 'open', stream: 1, name: 'a file' },
  { kind: 'chunk', stream: 3, payload: bytes(61_440, 1) },
  { kind: 'credit', stream: 3, bytes: 262_144 },
  { kind: 'end', stream: 4 },
  { kind: 'reset', stream: 4, mine: true, code: 23 },
];

const loose: readonly LooseFrame[] = [
  { kind: 'ack', seq: 12 },
  { kind: 'ping' },
  { kind: 'pong', seq: 3 },
  { kind: 'bye', code: 29 },
];

const open: OpenRequest = {
  kind: 'open',
  version: 1,
  sessionId: bytes(16, 1),
  publicKey: bytes(32, 2),
  ephemeral: bytes(32, 3),
  direct: true,
};

const requests: readonly AttachRequest[] = [
  open,
  { ...open, ephemeral: null, direct: false },
  { kind: 'resume', sessionId: bytes(16, 1), epoch: 7, token: bytes(28, 4) },
];

const answers: readonly AttachAnswer[] = [
  { kind: 'accepted', publicKey: bytes(32, 2), ephemeral: bytes(32, 3), direct: true, signature: bytes(64, 5) },
  { kind: 'accepted', publicKey: bytes(32, 2), ephemeral: null, direct: false, signature: bytes(64, 5) },
  { kind: 'resumed', token: bytes(28, 4) },
  { kind: 'gone', publicKey: bytes(32, 2), signature: bytes(64, 5) },
];

const refuses = (act: () => unknown): void => expect(act).toThrow(expect.objectContaining({ code: 'BAD_MESSAGE' }));

describe('frames of a session', () => {
  it('come out as they went in', () => {
    for (const [i, frame] of reliable.entries())
      expect(decodeSessionFrame(encodeReliable(i + 1, frame))).toEqual({ seq: i + 1, frame });
    for (const frame of loose) expect(decodeSessionFrame(encodeLoose(frame))).toEqual({ frame });
  });

  it('have these bytes', () => {
    expect(toHex(encodeLoose({ kind: 'ack', seq: 12 }))).toBe('00000003820a0c');
    expect(toHex(encodeReliable(2, { kind: 'chunk', stream: 1, payload: bytes(2, 0xee) }))).toBe(
      '0000000483030201eeee',
    );
    expect(toHex(encodeReliable(3, { kind: 'message', scope: 'n', packed: [null, 1], payload: bytes(0, 0) }))).toBe(
      '00000008840103616e82f601',
    );
  });

  it('are refused with a field missing, too many, of another type or beyond its bound', () => {
    for (const header of [
      [],
      [99],
      [0, 1],
      [1, 1, 'n'],
      [1, -1, 'n', null],
      [1, 1.5, 'n', null],
      [1, 1, 'n'.repeat(129), null],
      [1, 1, 'n', null, null],
      [2, 1, 1],
      [2, 1, 1, 5],
      [3, 1, 4_294_967_296],
      [4, 1, 1, 1_048_577],
      [5, 1, 1, 1],
      [6, 1, 1, 1, 1],
      [6, 1, 1, true, 65_536],
      [10],
      [10, -1],
      [11, 1],
      [12],
      [13, 65_536],
      [14],
    ])
      refuses(() => decodeSessionFrame(encodeFrame(header)));
    refuses(() => decodeSessionFrame(encodeFrame([3, 1, 1], bytes(61_441, 0))));
    refuses(() => decodeSessionFrame(encodeFrame([11], bytes(1, 0))));
    refuses(() => decodeSessionFrame(encodeFrame([5, 1, 1], bytes(1, 0))));
    refuses(() => decodeSessionFrame(bytes(3, 0)));
  });

  it('of bytes by chance give a frame or BAD_MESSAGE', () => {
    const random = new SeededRandom('frames');
    const whole = reliable.map((frame, i) => encodeReliable(i, frame)).filter(({ length }) => length < 1_000);
    for (let i = 0; i < 2_000; i++) {
      const copy = whole[below(random, whole.length)]!.slice();
      copy[below(random, copy.length)] = below(random, 256);
      try {
        decodeSessionFrame(copy);
      } catch (error) {
        if (!isSeaError(error, 'BAD_MESSAGE')) throw error;
      }
    }
  });
});

describe('opening and resuming', () => {
  it('come out as they went in', () => {
    for (const request of requests) expect(decodeRequest(encodeRequest(request))).toEqual(request);
    for (const answer of answers) expect(decodeAnswer(encodeAnswer(answer))).toEqual(answer);
    expect(decodeConfirm(encodeConfirm(bytes(64, 5)))).toEqual(bytes(64, 5));
    expect(decodeToken(encodeToken({ received: 5_000_000_000, direct: true }))).toEqual({
      received: 5_000_000_000,
      direct: true,
    });
  });

  it('are refused when unfit', () => {
    for (const value of [
      null,
      [],
      [9],
      [1, 1, bytes(15, 1), bytes(32, 2), null, true],
      [1, 1, bytes(16, 1), bytes(31, 2), null, true],
      [1, 1, bytes(16, 1), bytes(32, 2), bytes(31, 2), true],
      [1, 1, bytes(16, 1), bytes(32, 2), null, 1],
      [1, 1, bytes(16, 1), bytes(32, 2), null, true, 1],
      [2, bytes(16, 1), 4_294_967_296, bytes(1, 1)],
      [2, bytes(16, 1), 1, bytes(65, 1)],
    ])
      refuses(() => decodeRequest(value));
    for (const value of [null, [3], [4, bytes(65, 1)], [5, bytes(32, 1), bytes(63, 1)], [6, bytes(64, 1)]])
      refuses(() => decodeAnswer(value));
    for (const value of [null, [5, bytes(64, 1)], [6, bytes(63, 1)], [6, bytes(64, 1), 1]])
      refuses(() => decodeConfirm(value));
    for (const value of [bytes(2, 1), encodeFrame([1]), encodeFrame([-1, true]), encodeFrame([1, true, 1])])
      refuses(() => decodeToken(value));
  });

  it('every part of what is signed changes the statement', () => {
    const ends = { opener: HashAddress.from(bytes(32, 8)), acceptor: HashAddress.from(bytes(32, 9)) };
    const answer = { ephemeral: bytes(32, 6), direct: true };
    const statements = [
      openingStatement('opener', ends, open, answer),
      openingStatement('acceptor', ends, open, answer),
      openingStatement('opener', { opener: ends.acceptor, acceptor: ends.opener }, open, answer),
      openingStatement('opener', ends, { ...open, version: 2 }, answer),
      openingStatement('opener', ends, { ...open, sessionId: bytes(16, 9) }, answer),
      openingStatement('opener', ends, { ...open, ephemeral: null }, answer),
      openingStatement('opener', ends, { ...open, direct: false }, answer),
      openingStatement('opener', ends, open, { ...answer, ephemeral: null }),
      openingStatement('opener', ends, open, { ...answer, direct: false }),
    ];
    for (const [i, a] of statements.entries()) for (const b of statements.slice(i + 1)) expect(equal(a, b)).toBe(false);
  });
});
