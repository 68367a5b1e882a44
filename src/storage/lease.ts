/** What a holder has agreed to for one shard: until when, and whose keys may do what. And the record it keeps of that. */

import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import { Reader } from '../wire/reader.ts';
import { LEASES_PER_SHARD_MAX } from './limits.ts';
import type { Terms } from './terms.ts';

/** The terms but for shard and length, which are the shelf's, and the owner's signature of them. */
export interface Lease extends Omit<Terms, 'shard' | 'length'> {
  readonly signature: Uint8Array;
}

const VERSION = 1;

/** [version, leases, null]: the null is room for masks. */
export function encodeLeases(leases: readonly Lease[]): Uint8Array {
  const rows = leases.map(
    ({ fetchKey, deleteKey, verifyKey, endsAtMs, root, signature }): Value => [
      fetchKey,
      deleteKey,
      verifyKey,
      endsAtMs,
      root,
      signature,
    ],
  );
  return encodeValue([VERSION, rows, null]);
}

/** Throws BAD_MESSAGE. */
export function decodeLeases(record: Uint8Array): Lease[] {
  const reader = new Reader(decodeValue(record), 'leases');
  reader.uint('version', VERSION);
  const leases = reader.list('leases', LEASES_PER_SHARD_MAX, readLease);
  reader.value('later');
  reader.end();
  return leases;
}

function readLease(value: Value): Lease {
  const reader = new Reader(value, 'lease');
  const fetchKey = reader.bytes('fetchKey', 32);
  const deleteKey = reader.bytes('deleteKey', 32);
  const verifyKey = reader.nullable(it => it.bytes('verifyKey', 32));
  const endsAtMs = reader.uint('endsAtMs');
  const root = reader.bytes('root', 32);
  const signature = reader.bytes('signature', 64);
  reader.end();
  return { fetchKey, deleteKey, verifyKey, endsAtMs, root, signature };
}
