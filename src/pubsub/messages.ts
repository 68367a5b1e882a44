/**
 * What two partners in a channel say to each other, and the anycast call. Decoding is total: a message whose every field
 * was checked, or BAD_MESSAGE.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { fromHex, toHex } from '../base/bytes.ts';
import type { Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import type { Body } from '../rpc/exchange.ts';
import { Reader } from '../wire/reader.ts';
import type { Introduction } from './introduction.ts';
import {
  BODY_BYTES_MAX,
  HAVE_IDS_MAX,
  LOAD_MAX,
  MEMBER_AGE_MS,
  MEMBERS_PER_MESSAGE,
  SCOPE_LENGTH_MAX,
  SERVED_MAX,
} from './limits.ts';
import { ID_BYTES, type Publication } from './publication.ts';

/** The calls of this layer. */
export const scopes = { link: 'pubsub:link', any: 'pubsub:any' } as const;

const CHANNEL_BYTES = 32;

/** A member, and how long ago somebody heard of it. */
export interface MemberEntry {
  readonly address: HashAddress;
  readonly ageMs: number;
}

/** What both sides of a fresh link say first. */
export interface Greeting extends Introduction {
  readonly members: readonly MemberEntry[];
  /** Scopes that the sender serves, and how many calls it runs. */
  readonly serving: readonly string[];
  readonly load: number;
}

export type PartnerFrame =
  | ({ readonly kind: 'welcome' } & Greeting)
  | { readonly kind: 'publication'; readonly publication: Publication }
  /** The sender has these: 32 hex digits each. */
  | { readonly kind: 'have'; readonly ids: readonly string[] }
  /** The sender lacks these: send them, and push what follows of their publishers. */
  | { readonly kind: 'graft'; readonly ids: readonly string[] }
  /** The sender gets this publisher's messages from elsewhere: do not push them. */
  | { readonly kind: 'prune'; readonly publisher: HashAddress }
  | { readonly kind: 'members'; readonly members: readonly MemberEntry[]; readonly answer: boolean }
  | { readonly kind: 'serving'; readonly serving: readonly string[]; readonly load: number }
  | { readonly kind: 'ping' }
  | { readonly kind: 'pong' }
  /** The sender leaves the channel. */
  | { readonly kind: 'bye' };

/** The kind numbers, first item of every frame. Never reuse one. */
const kinds = {
  welcome: 1,
  publication: 2,
  have: 3,
  graft: 4,
  prune: 5,
  members: 6,
  serving: 7,
  ping: 8,
  pong: 9,
  bye: 10,
} as const;

const kindOf = new Map<number, PartnerFrame['kind']>(
  Object.entries(kinds).map(([kind, number]) => [number, kind as PartnerFrame['kind']]),
);

export function encodePartnerFrame(frame: PartnerFrame): Body {
  const kind = kinds[frame.kind];
  switch (frame.kind) {
    case 'welcome':
      return { value: [kind, ...encodeGreeting(frame)] };
    case 'publication': {
      const { publicKey, sequence, wallMs, scope, signature, body } = frame.publication;
      return { value: [kind, publicKey, sequence, wallMs, scope, signature], payload: body };
    }
    case 'have':
    case 'graft':
      return { value: [kind, frame.ids.map(fromHex)] };
    case 'prune':
      return { value: [kind, frame.publisher.bytes] };
    case 'members':
      return { value: [kind, frame.members.map(encodeMember), frame.answer] };
    case 'serving':
      return { value: [kind, frame.serving, frame.load] };
    case 'ping':
    case 'pong':
    case 'bye':
      return { value: [kind] };
  }
}

/** Throws BAD_MESSAGE. */
export function decodePartnerFrame({ value, payload }: Body): PartnerFrame {
  const reader = new Reader(value, 'partner frame');
  const kind = kindOf.get(reader.uint('kind'));
  if (kind === undefined) throw new SeaError('BAD_MESSAGE', 'a partner frame of unknown kind');
  if (payload !== undefined && kind !== 'publication')
    throw new SeaError('BAD_MESSAGE', `a ${kind} frame carries no payload`);
  const frame = readFrame(kind, reader, payload);
  reader.end();
  return frame;
}

