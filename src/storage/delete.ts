/** Deletes a stored file: every shard at its holder, and the manifest last. */

import { SeaError } from '../base/errors.ts';
import { parseLink } from './file-link.ts';
import { fetchManifest, type GetHost } from './get.ts';
import { inLanes } from './in-lanes.ts';
import { DELETES_IN_FLIGHT } from './limits.ts';
import { isUnreached } from './unreached.ts';

/** How far a deletion came. What was missed goes when its lease ends. */
export interface Deletion {
  readonly deleted: number;
  /** Shards whose holders did not answer, or had them no more. */
  readonly missed: number;
}

/** Throws BAD_LINK, NO_RIGHT for a link that may not delete, NOT_FOUND, BAD_MANIFEST, TOO_FEW_HOLDERS, ABORTED. */
export async function deleteFile(host: GetHost, text: string, signal: AbortSignal | undefined): Promise<Deletion> {
  const link = parseLink(text);
  if (link.kind !== 'delete') throw new SeaError('NO_RIGHT', 'this link may read the file, not delete it');
  const { holders, segments } = await fetchManifest(host, link.manifest, signal);
  const key = await host.crypto.seedKey(link.seed);
  const shards = segments.flatMap(segment => segment.shards.map(({ id, holder }) => ({ id, at: holders[holder]! })));
  const manifests = link.manifest.holders.map(at => ({ id: link.manifest.id, at }));
  const counts = { deleted: 0, missed: 0 };
  const away = new Set<string>(); // who does not answer for one shard is not waited for again
  for (const all of [shards, manifests]) {
    await inLanes(all, DELETES_IN_FLIGHT, async ({ id, at }) => {
      const name = at.toString();
      const deleting = away.has(name) ? Promise.reject() : host.holder(at).delete(id, key, signal);
      const isDone = await deleting.then(
        () => true,
        error => {
          if (isUnreached(error)) away.add(name);
          return false; // counted: its lease ends by itself
        },
      );
      counts[isDone ? 'deleted' : 'missed']++;
    });
  }
  return counts;
}
