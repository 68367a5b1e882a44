/**
 * What the two ends of a con say to each other: frames inside a session, and the messages that open and resume one.
 * Decoding is total: a message whose every field was checked, or BAD_MESSAGE.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { encodeValue, type Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import { decodeFrame, encodeFrame } from '../wire/frame.ts';
import { Reader } from '../wire/reader.ts';
import { CHUNK_BYTES, EPOCH_MAX, MESSAGE_BYTES_MAX, NAME_LENGTH_MAX, STREAM_WINDOW_BYTES } from './limits.ts';

/** The call that carries a con. */
export const ATTACH_SCOPE = 'con:attach';

const U32_MAX = 0xffff_ffff;
const CODE_MAX = 0xffff;
const KEY_BYTES = 32;
const SESSION_ID_BYTES = 16;
const SIGNATURE_BYTES = 64;
const TOKEN_BYTES_MAX = 64;

// --- Frames of a session ---

/** Frames that arrive once and in order; `seq` counts them from 1 in each direction. */
export type ReliableFrame =
  /** A value for the application, packed as an argument (rpc/arguments.ts); the payload is its raw bytes. */
  | { readonly kind: 'message'; readonly scope: string; readonly packed: Value; readonly payload: Uint8Array }
  /** A new stream; the opener of the con gives odd numbers, the other even ones. */
  | { readonly kind: 'open'; readonly stream: number; readonly name: string }
  | { readonly kind: 'chunk'; readonly stream: number; readonly payload: Uint8Array }
  /** The reader has consumed that many bytes. */
  | { readonly kind: 'credit'; readonly stream: number; readonly bytes: number }
  /** The sender's half ends as it should. */
  | { readonly kind: 'end'; readonly stream: number }
  /** One half is broken off: the sender's own (`mine`), or the one it reads. */
  | { readonly kind: 'reset'; readonly stream: number; readonly mine: boolean; readonly code: number };

/** Frames of the carrier they come on. */
export type LooseFrame =
  /** Everything up to `seq` has arrived. */
  | { readonly kind: 'ack'; readonly seq: number }
  | { readonly kind: 'ping' }
  /** Answers a ping; everything up to `seq` has arrived. */
  | { readonly kind: 'pong'; readonly seq: number }
  /** The con is over; code 0: as the application wanted. */
  | { readonly kind: 'bye'; readonly code: number };

/** The kind numbers, first item of every header. Never reuse one. */
const kinds = {
  message: 1,
  open: 2,
  chunk: 3,
  credit: 4,
  end: 5,
  reset: 6,
  ack: 10,
  ping: 11,
  pong: 12,
  bye: 13,
} as const;

export function encodeReliable(seq: number, frame: ReliableFrame): Uint8Array {
  const kind = kinds[frame.kind];
  switch (frame.kind) {
    case 'message':
      return encodeFrame([kind, seq, frame.scope, frame.packed], frame.payload);
    case 'open':
      return encodeFrame([kind, seq, frame.stream, frame.name]);
    case 'chunk':
      return encodeFrame([kind, seq, frame.stream], frame.payload);
    case 'credit':
      return encodeFrame([kind, seq, frame.stream, frame.bytes]);
    case 'end':
      return encodeFrame([kind, seq, frame.stream]);
    case 'reset':
      return encodeFrame([kind, seq, frame.stream, frame.mine, frame.code]);
  }
}

export function encodeLoose(frame: LooseFrame): Uint8Array {
  const kind = kinds[frame.kind];
  switch (frame.kind) {
    case 'ack':
    case 'pong':
      return encodeFrame([kind, frame.seq]);
    case 'ping':
      return encodeFrame([kind]);
    case 'bye':
      return encodeFrame([kind, frame.code]);
  }
}

/** A frame of a session, with its number where it has one. */
export type Received = { readonly seq: number; readonly frame: ReliableFrame } | { readonly frame: LooseFrame };

export function decodeSessionFrame(bytes: Uint8Array): Received {
  const { header, payload } = decodeFrame(bytes);
  const reader = new Reader(header, 'con frame');
  const kind = reader.uint('kind', 255);
  const received = kind < kinds.ack ? readReliable(kind, reader, payload) : { frame: readLoose(kind, reader) };
  reader.end();
  if (payload.length > payloadMax(received.frame.kind))
    throw new SeaError('BAD_MESSAGE', `a ${received.frame.kind} with a payload of ${payload.length} bytes`);
  return received;
}

