/** What a holder has agreed to for one shard: until when, and whose keys may do what. And the record it keeps of that. */

import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import { Reader } from '../wire/reader.ts';
import { LEASES_PER_SHARD_MAX } from './limits.ts';

export interface Lease {
  /** Public halves of rights, 32 bytes each. */
  readonly fetchKey: Uint8Array;
  /** Also the lease's name: one lease per delete key. */
  readonly deleteKey: Uint8Array;
  /** For audits by somebody who cannot read; null where nobody was given that right. */
  readonly verifyKey: Uint8Array | null;
  /** Unix time, ms. */
  readonly endsAtMs: number;
}

const VERSION = 1;

/** [version, leases, null]: the null is room for masks and countersigned terms. */
export function encodeLeases(leases: readonly Lease[]): Uint8Array {
  const rows = leases.map(
    ({ fetchKey, deleteKey, verifyKey, endsAtMs }): Value => [fetchKey, deleteKey, verifyKey, endsAtMs],
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
  reader.end();
  return { fetchKey, deleteKey, verifyKey, endsAtMs };
}
