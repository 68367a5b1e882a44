/** Messages to frames and back. Decoding is total: a message whose every field was checked, or BAD_MESSAGE. */

import type { Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import { decodeFrame, encodeFrame } from './frame.ts';
import {
  CALL_TIMEOUT_MS_MAX,
  DIGEST_ENTRIES_MAX,
  HOPS_MAX,
  NETWORK_ID_LENGTH_MAX,
  PATH_PAYLOAD_BYTES_MAX,
  PREFIX_BYTES,
  SCOPE_LENGTH_MAX,
  URL_LENGTH_MAX,
  VISITED_MAX,
} from './limits.ts';
import { type CallMessage, kinds, type LinkMessage, type Message, type RoutingMessage } from './messages.ts';
import { Reader } from './reader.ts';

const U32_MAX = 0xffffffff;
const CODE_MAX = 0xffff;

/** Payload that each kind may carry, bytes. Calls are bounded by what carries them: the fragments of a path. */
const payloadBytesMax: { readonly [Kind in Message['kind']]: number } = {
  hello: 0,
  proof: 0,
  ping: 0,
  pong: 0,
  bye: 0,
  digest: DIGEST_ENTRIES_MAX * PREFIX_BYTES,
  route: PATH_PAYLOAD_BYTES_MAX,
  taken: 0,
  ready: HOPS_MAX * PREFIX_BYTES,
  refused: 0,
  data: PATH_PAYLOAD_BYTES_MAX,
  broken: 0,
  call: Number.POSITIVE_INFINITY,
  item: Number.POSITIVE_INFINITY,
  result: Number.POSITIVE_INFINITY,
  failure: 0,
};

/** A message and the raw bytes behind its header (a view). */
export interface Decoded<M extends Message> {
  readonly message: M;
  readonly payload: Uint8Array;
}

export function encodeMessage(message: Message, payload?: Uint8Array): Uint8Array<ArrayBuffer> {
  return encodeFrame(header(message), payload);
}

/** What may arrive on an authenticated link. Throws BAD_MESSAGE. */
export function decodeLinkFrame(bytes: Uint8Array): Decoded<LinkMessage | RoutingMessage> {
  const { header, payload } = decodeFrame(bytes);
  const reader = new Reader(header, 'message');
  const message = readLink(reader);
  reader.end();
  checkPayload(message, payload);
  return { message, payload };
}

/** What may arrive at the end of a path. Throws BAD_MESSAGE. */
export function decodeCallFrame(bytes: Uint8Array): Decoded<CallMessage> {
  const { header, payload } = decodeFrame(bytes);
  const reader = new Reader(header, 'call message');
  const message = readCall(reader);
  reader.end();
  checkPayload(message, payload);
  return { message, payload };
}

function header(message: Message): readonly Value[] {
  const kind = kinds[message.kind];
  switch (message.kind) {
    case 'hello':
      return [
        kind,
        message.version,
        message.networkId,
        message.publicKey,
        message.nonce,
        message.wallMs,
        message.leaf,
        message.url,
      ];
    case 'proof':
      return [kind, message.signature];
    case 'ping':
    case 'pong':
      return [kind, message.count];
    case 'bye':
      return [kind, message.code];
    case 'digest':
      return [kind];
    case 'route':
      return [
        kind,
        message.pathId,
        message.source.bytes,
        message.target.bytes,
        message.via?.bytes ?? null,
        message.nearest,
        message.hopsLeft,
        message.visited,
        message.more,
      ];
    case 'taken':
      return [kind, message.pathId];
    case 'ready':
      return [kind, message.pathId, message.target.bytes];
    case 'refused':
      return [kind, message.pathId, message.code, message.hopsLeft, message.visited];
    case 'data':
      return [kind, message.pathId, message.forward, message.more, message.last];
    case 'broken':
      return [kind, message.pathId, message.forward, message.code];
    case 'call':
      return [kind, message.callId, message.scope, message.timeoutMs, message.value];
    case 'item':
    case 'result':
      return [kind, message.value];
    case 'failure':
      return [kind, message.code];
  }
}

function readLink(reader: Reader): LinkMessage | RoutingMessage {
  const kind = reader.uint('kind', 255);
  switch (kind) {
    case kinds.hello:
      return {
        kind: 'hello',
        version: reader.uint('version', CODE_MAX),
        networkId: reader.text('networkId', NETWORK_ID_LENGTH_MAX),
        publicKey: reader.bytes('publicKey', 32),
        nonce: reader.bytes('nonce', 32),
        wallMs: reader.uint('wallMs'),
        leaf: reader.flag('leaf'),
        url: reader.nullable(r => r.text('url', URL_LENGTH_MAX)),
      };
    case kinds.proof:
      return { kind: 'proof', signature: reader.bytes('signature', 64) };
    case kinds.ping:
      return { kind: 'ping', count: reader.uint('count', U32_MAX) };
    case kinds.pong:
      return { kind: 'pong', count: reader.uint('count', U32_MAX) };
    case kinds.bye:
      return { kind: 'bye', code: reader.uint('code', CODE_MAX) };
    case kinds.digest:
      return { kind: 'digest' };
    default:
      return readRouting(kind, reader);
  }
}

function readRouting(kind: number, reader: Reader): RoutingMessage {
  const pathId = reader.uint('pathId', U32_MAX);
  switch (kind) {
    case kinds.route:
      return {
        kind: 'route',
        pathId,
        source: reader.address('source'),
        target: reader.address('target'),
        via: reader.nullable(r => r.address('via')),
        nearest: reader.flag('nearest'),
        hopsLeft: reader.uint('hopsLeft', HOPS_MAX),
        visited: visited(reader),
        more: reader.flag('more'),
      };
    case kinds.taken:
      return { kind: 'taken', pathId };
    case kinds.ready:
      return { kind: 'ready', pathId, target: reader.address('target') };
    case kinds.refused:
      return {
        kind: 'refused',
        pathId,
        code: reader.uint('code', CODE_MAX),
        hopsLeft: reader.uint('hopsLeft', HOPS_MAX),
        visited: visited(reader),
      };
    case kinds.data:
      return {
        kind: 'data',
        pathId,
        forward: reader.flag('forward'),
        more: reader.flag('more'),
        last: reader.flag('last'),
      };
    case kinds.broken:
      return { kind: 'broken', pathId, forward: reader.flag('forward'), code: reader.uint('code', CODE_MAX) };
    default:
      throw new SeaError('BAD_MESSAGE', `no message has kind ${kind} on a link`);
  }
}

function readCall(reader: Reader): CallMessage {
  const kind = reader.uint('kind', 255);
  switch (kind) {
    case kinds.call:
      return {
        kind: 'call',
        callId: reader.bytes('callId', 16),
        scope: reader.text('scope', SCOPE_LENGTH_MAX),
        timeoutMs: reader.uint('timeoutMs', CALL_TIMEOUT_MS_MAX),
        value: reader.value('value'),
      };
    case kinds.item:
      return { kind: 'item', value: reader.value('value') };
    case kinds.result:
      return { kind: 'result', value: reader.value('value') };
    case kinds.failure:
      return { kind: 'failure', code: reader.uint('code', CODE_MAX) };
    default:
      throw new SeaError('BAD_MESSAGE', `no message has kind ${kind} on a path`);
  }
}

function visited(reader: Reader): Uint8Array {
  const prefixes = reader.bytesUpTo('visited', VISITED_MAX * PREFIX_BYTES);
  checkPrefixes(prefixes);
  return prefixes;
}

function checkPayload({ kind }: Message, payload: Uint8Array): void {
  if (payload.length > payloadBytesMax[kind])
    throw new SeaError('BAD_MESSAGE', `a ${kind} with a payload of ${payload.length} bytes`);
  if (kind === 'digest' || kind === 'ready') checkPrefixes(payload);
}

function checkPrefixes(bytes: Uint8Array): void {
  if (bytes.length % PREFIX_BYTES !== 0)
    throw new SeaError('BAD_MESSAGE', 'a list of address prefixes of the wrong length');
}
