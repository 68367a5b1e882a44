/**
 * The texts by which a stored file is read or deleted. A link is all that is needed: where the manifest is, what opens it,
 * and the private half of a right. Whoever has the text has the right, so it is passed on like a key.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { HashAddress } from '../address/hash-address.ts';
import { concat, equal, fromBase64, toBase64 } from '../base/bytes.ts';
import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import { checkText } from '../base/given.ts';
import { Reader } from '../wire/reader.ts';
import { LINK_LENGTH_MAX, MANIFEST_BYTES_MAX, SHARDS_MAX } from './limits.ts';

/** Where the sealed manifest is and what opens it. */
export interface ManifestPlace {
  /** Digest of its content id. */
  readonly id: Uint8Array;
  readonly length: number;
  readonly key: Uint8Array;
  readonly tag: Uint8Array;
  /** Seed of the right to fetch the manifest. */
  readonly fetchSeed: Uint8Array;
  readonly holders: readonly HashAddress[];
}

export interface ReadLink {
  readonly kind: 'read';
  readonly manifest: ManifestPlace;
  /** Opens the details in the manifest. */
  readonly detailsKey: Uint8Array;
  /** Seed of the right to fetch the shards. */
  readonly seed: Uint8Array;
}

export interface DeleteLink {
  readonly kind: 'delete';
  readonly manifest: ManifestPlace;
  /** Seed of the right to delete shards and manifest. */
  readonly seed: Uint8Array;
}

export type FileLink = ReadLink | DeleteLink;

const PREFIXES = { read: 'sea-read:', delete: 'sea-delete:' } as const;
const VERSION = 1;
const CHECK_BYTES = 4; // tells a truncated or mistyped link from a file that is gone

/** The link as text: its kind, then base64url. */
export function formatLink(link: FileLink): string {
  const { id, length, key, tag, fetchSeed, holders } = link.manifest;
  const place: Value = [id, length, key, tag, fetchSeed, concat(...holders.map(({ bytes }) => bytes))];
  const body = encodeValue([VERSION, place, link.seed, ...(link.kind === 'read' ? [link.detailsKey] : [])]);
  const text = toBase64(concat(body, checkOf(link.kind, body)));
  return PREFIXES[link.kind] + text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Throws BAD_ARGUMENT for what is no text, BAD_LINK for anything but a whole link of this form. */
export function parseLink(text: string): FileLink {
  checkText('a link to a stored file', text);
  const kind = (['read', 'delete'] as const).find(each => text.startsWith(PREFIXES[each]));
  if (kind === undefined || text.length > LINK_LENGTH_MAX)
    throw new SeaError('BAD_LINK', 'a link to a stored file begins with sea-read: or sea-delete:');
  try {
    const bytes = fromBase64(text.slice(PREFIXES[kind].length));
    const body = bytes.subarray(0, Math.max(0, bytes.length - CHECK_BYTES));
    if (!equal(checkOf(kind, body), bytes.subarray(body.length)))
      throw new SeaError('BAD_MESSAGE', 'the check at its end does not fit');
    return readLink(kind, body);
  } catch (cause) {
    throw new SeaError('BAD_LINK', 'the link is not whole: was all of it copied?', { cause });
  }
}

function readLink(kind: FileLink['kind'], body: Uint8Array): FileLink {
  const reader = new Reader(decodeValue(body), 'link');
  reader.uint('version', VERSION);
  const manifest = readPlace(reader.value('manifest'));
  const seed = reader.bytes('seed', 32);
  const link: FileLink =
    kind === 'read' ? { kind, manifest, seed, detailsKey: reader.bytes('detailsKey', 32) } : { kind, manifest, seed };
  reader.end();
  return link;
}

function readPlace(value: Value): ManifestPlace {
  const reader = new Reader(value, 'manifest');
  const id = reader.bytes('id', 32);
  const length = reader.uint('length', MANIFEST_BYTES_MAX);
  const key = reader.bytes('key', 32);
  const tag = reader.bytes('tag', 16);
  const fetchSeed = reader.bytes('fetchSeed', 32);
  const addresses = reader.bytesUpTo('holders', 32 * SHARDS_MAX);
  reader.end();
  if (length === 0 || addresses.length === 0 || addresses.length % 32 !== 0)
    throw new SeaError('BAD_MESSAGE', 'a manifest without holders or bytes');
  const holders = Array.from({ length: addresses.length / 32 }, (_, i) =>
    HashAddress.from(addresses.slice(32 * i, 32 * (i + 1))),
  );
  return { id, length, key, tag, fetchSeed, holders };
}

function checkOf(kind: FileLink['kind'], body: Uint8Array): Uint8Array {
  return sha256(concat(Uint8Array.of(kind === 'read' ? 1 : 2), body)).subarray(0, CHECK_BYTES);
}
