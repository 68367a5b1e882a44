/**
 * What a file became: its segments, their shards and who holds them. The manifest is sealed and stored like a segment of
 * its own; inside it, sealed once more, are the *details* (name, type, keys of the segments), which only the read link
 * opens. So whoever may delete, audit or repair sees where shards are and nothing of what they say.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { addressOfKey } from '../address/signed.ts';
import { concat } from '../base/bytes.ts';
import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import { Reader } from '../wire/reader.ts';
import { HOLDERS_MAX, MANIFEST_BYTES_MAX, NAME_LENGTH_MAX, SEGMENT_BYTES, SEGMENTS_MAX, SHARDS_MAX } from './limits.ts';
import type { RightKeys, Terms } from './terms.ts';

export interface ManifestShard {
  /** Digest of its content id, 32 bytes. */
  readonly id: Uint8Array;
  /** Its Merkle root, 32 bytes: what audits are held against. */
  readonly root: Uint8Array;
  /** Index into `holders`. */
  readonly holder: number;
  /** The holder's signature of its terms (see `termsOf`), 64 bytes. */
  readonly acceptance: Uint8Array;
}

export interface ManifestSegment {
  /** Plain bytes, 1 to SEGMENT_BYTES. */
  readonly length: number;
  /** n of them. */
  readonly shards: readonly ManifestShard[];
}

/** Bytes that were sealed alone (k = n = 1), beside what opens them but the key. */
export interface SealedPart {
  readonly bytes: Uint8Array;
  readonly tag: Uint8Array;
}

export interface Manifest {
  readonly k: number;
  readonly n: number;
  /** Unix time, ms, when the leases end. */
  readonly endsAtMs: number;
  /** Public keys of the holders' nodes, 32 bytes each. */
  readonly holderKeys: readonly Uint8Array[];
  /** Their addresses. */
  readonly holders: readonly HashAddress[];
  /** As they stand in the lease of every shard. */
  readonly rights: RightKeys;
  readonly segments: readonly ManifestSegment[];
  readonly details: SealedPart;
}

export interface Details {
  readonly name: string | null;
  readonly type: string | null;
  /** Of each segment. */
  readonly seals: readonly { readonly key: Uint8Array; readonly tag: Uint8Array }[];
}

const VERSION = 1;

/**
 * [version, k, n, end, holder keys, rights, segments, details, null]: the null is room for masks, audits and custodians.
 * TOO_LARGE.
 */
export function encodeManifest(manifest: Omit<Manifest, 'holders'>): Uint8Array {
  const { k, n, endsAtMs, holderKeys, rights, segments, details } = manifest;
  const rows = segments.map(({ length, shards }): Value => {
    const each = (part: (shard: ManifestShard) => Uint8Array): Uint8Array => concat(...shards.map(part));
    const indices = Uint8Array.from(shards, ({ holder }) => holder);
    return [length, each(({ id }) => id), each(({ root }) => root), indices, each(({ acceptance }) => acceptance)];
  });
  const keys = [rights.fetchKey, rights.deleteKey, rights.verifyKey];
  const bytes = encodeValue([VERSION, k, n, endsAtMs, holderKeys, keys, rows, [details.bytes, details.tag], null]);
  if (bytes.length > MANIFEST_BYTES_MAX)
    throw new SeaError('TOO_LARGE', 'the file has too many shards for one manifest: store it in parts');
  return bytes;
}

/** Throws BAD_MANIFEST. */
export function decodeManifest(bytes: Uint8Array): Manifest {
  return asManifest(() => {
    const reader = new Reader(decodeValue(bytes), 'manifest');
    reader.uint('version', VERSION);
    const k = reader.uint('k', SHARDS_MAX);
    const n = reader.uint('n', SHARDS_MAX);
    if (k < 1 || n < k) throw new SeaError('BAD_MESSAGE', 'a code without shards');
    const endsAtMs = reader.uint('end');
    const holderKeys = reader.list('holders', HOLDERS_MAX, item => new Reader([item], 'holder').bytes('key', 32));
    const rights = readRights(reader.value('rights'));
    const segments = reader.list('segments', SEGMENTS_MAX, item => readSegment(item, n, holderKeys.length));
    const inner = new Reader(reader.value('details'), 'details');
    const details = { bytes: inner.bytesUpTo('bytes', MANIFEST_BYTES_MAX), tag: inner.bytes('tag', 16) };
    inner.end();
    reader.value('later');
    reader.end();
    return { k, n, endsAtMs, holderKeys, holders: holderKeys.map(addressOfKey), rights, segments, details };
  });
}

/** What the owner and the holder of a shard have signed. */
export function termsOf({ k, endsAtMs, rights }: Manifest, { length }: ManifestSegment, shard: ManifestShard): Terms {
  return { ...rights, shard: shard.id, length: Math.ceil(length / k), root: shard.root, endsAtMs };
}

export function encodeDetails({ name, type, seals }: Details): Uint8Array {
  return encodeValue([VERSION, name, type, seals.map(({ key, tag }): Value => [key, tag])]);
}

/** Throws BAD_MANIFEST. */
export function decodeDetails(bytes: Uint8Array): Details {
  return asManifest(() => {
    const reader = new Reader(decodeValue(bytes), 'details');
    reader.uint('version', VERSION);
    const name = reader.nullable(it => it.text('name', NAME_LENGTH_MAX));
    const type = reader.nullable(it => it.text('type', NAME_LENGTH_MAX));
    const seals = reader.list('seals', SEGMENTS_MAX, item => {
      const seal = new Reader(item, 'seal');
      const pair = { key: seal.bytes('key', 32), tag: seal.bytes('tag', 16) };
      seal.end();
      return pair;
    });
    reader.end();
    return { name, type, seals };
  });
}

function readRights(value: Value): RightKeys {
  const reader = new Reader(value, 'rights');
  const fetchKey = reader.bytes('fetchKey', 32);
  const deleteKey = reader.bytes('deleteKey', 32);
  const verifyKey = reader.nullable(it => it.bytes('verifyKey', 32));
  reader.end();
  return { fetchKey, deleteKey, verifyKey };
}

function readSegment(value: Value, n: number, holders: number): ManifestSegment {
  const reader = new Reader(value, 'segment');
  const length = reader.uint('length', SEGMENT_BYTES);
  const ids = reader.bytes('ids', 32 * n);
  const roots = reader.bytes('roots', 32 * n);
  const indices = reader.bytes('holders', n);
  const acceptances = reader.bytes('acceptances', 64 * n);
  reader.end();
  if (length === 0 || indices.some(index => index >= holders))
    throw new SeaError('BAD_MESSAGE', 'a segment without bytes or holders');
  const shards = Array.from({ length: n }, (_, i) => ({
    id: ids.slice(32 * i, 32 * (i + 1)),
    root: roots.slice(32 * i, 32 * (i + 1)),
    holder: indices[i]!,
    acceptance: acceptances.slice(64 * i, 64 * (i + 1)),
  }));
  return { length, shards };
}

function asManifest<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new SeaError('BAD_MANIFEST', 'the manifest is not one of a stored file', { cause });
  }
}
