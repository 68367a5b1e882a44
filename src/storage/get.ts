/**
 * Reads a stored file: the manifest from any of its holders, then each segment from the first k shards that come. Data
 * shards are preferred, holders that failed come last.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { checkAborted } from '../base/abort.ts';
import { equal } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { isSeaError, SeaError } from '../base/errors.ts';
import { firstOf, type Try } from '../base/first-of.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';
import type { FoundShard, ShardCoder } from '../ports/shard-coder.ts';
import { type FileLink, type ManifestPlace, parseLink, type ReadLink } from './file-link.ts';
import { HEDGE_MS, MANIFEST_HEDGE_MS, SEGMENTS_IN_FLIGHT } from './limits.ts';
import { type Details, decodeDetails, decodeManifest, type Manifest, type ManifestSegment } from './manifest.ts';
import type { RemoteHolder } from './remote-holder.ts';

export interface GetProgress {
  readonly receivedBytes: number;
  /** Bytes that were asked for. */
  readonly totalBytes: number;
}

export interface GetOptions {
  /** The bytes wanted: from `start` (0) to before `end` (the file's length). */
  readonly range?: { readonly start?: number | undefined; readonly end?: number | undefined } | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: GetProgress) => void) | undefined;
}

/** A stored file as its link shows it. */
export interface StoredFile {
  readonly name: string | null;
  readonly type: string | null;
  readonly length: number;
  readonly k: number;
  readonly n: number;
  /** Unix time, ms. */
  readonly endsAtMs: number;
  /** Who holds the shards of each segment, by shard index. */
  readonly segments: readonly (readonly HashAddress[])[];
}

export interface GetHost {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly coder: ShardCoder;
  readonly holder: (address: HashAddress) => RemoteHolder;
}

interface OpenedFile {
  readonly manifest: Manifest;
  readonly details: Details;
  readonly key: SigningKey;
}

/** What a read link shows. Throws as `getFile`. */
export async function inspectFile(host: GetHost, text: string, signal: AbortSignal | undefined): Promise<StoredFile> {
  const { manifest, details } = await openFile(host, text, signal);
  const { k, n, endsAtMs, holders, segments } = manifest;
  return {
    name: details.name,
    type: details.type,
    length: lengthOf(manifest),
    k,
    n,
    endsAtMs,
    segments: segments.map(({ shards }) => shards.map(({ holder }) => holders[holder]!)),
  };
}

/**
 * The bytes of a file, a segment at a time. Throws BAD_LINK, NO_RIGHT (a link that may not read, or keys no lease knows),
 * BAD_MANIFEST (what is there is not what the link names), DAMAGED, NOT_FOUND (deleted or its lease over),
 * TOO_FEW_HOLDERS (too many are away), BAD_ARGUMENT for a range that is none, ABORTED.
 */
export async function* getFile(
  host: GetHost,
  text: string,
  options: GetOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { signal, onProgress } = options;
  const file = await openFile(host, text, signal);
  const length = lengthOf(file.manifest);
  const { start, end } = checkRange(options.range, length);
  const leaving = new AbortController();
  const forget = signal && listen(signal, leaving);
  const wanted = piecesOf(file.manifest.segments, start, end);
  const away = new Set<string>();
  const ahead: Promise<Uint8Array>[] = [];
  let receivedBytes = 0;
  try {
    for (let next = 0; next < wanted.length || ahead.length > 0; ) {
      while (next < wanted.length && ahead.length < SEGMENTS_IN_FLIGHT) {
        const { index, from, to } = wanted[next++]!;
        const reading = fetchSegment(host, file, index, away, leaving.signal).then(plain => plain.subarray(from, to));
        reading.catch(() => {}); // heard when its turn comes
        ahead.push(reading);
      }
      const piece = await ahead.shift()!;
      receivedBytes += piece.length;
      onProgress?.({ receivedBytes, totalBytes: end - start });
      yield piece;
    }
  } finally {
    forget?.();
    leaving.abort(new SeaError('ABORTED', 'the reader left'));
  }
}

/** The manifest that a link of either kind names. Throws as `getFile`. */
export async function fetchManifest(
  host: GetHost,
  place: ManifestPlace,
  signal: AbortSignal | undefined,
): Promise<Manifest> {
  const key = await host.crypto.seedKey(place.fetchSeed);
  const tries = place.holders.map(
    (address): Try<Uint8Array> =>
      async signal => {
        const bytes = await host.holder(address).fetch(place.id, place.length, key, signal);
        if (equal(await host.coder.hash(bytes), place.id)) return bytes;
        throw new SeaError('DAMAGED', 'not the manifest that the link names', { peer: address.toString() });
      },
  );
  const outcome = await firstOf(host.clock, 1, tries, MANIFEST_HEDGE_MS, signal);
  if (outcome.state === 'failed') throw reasonOf(outcome.failures, 'BAD_MANIFEST', 'the manifest');
  try {
    const seal = { k: 1, length: place.length, key: place.key, tag: place.tag };
    return decodeManifest(await host.coder.open([{ index: 0, bytes: outcome.values[0]! }], seal));
  } catch (error) {
    throw isSeaError(error, 'DAMAGED')
      ? new SeaError('BAD_MANIFEST', 'the manifest does not open', { cause: error })
      : error;
  }
}

