/**
 * How a bundle travels: as blocks, the manifest's one beside those of its module. What came before is not sent again: a
 * fetch that broke off goes on there, and bundles that share a module share its blocks.
 */

import type { ContentId } from '../address/content-id.ts';
import type { HashAddress } from '../address/hash-address.ts';
import { withTimeout } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import { isSeaError, SeaError } from '../base/errors.ts';
import type { Blocks } from '../blocks/blocks.ts';
import { blockOf, cut } from '../blocks/tree.ts';
import { type Bundle, readManifest } from './bundle.ts';
import { FETCH_BEGIN_MS, MODULE_BYTES_MAX } from './limits.ts';

/** What this service needs of `Blocks`. */
export type BundleBlocks = Pick<Blocks, 'get' | 'getBlock' | 'offerBlocks'>;

/** Hands a bundle out until the returned function is called; `onSent` hears of every block that leaves. Throws OVERLOADED. */
export function offerBundle(
  blocks: BundleBlocks,
  { manifestBytes, module }: Bundle,
  onSent: (bytes: number) => void,
): () => void {
  return blocks.offerBlocks([blockOf(manifestBytes), ...cut(module).blocks], onSent);
}

/**
 * The bundle from this device, as far as it is kept here, the rest from the requester that wants it run; every block is
 * checked against its id. Throws BUNDLE_MISMATCH (other bytes than an id names), BUNDLE_UNAVAILABLE, TOO_LARGE,
 * BAD_MESSAGE, TIMEOUT (the first block did not come within FETCH_BEGIN_MS), what readManifest throws, and what the calls
 * throw.
 */
export async function fetchBundle(
  blocks: BundleBlocks,
  clock: Clock,
  requester: HashAddress,
  id: ContentId,
  signal: AbortSignal,
): Promise<Bundle> {
  const options = { from: requester, signal, bytesMax: MODULE_BYTES_MAX };
  try {
    const manifestBytes = await withTimeout(clock, blocks.getBlock(id, options), FETCH_BEGIN_MS, 'the first block');
    const manifest = readManifest(manifestBytes);
    return { id, manifest, manifestBytes, module: await blocks.get(manifest.module, options) };
  } catch (error) {
    throw bundleError(error, requester);
  }
}

/** What went wrong with blocks, in this service's words. */
function bundleError(cause: unknown, requester: HashAddress): unknown {
  const options = { cause, peer: requester.toString() };
  if (isSeaError(cause, 'DAMAGED'))
    return new SeaError('BUNDLE_MISMATCH', 'what came is not what the id names', options);
  if (isSeaError(cause, 'NOT_FOUND'))
    return new SeaError('BUNDLE_UNAVAILABLE', 'the bundle is not in use there', options);
  return cause;
}
