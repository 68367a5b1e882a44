/**
 * The bodies of this service's calls. Every decoder is total and throws BAD_MESSAGE, nothing else.
 *
 * | scope         | request     | answer                                                                  |
 * |---------------|-------------|-------------------------------------------------------------------------|
 * | `records:put` | the record  | [sequence of a newer one that was here, or null where it was taken]       |
 * | `records:get` | [key, tags] | [whether there may be more, [ms that are left, record] each]             |
 *
 * A record is put by its announcer, of a moment ago. Tags: TAG_BYTES of each that its announcer must have.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Value } from '../base/cbor.ts';
import { Reader } from '../wire/reader.ts';
import { RECORDS_PER_KEY_MAX, TAG_BYTES, WANTED_TAGS_MAX } from './limits.ts';
import { decodeRecord, encodeRecord } from './record.ts';
import type { ShelfView } from './record-shelf.ts';

export const scopes = { put: 'records:put', get: 'records:get' } as const;

export function readPutAnswer(value: Value): number | null {
  const reader = new Reader(value, 'answer');
  const newer = reader.nullable(it => it.uint('newer'));
  reader.end();
  return newer;
}

export interface GetRequest {
  readonly key: HashAddress;
  readonly tags: Uint8Array;
}

export function writeGet({ key, tags }: GetRequest): Value {
  return [key.bytes, tags];
}

export function readGet(value: Value): GetRequest {
  const reader = new Reader(value, 'request');
  const request = { key: reader.address('key'), tags: reader.bytesUpTo('tags', WANTED_TAGS_MAX * TAG_BYTES) };
  reader.end();
  return request;
}

export function writeGetAnswer({ more, records }: ShelfView): Value {
  return [more, records.map(({ leftMs, record }) => [leftMs, encodeRecord(record)])];
}

export function readGetAnswer(value: Value): ShelfView {
  const reader = new Reader(value, 'answer');
  const more = reader.flag('more');
  const records = reader.list('records', RECORDS_PER_KEY_MAX, item => {
    const held = new Reader(item, 'held record');
    const leftMs = held.uint('leftMs');
    const record = decodeRecord(held.value('record'));
    held.end();
    return { leftMs: Math.min(leftMs, record.lifetimeMs), record };
  });
  reader.end();
  return { more, records };
}