async function openFile(host: GetHost, text: string, signal: AbortSignal | undefined): Promise<OpenedFile> {
  checkAborted(signal);
  const link = parseLink(text);
  mayRead(link);
  const manifest = await fetchManifest(host, link.manifest, signal);
  const { bytes, tag } = manifest.details;
  try {
    const seal = { k: 1, length: bytes.length, key: link.detailsKey, tag };
    const details = decodeDetails(await host.coder.open([{ index: 0, bytes }], seal));
    if (details.seals.length !== manifest.segments.length) throw new SeaError('DAMAGED', 'a key for each segment');
    return { manifest, details, key: await host.crypto.seedKey(link.seed) };
  } catch (cause) {
    throw new SeaError('BAD_MANIFEST', 'the manifest belongs to another link', { cause });
  }
}

/** Throws NO_RIGHT for a link that may not read. */
export function mayRead(link: FileLink): asserts link is ReadLink {
  if (link.kind !== 'read') throw new SeaError('NO_RIGHT', 'this link may delete the file, not read it');
}

async function fetchSegment(
  host: GetHost,
  { manifest, details, key }: OpenedFile,
  index: number,
  away: Set<string>,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { k, holders } = manifest;
  const { length, shards } = manifest.segments[index]!;
  const shardBytes = Math.ceil(length / k);
  const isAway = (shard: number): number => (away.has(holders[shards[shard]!.holder]!.toString()) ? 1 : 0);
  const order = shards.map((_, i) => i).sort((a, b) => isAway(a) - isAway(b) || a - b);
  const asked = new Set<string>();
  const tries = order.map(
    (shard): Try<FoundShard> =>
      async signal => {
        const { id, holder } = shards[shard]!;
        const address = holders[holder]!;
        asked.add(address.toString());
        try {
          const bytes = await host.holder(address).fetch(id, shardBytes, key, signal);
          if (!equal(await host.coder.hash(bytes), id))
            throw new SeaError('DAMAGED', 'the bytes are not the shard', { peer: address.toString() });
          asked.delete(address.toString());
          return { index: shard, bytes };
        } catch (error) {
          if (!signal.aborted) away.add(address.toString());
          throw error;
        }
      },
  );
  const outcome = await firstOf(host.clock, k, tries, HEDGE_MS, signal);
  for (const slow of asked) away.add(slow); // others answered sooner: it is asked last for what comes
  if (outcome.state === 'failed') throw reasonOf(outcome.failures, 'DAMAGED', `segment ${index}`);
  return host.coder.open(outcome.values, { k, length, ...details.seals[index]! });
}

/** Of many reasons the one that a person can act on. */
function reasonOf(failures: readonly unknown[], damaged: 'DAMAGED' | 'BAD_MANIFEST', what: string): SeaError {
  const has = (code: 'DAMAGED' | 'NO_RIGHT' | 'NOT_FOUND'): boolean => failures.some(error => isSeaError(error, code));
  const cause = failures.at(-1);
  if (has('DAMAGED')) return new SeaError(damaged, `${what} came changed, and too little else came`, { cause });
  if (has('NO_RIGHT')) return new SeaError('NO_RIGHT', `no holder accepts this link's right to ${what}`, { cause });
  if (failures.every(error => isSeaError(error, 'NOT_FOUND')) && failures.length > 0)
    return new SeaError('NOT_FOUND', `${what} is no longer held: deleted, or its lease is over`, { cause });
  return new SeaError('TOO_FEW_HOLDERS', `too few holders of ${what} can be reached`, { cause });
}

function piecesOf(
  segments: readonly ManifestSegment[],
  start: number,
  end: number,
): { index: number; from: number; to: number }[] {
  const pieces: { index: number; from: number; to: number }[] = [];
  let at = 0;
  for (const [index, { length }] of segments.entries()) {
    const from = Math.max(0, start - at);
    const to = Math.min(length, end - at);
    if (from < to) pieces.push({ index, from, to });
    at += length;
  }
  return pieces;
}

function checkRange(range: GetOptions['range'], length: number): { start: number; end: number } {
  const start = range?.start ?? 0;
  const end = Math.min(range?.end ?? length, length);
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || start > end)
    throw new SeaError('BAD_ARGUMENT', `no range of ${length} bytes: ${start} to ${end}`);
  return { start, end };
}

function lengthOf({ segments }: Manifest): number {
  return segments.reduce((sum, { length }) => sum + length, 0);
}

function listen(signal: AbortSignal, controller: AbortController): () => void {
  const abort = (): void => controller.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return () => signal.removeEventListener('abort', abort);
}
