/**
 * Lists: blocks that name the blocks of a content in their order, or further lists. A content larger than a block is known
 * by the id of its outermost list, and so is a smaller one: an id never says by itself whether bytes or a list are meant.
 * A list is the canonical CBOR of [1, [[digest, length, is it a list], …]]; `length` counts the content's bytes below.
 */

import { ContentId } from '../address/content-id.ts';
import { decodeValue, encodeValue } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import { Reader } from '../wire/reader.ts';
import { BLOCK_BYTES_MAX, CONTENT_BYTES_MAX, LIST_ENTRIES_MAX } from './limits.ts';

const LIST_VERSION = 1;

/** What a list names. */
export interface Entry {
  readonly id: ContentId;
  /** Bytes of the content in it or below it, at least 1. */
  readonly length: number;
  readonly isList: boolean;
}

export function writeList(entries: readonly Entry[]): Uint8Array {
  return encodeValue([LIST_VERSION, entries.map(({ id, length, isList }) => [id.digest, length, isList])]);
}

/** Reads a stranger's list. Total: throws UNSUPPORTED (another version), BAD_MESSAGE, nothing else. */
export function readList(bytes: Uint8Array): Entry[] {
  const reader = new Reader(decodeValue(bytes), 'list');
  if (reader.uint('version') !== LIST_VERSION) throw new SeaError('UNSUPPORTED', 'a list of another version');
  const entries = reader.list('entries', LIST_ENTRIES_MAX, item => {
    const entry = new Reader(item, 'entry');
    const id = ContentId.fromDigest(entry.bytes('digest', 32));
    const length = entry.uint('length', CONTENT_BYTES_MAX);
    const isList = entry.flag('isList');
    entry.end();
    if (length === 0 || (!isList && length > BLOCK_BYTES_MAX))
      throw new SeaError('BAD_MESSAGE', `an entry of ${length} bytes`);
    return { id, length, isList };
  });
  reader.end();
  return entries;
}

/** Bytes of the content that a list stands for. */
export function lengthOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { length }) => sum + length, 0);
}
