/**
 * The bodies of this service's calls. A body is a CBOR array and at most one raw payload; every decoder is total and
 * throws BAD_MESSAGE, nothing else. Content ids travel as their 32-byte digests.
 *
 * | scope         | caller → callee   | request        | answer  | payload |
 * |---------------|-------------------|----------------|---------|---------|
 * | `blocks:get`  | receiver → source | [block]        | []      | bytes   |
 * | `blocks:push` | sender → receiver | [list, length] | [bytes] |         |
 */

import { ContentId } from '../address/content-id.ts';
import { SeaError } from '../base/errors.ts';
import type { Body } from '../rpc/exchange.ts';
import { Reader } from '../wire/reader.ts';
import { BLOCK_BYTES_MAX, CONTENT_BYTES_MAX } from './limits.ts';

export const scopes = { get: 'blocks:get', push: 'blocks:push' } as const;

/** Says that a content is there to be fetched from the caller. */
export interface PushRequest {
  /** The outermost list. */
  readonly list: ContentId;
  /** Bytes of the content. */
  readonly length: number;
}

const NOTHING = new Uint8Array(0);

export function writeGet(block: ContentId): Body {
  return { value: [block.digest] };
}

export function readGet(body: Body): ContentId {
  const reader = new Reader(body.value, scopes.get);
  const block = readId(reader);
  reader.end();
  return block;
}

export function writeBlock(payload: Uint8Array): Body {
  return { value: [], payload };
}

export function readBlock({ value, payload = NOTHING }: Body): Uint8Array {
  new Reader(value, 'block').end();
  if (payload.length > BLOCK_BYTES_MAX) throw new SeaError('BAD_MESSAGE', `a block of ${payload.length} bytes`);
  return payload;
}

export function writePush({ list, length }: PushRequest): Body {
  return { value: [list.digest, length] };
}

export function readPush(body: Body): PushRequest {
  const reader = new Reader(body.value, scopes.push);
  const list = readId(reader);
  const length = reader.uint('length', CONTENT_BYTES_MAX);
  reader.end();
  return { list, length };
}

/** What the receiver of a push had to fetch, bytes. */
export function writePushed(bytes: number): Body {
  return { value: [bytes] };
}

export function readPushed(body: Body): number {
  const reader = new Reader(body.value, 'pushed');
  const bytes = reader.uint('bytes', CONTENT_BYTES_MAX);
  reader.end();
  return bytes;
}

function readId(reader: Reader): ContentId {
  return ContentId.fromDigest(reader.bytes('id', 32));
}