function payloadMax(kind: Received['frame']['kind']): number {
  if (kind === 'message') return MESSAGE_BYTES_MAX;
  return kind === 'chunk' ? CHUNK_BYTES : 0;
}

function readReliable(
  kind: number,
  reader: Reader,
  payload: Uint8Array,
): { readonly seq: number; readonly frame: ReliableFrame } {
  const seq = reader.uint('seq');
  if (kind === kinds.message) {
    const scope = reader.text('scope', NAME_LENGTH_MAX);
    return { seq, frame: { kind: 'message', scope, packed: reader.value('value'), payload } };
  }
  const stream = reader.uint('stream', U32_MAX);
  switch (kind) {
    case kinds.open:
      return { seq, frame: { kind: 'open', stream, name: reader.text('name', NAME_LENGTH_MAX) } };
    case kinds.chunk:
      return { seq, frame: { kind: 'chunk', stream, payload } };
    case kinds.credit:
      return { seq, frame: { kind: 'credit', stream, bytes: reader.uint('bytes', STREAM_WINDOW_BYTES) } };
    case kinds.end:
      return { seq, frame: { kind: 'end', stream } };
    case kinds.reset:
      return { seq, frame: { kind: 'reset', stream, mine: reader.flag('mine'), code: reader.uint('code', CODE_MAX) } };
    default:
      throw new SeaError('BAD_MESSAGE', `no frame of a con has kind ${kind}`);
  }
}

function readLoose(kind: number, reader: Reader): LooseFrame {
  switch (kind) {
    case kinds.ack:
      return { kind: 'ack', seq: reader.uint('seq') };
    case kinds.ping:
      return { kind: 'ping' };
    case kinds.pong:
      return { kind: 'pong', seq: reader.uint('seq') };
    case kinds.bye:
      return { kind: 'bye', code: reader.uint('code', CODE_MAX) };
    default:
      throw new SeaError('BAD_MESSAGE', `no frame of a con has kind ${kind}`);
  }
}

// --- Opening and resuming: the body of the call, then items ---

/** The caller asks for a new session. */
export interface OpenRequest {
  readonly kind: 'open';
  readonly version: number;
  /** 16 random bytes. */
  readonly sessionId: Uint8Array;
  /** Ed25519, 32 bytes: the caller's node key. */
  readonly publicKey: Uint8Array;
  /** X25519, 32 bytes; null where the caller's platform has none. */
  readonly ephemeral: Uint8Array | null;
  /** The caller sees the callee at the other end of a link that encrypts: no seal is needed if the callee does too. */
  readonly direct: boolean;
}

/** The caller comes back to a session over another carrier. */
export interface ResumeRequest {
  readonly kind: 'resume';
  readonly sessionId: Uint8Array;
  /** Numbers the carriers of a session; each has nonces of its own. */
  readonly epoch: number;
  /** A `Token`, sealed where the session has keys. */
  readonly token: Uint8Array;
}

export type AttachRequest = OpenRequest | ResumeRequest;

export type AttachAnswer =
  | {
      readonly kind: 'accepted';
      readonly publicKey: Uint8Array;
      readonly ephemeral: Uint8Array | null;
      readonly direct: boolean;
      readonly signature: Uint8Array;
    }
  | { readonly kind: 'resumed'; readonly token: Uint8Array }
  /** The callee has no such session (any more), and signs it. */
  | { readonly kind: 'gone'; readonly publicKey: Uint8Array; readonly signature: Uint8Array };

/** Proves knowledge of the session, and says how much has arrived. */
export interface Token {
  readonly received: number;
  readonly direct: boolean;
}

const attachKinds = { open: 1, resume: 2, accepted: 3, resumed: 4, gone: 5, confirm: 6 } as const;

export function encodeRequest(request: AttachRequest): Value {
  const kind = attachKinds[request.kind];
  if (request.kind === 'resume') return [kind, request.sessionId, request.epoch, request.token];
  const { version, sessionId, publicKey, ephemeral, direct } = request;
  return [kind, version, sessionId, publicKey, ephemeral, direct];
}

export function decodeRequest(value: Value): AttachRequest {
  const reader = new Reader(value, 'con request');
  const kind = reader.uint('kind', 255);
  const request = readRequest(kind, reader);
  reader.end();
  return request;
}

