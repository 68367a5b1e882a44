/**
 * Whom to hand a message to: pure. A hop makes progress over its own links *and their links*: the neighbour that is
 * nearest to the target itself, or knows somebody who is. "Strictly nearer neighbour" alone fails 5 to 11% of messages
 * where 30% of pairs cannot connect. The visited list stops loops; the first hop is exempt from the progress rule.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { PREFIX_BYTES } from '../wire/limits.ts';
import { comparePrefixes, hasPrefix } from './prefix.ts';

/** A neighbour that may take the message. */
export interface Candidate {
  readonly address: HashAddress;
  readonly leaf: boolean;
  /** Its own neighbours, 8-byte prefixes. */
  readonly digest: Uint8Array;
}

export interface Quest {
  readonly self: HashAddress;
  readonly target: HashAddress;
  /** Nodes that saw the message (prefixes); never asked again. */
  readonly visited: Uint8Array;
  /** The message starts here: any unvisited neighbour may be the best. */
  readonly firstHop: boolean;
}

/** The best candidate, or undefined when none makes progress. Ties go to who is the nearest itself, then to the earlier one. */
export function nextHop<T extends Candidate>(quest: Quest, candidates: Iterable<T>): T | undefined {
  const target = quest.target.bytes;
  let best: T | undefined;
  let reach = quest.self.bytes; // what the best candidate reaches: bytes, and where the prefix begins in them
  let reachAt = 0;
  for (const candidate of candidates) {
    const { address, leaf, digest } = candidate;
    if (hasPrefix(quest.visited, address.bytes)) continue;
    if (address.equals(quest.target)) return candidate;
    if (leaf) continue;
    const at = nearestInDigest(quest, candidate);
    const [bytes, bytesAt] = at === undefined ? [address.bytes, 0] : [digest, at];
    const free = best === undefined && quest.firstHop;
    const order = comparePrefixes(target, bytes, bytesAt, reach, reachAt);
    if (!free && (order > 0 || (order === 0 && at !== undefined))) continue;
    best = candidate;
    reach = bytes;
    reachAt = bytesAt;
  }
  return best;
}

/** Where the digest's prefix nearest to the target begins, of those unvisited and nearer than the candidate itself. */
function nearestInDigest({ self, target, visited }: Quest, { address, digest }: Candidate): number | undefined {
  let bytes = address.bytes;
  let nearest: number | undefined;
  for (let at = 0; at < digest.length; at += PREFIX_BYTES) {
    if (comparePrefixes(target.bytes, digest, at, bytes, nearest ?? 0) >= 0) continue;
    if (hasPrefix(self.bytes.subarray(0, PREFIX_BYTES), digest, at) || hasPrefix(visited, digest, at)) continue;
    bytes = digest;
    nearest = at;
  }
  return nearest;
}
