/** The provider's side of fetching: a bundle from the requester that wants it run, checked against its id. */

import { ContentId } from '../address/content-id.ts';
import type { HashAddress } from '../address/hash-address.ts';
import { SeaError } from '../base/errors.ts';
import type { Caller } from '../rpc/exchange.ts';
import { type Bundle, readManifest } from './bundle.ts';
import { CHUNK_BYTES_MAX, CHUNKS_IN_FLIGHT, FETCH_TIMEOUT_MS } from './limits.ts';
import { readManifestAnswer, readPayload, scopes, writeBundleRequest } from './messages.ts';

/**
 * Fetches manifest and module from `source` and checks both hashes. Throws BUNDLE_MISMATCH (other bytes than the id
 * names), BUNDLE_UNAVAILABLE, what readManifest throws, and what the calls throw.
 */
export async function fetchBundle(
  caller: Caller,
  source: HashAddress,
  id: ContentId,
  signal: AbortSignal,
): Promise<Bundle> {
  const options = { signal, timeoutMs: FETCH_TIMEOUT_MS };
  const request = writeBundleRequest({ piece: 'manifest', bundle: id });
  const { manifestBytes, moduleLength } = readManifestAnswer(
    await caller.call(source, scopes.bundle, request, options),
  );
  if (!ContentId.of(manifestBytes).equals(id)) throw mismatch('manifest', source);
  const manifest = readManifest(manifestBytes);
  const module = new Uint8Array(moduleLength);
  const fetchChunk = async (offset: number): Promise<void> => {
    const length = Math.min(CHUNK_BYTES_MAX, moduleLength - offset);
    const piece = writeBundleRequest({ piece: 'module', bundle: id, offset, length });
    const chunk = readPayload(await caller.call(source, scopes.bundle, piece, options));
    if (chunk.length !== length) throw mismatch('module', source);
    module.set(chunk, offset);
  };
  await inTurns(moduleLength, CHUNK_BYTES_MAX, fetchChunk);
  if (!ContentId.of(module).equals(manifest.module)) throw mismatch('module', source);
  return { id, manifest, manifestBytes: manifestBytes.slice(), module };
}

/** Runs `work` for 0, step, 2·step … below `length`, CHUNKS_IN_FLIGHT at a time; the first failure ends all. */
async function inTurns(length: number, step: number, work: (offset: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < length) {
      const offset = next;
      next += step;
      await work(offset);
    }
  };
  await Promise.all(Array.from({ length: CHUNKS_IN_FLIGHT }, lane));
}

function mismatch(what: string, source: HashAddress): SeaError {
  return new SeaError('BUNDLE_MISMATCH', `the ${what} that came is not the one the id names`, {
    peer: source.toString(),
  });
}
