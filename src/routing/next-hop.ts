/**
 * Whom to hand a message to: pure. A hop makes progress over its own links *and their links*: the neighbour that is
 * nearest to the target itself, or knows somebody who is. "Strictly nearer neighbour" alone fails 5 to 11% of messages
 * where 30% of pairs cannot connect. The visited list stops loops; the first hop is exempt from the progress rule.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { compareDistance } from '../address/xor.ts';
import { PREFIX_BYTES } from '../wire/limits.ts';
import { eachPrefix, hasPrefix } from './prefix.ts';

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

/** The best candidate, or undefined when none makes progress. Ties go to the earlier one. */
export function nextHop<T extends Candidate>(quest: Quest, candidates: Iterable<T>): T | undefined {
  const { target } = quest;
  let best: T | undefined;
  let bestReach: Uint8Array | undefined;
  for (const candidate of candidates) {
    if (hasPrefix(quest.visited, candidate.address.bytes)) continue;
    if (candidate.address.equals(target)) return candidate;
    if (candidate.leaf) continue;
    const reach = nearestReach(quest, candidate);
    if (bestReach !== undefined && compareDistance(target.bytes, reach, bestReach) >= 0) continue;
    best = candidate;
    bestReach = reach;
  }
  if (bestReach === undefined || quest.firstHop) return best;
  const own = quest.self.bytes.subarray(0, PREFIX_BYTES);
  return compareDistance(target.bytes, bestReach, own) < 0 ? best : undefined;
}

/** The prefix nearest to the target among the candidate and its unvisited neighbours. */
function nearestReach({ self, target, visited }: Quest, candidate: Candidate): Uint8Array {
  let reach = candidate.address.bytes.subarray(0, PREFIX_BYTES);
  for (const prefix of eachPrefix(candidate.digest)) {
    if (compareDistance(target.bytes, prefix, reach) >= 0) continue;
    if (hasPrefix(prefix, self.bytes) || hasPrefix(visited, prefix)) continue;
    reach = prefix;
  }
  return reach;
}
