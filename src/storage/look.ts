/** Which shards of a file are there now: each holder is asked whether it answers, then for each shard it should have. */

import type { HashAddress } from '../address/hash-address.ts';
import { checkAborted } from '../base/abort.ts';
import { parseLink } from './file-link.ts';
import { fetchManifest, type GetHost, mayRead } from './get.ts';
import { inLanes } from './in-lanes.ts';
import { HOLDERS_IN_FLIGHT, LEASE_MS_MIN, PIECES_IN_FLIGHT } from './limits.ts';
import { isUnreached } from './unreached.ts';

/** One shard as its holder says. Only reading proves that the bytes are right. */
export interface ShardSight {
  readonly segment: number;
  /** 0 to n - 1. */
  readonly shard: number;
  readonly holder: HashAddress;
  /** 'held'; 'lost': its holder answers and has it no more; 'away': its holder does not answer. */
  readonly state: 'held' | 'lost' | 'away';
}

export interface LookOptions {
  readonly signal?: AbortSignal | undefined;
  /** Hears of each shard as soon as it is known. */
  readonly onShard?: ((sight: ShardSight) => void) | undefined;
}

interface Wanted {
  readonly segment: number;
  readonly shard: number;
  readonly id: Uint8Array;
}

/** Throws BAD_LINK, NO_RIGHT, BAD_MANIFEST, NOT_FOUND, TOO_FEW_HOLDERS (no holder of the manifest is there), ABORTED. */
export async function lookAtFile(host: GetHost, text: string, options: LookOptions): Promise<ShardSight[]> {
  const { signal, onShard } = options;
  const link = parseLink(text);
  mayRead(link);
  const { holders, segments } = await fetchManifest(host, link.manifest, signal);
  const key = await host.crypto.seedKey(link.seed);
  const wanted = holders.map((): Wanted[] => []);
  for (const [segment, { shards }] of segments.entries())
    for (const [shard, { id, holder }] of shards.entries()) wanted[holder]!.push({ segment, shard, id });
  const sights: ShardSight[] = [];
  await inLanes(wanted.entries(), HOLDERS_IN_FLIGHT, async ([index, of]) => {
    const address = holders[index]!;
    const holder = host.holder(address);
    let isAway = of.length > 0 && !(await answers(() => holder.offer({ bytes: 0, leaseMs: LEASE_MS_MIN }, signal)));
    await inLanes(of, PIECES_IN_FLIGHT, async ({ segment, shard, id }) => {
      let state: ShardSight['state'] = 'away';
      if (!isAway) {
        try {
          await holder.has(id, key, signal);
          state = 'held';
        } catch (error) {
          if (isUnreached(error)) isAway = true;
          else state = 'lost';
        }
      }
      checkAborted(signal);
      const sight: ShardSight = { segment, shard, holder: address, state };
      sights.push(sight);
      onShard?.(sight);
    });
  });
  return sights;
}

/** Any answer is one, a refusal too. */
async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    return !isUnreached(error);
  }
}