function readRequest(kind: number, reader: Reader): AttachRequest {
  switch (kind) {
    case attachKinds.open:
      return {
        kind: 'open',
        version: reader.uint('version', CODE_MAX),
        sessionId: reader.bytes('sessionId', SESSION_ID_BYTES),
        publicKey: reader.bytes('publicKey', KEY_BYTES),
        ephemeral: reader.nullable(r => r.bytes('ephemeral', KEY_BYTES)),
        direct: reader.flag('direct'),
      };
    case attachKinds.resume:
      return {
        kind: 'resume',
        sessionId: reader.bytes('sessionId', SESSION_ID_BYTES),
        epoch: reader.uint('epoch', EPOCH_MAX),
        token: reader.bytesUpTo('token', TOKEN_BYTES_MAX),
      };
    default:
      throw new SeaError('BAD_MESSAGE', `no con begins with kind ${kind}`);
  }
}

export function encodeAnswer(answer: AttachAnswer): Value {
  const kind = attachKinds[answer.kind];
  switch (answer.kind) {
    case 'accepted':
      return [kind, answer.publicKey, answer.ephemeral, answer.direct, answer.signature];
    case 'resumed':
      return [kind, answer.token];
    case 'gone':
      return [kind, answer.publicKey, answer.signature];
  }
}

export function decodeAnswer(value: Value): AttachAnswer {
  const reader = new Reader(value, 'con answer');
  const kind = reader.uint('kind', 255);
  const answer = readAnswer(kind, reader);
  reader.end();
  return answer;
}

function readAnswer(kind: number, reader: Reader): AttachAnswer {
  switch (kind) {
    case attachKinds.accepted:
      return {
        kind: 'accepted',
        publicKey: reader.bytes('publicKey', KEY_BYTES),
        ephemeral: reader.nullable(r => r.bytes('ephemeral', KEY_BYTES)),
        direct: reader.flag('direct'),
        signature: reader.bytes('signature', SIGNATURE_BYTES),
      };
    case attachKinds.resumed:
      return { kind: 'resumed', token: reader.bytesUpTo('token', TOKEN_BYTES_MAX) };
    case attachKinds.gone:
      return {
        kind: 'gone',
        publicKey: reader.bytes('publicKey', KEY_BYTES),
        signature: reader.bytes('signature', SIGNATURE_BYTES),
      };
    default:
      throw new SeaError('BAD_MESSAGE', `no answer about a con has kind ${kind}`);
  }
}

/** The caller's last word at an opening. */
export function encodeConfirm(signature: Uint8Array): Value {
  return [attachKinds.confirm, signature];
}

/** The signature. */
export function decodeConfirm(value: Value): Uint8Array {
  const reader = new Reader(value, 'con confirmation');
  if (reader.uint('kind', 255) !== attachKinds.confirm)
    throw new SeaError('BAD_MESSAGE', 'something else where a confirmation is expected');
  const signature = reader.bytes('signature', SIGNATURE_BYTES);
  reader.end();
  return signature;
}

export function encodeToken({ received, direct }: Token): Uint8Array {
  return encodeFrame([received, direct]);
}

export function decodeToken(bytes: Uint8Array): Token {
  const { header } = decodeFrame(bytes);
  const reader = new Reader(header, 'con token');
  const token = { received: reader.uint('received'), direct: reader.flag('direct') };
  reader.end();
  return token;
}

// --- What is signed ---

/** The two ends of a session, the one that called `connect` first. */
export interface Ends {
  readonly opener: HashAddress;
  readonly acceptor: HashAddress;
}

/** Everything both sides must agree on at an opening; each signs it under its own role. */
export function openingStatement(
  role: 'opener' | 'acceptor',
  { opener, acceptor }: Ends,
  request: OpenRequest,
  answer: { readonly ephemeral: Uint8Array | null; readonly direct: boolean },
): Uint8Array {
  const { version, sessionId, ephemeral, direct } = request;
  const theirs = [answer.ephemeral, answer.direct];
  return encodeValue([role, version, sessionId, opener.bytes, acceptor.bytes, ephemeral, direct, ...theirs]);
}

export function goneStatement({ opener, acceptor }: Ends, sessionId: Uint8Array): Uint8Array {
  return encodeValue(['gone', sessionId, opener.bytes, acceptor.bytes]);
}