function readFrame(kind: PartnerFrame['kind'], reader: Reader, payload: Uint8Array | undefined): PartnerFrame {
  switch (kind) {
    case 'welcome':
      return { kind, ...readGreeting(reader) };
    case 'publication':
      return { kind, publication: readPublication(reader, payload) };
    case 'have':
    case 'graft':
      return { kind, ids: reader.list('ids', HAVE_IDS_MAX, readId) };
    case 'prune':
      return { kind, publisher: reader.address('publisher') };
    case 'members':
      return { kind, members: readMembers(reader), answer: reader.flag('answer') };
    case 'serving':
      return { kind, serving: readServing(reader), load: reader.uint('load', LOAD_MAX) };
    case 'ping':
    case 'pong':
    case 'bye':
      return { kind };
  }
}

// --- The opening of a link ---

export interface Opening extends Greeting {
  readonly channel: Uint8Array;
}

export function encodeOpening({ channel, ...greeting }: Opening): Value {
  return [channel, ...encodeGreeting(greeting)];
}

/** Throws BAD_MESSAGE. */
export function decodeOpening(value: Value): Opening {
  const reader = new Reader(value, 'opening');
  const opening = { channel: reader.bytes('channel', CHANNEL_BYTES), ...readGreeting(reader) };
  reader.end();
  return opening;
}

/** What a member says that has no room for one more partner: whom else to ask. */
export function encodeMembers(members: readonly MemberEntry[]): Value {
  return [members.map(encodeMember)];
}

/** Throws BAD_MESSAGE. */
export function decodeMembers(value: Value): MemberEntry[] {
  const reader = new Reader(value, 'members');
  const members = readMembers(reader);
  reader.end();
  return members;
}

// --- Anycast ---

export interface AnycastCall {
  readonly channel: Uint8Array;
  readonly scope: string;
  /** As packArguments gives it. */
  readonly packed: Value;
}

export function encodeAnycast({ channel, scope, packed }: AnycastCall): Value {
  return [channel, scope, packed];
}

/** Throws BAD_MESSAGE. */
export function decodeAnycast(value: Value): AnycastCall {
  const reader = new Reader(value, 'anycast');
  const call = {
    channel: reader.bytes('channel', CHANNEL_BYTES),
    scope: reader.text('scope', SCOPE_LENGTH_MAX),
    packed: reader.value('packed'),
  };
  reader.end();
  return call;
}

/** The result, and the load of who computed it. */
export function encodeAnycastResult(load: number, packed: Value): Value {
  return [Math.min(load, LOAD_MAX), packed];
}

/** Throws BAD_MESSAGE. */
export function decodeAnycastResult(value: Value): { load: number; packed: Value } {
  const reader = new Reader(value, 'anycast result');
  const result = { load: reader.uint('load', LOAD_MAX), packed: reader.value('packed') };
  reader.end();
  return result;
}

// --- Parts ---

function encodeMember({ address, ageMs }: MemberEntry): Value {
  return [address.bytes, ageMs];
}

function readMembers(reader: Reader): MemberEntry[] {
  return reader.list('members', MEMBERS_PER_MESSAGE, item => {
    const member = new Reader(item, 'member');
    const entry = { address: member.address('address'), ageMs: member.uint('age', MEMBER_AGE_MS) };
    member.end();
    return entry;
  });
}

function encodeGreeting({ members, serving, load, publicKey, wallMs, joinedMs, signature }: Greeting): Value[] {
  return [members.map(encodeMember), serving, load, publicKey, wallMs, joinedMs, signature];
}

function readGreeting(reader: Reader): Greeting {
  return {
    members: readMembers(reader),
    serving: readServing(reader),
    load: reader.uint('load', LOAD_MAX),
    publicKey: reader.bytes('publicKey', 32),
    wallMs: reader.uint('wallMs'),
    joinedMs: reader.uint('joinedMs'),
    signature: reader.bytes('signature', 64),
  };
}

function readServing(reader: Reader): string[] {
  return reader.list('serving', SERVED_MAX, item => {
    if (typeof item !== 'string' || item.length > SCOPE_LENGTH_MAX)
      throw new SeaError('BAD_MESSAGE', 'a served scope that is none');
    return item;
  });
}

function readId(item: Value): string {
  if (!(item instanceof Uint8Array) || item.length !== ID_BYTES)
    throw new SeaError('BAD_MESSAGE', 'not the id of a message');
  return toHex(item);
}

function readPublication(reader: Reader, body: Uint8Array | undefined): Publication {
  if (body === undefined || body.length > BODY_BYTES_MAX)
    throw new SeaError('BAD_MESSAGE', 'a message without a body, or with one too large');
  return {
    publicKey: reader.bytes('publicKey', 32),
    sequence: reader.uint('sequence'),
    wallMs: reader.uint('wallMs'),
    scope: reader.text('scope', SCOPE_LENGTH_MAX),
    signature: reader.bytes('signature', 64),
    body,
  };
}
