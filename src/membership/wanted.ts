/**
 * Which links are worth having: pure. The 8 nodes nearest to this one (siblings) first, then up to 3 in each bucket.
 * A leaf takes its nearest core nodes only. Sources: Kademlia §2.4; S/Kademlia for the siblings.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { nearest } from '../address/xor.ts';
import { LINKS_PER_BUCKET, SIBLINGS } from '../routing/limits.ts';

export interface Known {
  readonly address: HashAddress;
  readonly leaf: boolean;
}

/** The nearest 8 core nodes among the given, nearest first. */
export function siblings<T extends Known>(self: HashAddress, known: Iterable<T>, count: number = SIBLINGS): T[] {
  return nearest(
    self,
    [...known].filter(peer => !peer.leaf),
    count,
  );
}

/** The contacts to dial, most wanted first. */
export function wanted<T extends Known>(self: HashAddress, linked: readonly Known[], contacts: readonly T[]): T[] {
  const isLinked = new Set(linked.map(peer => peer.address.toString()));
  const free = contacts.filter(contact => !contact.leaf && !isLinked.has(contact.address.toString()));
  const near = new Set(siblings<Known>(self, [...linked, ...free]).map(peer => peer.address.toString()));
  const first = nearest(
    self,
    free.filter(contact => near.has(contact.address.toString())),
  );
  const filled = bucketCounts(self, [...linked, ...first]);
  const rest = free.filter(contact => {
    if (near.has(contact.address.toString())) return false;
    const bucket = self.logDist(contact.address);
    const count = filled.get(bucket) ?? 0;
    filled.set(bucket, count + 1);
    return count < LINKS_PER_BUCKET;
  });
  return [...first, ...rest];
}

/** True when a link to `peer` would make it a sibling or fill a bucket that lacks one. */
export function improves(self: HashAddress, linked: readonly Known[], peer: HashAddress): boolean {
  const newcomer = { address: peer, leaf: false };
  if (siblings<Known>(self, [...linked, newcomer]).includes(newcomer)) return true;
  return (bucketCounts(self, linked).get(self.logDist(peer)) ?? 0) < LINKS_PER_BUCKET;
}

/** The links that could be given up: no siblings, and their bucket has more than its 3; fullest bucket, then youngest first. */
export function spare<T extends Known & { readonly openedMs: number }>(self: HashAddress, linked: readonly T[]): T[] {
  const near = new Set<Known>(siblings<Known>(self, linked));
  const counts = bucketCounts(self, linked);
  const crowd = (peer: T): number => counts.get(self.logDist(peer.address)) ?? 0;
  return linked
    .filter(peer => !near.has(peer) && (peer.leaf || crowd(peer) > LINKS_PER_BUCKET))
    .sort((a, b) => crowd(b) - crowd(a) || b.openedMs - a.openedMs);
}

/** Buckets nearer than the farthest sibling that hold fewer than 3 links: targets of a refresh. */
export function thinBuckets(self: HashAddress, linked: readonly Known[]): number[] {
  const near = siblings(self, linked);
  if (near.length < SIBLINGS) return [];
  const last = self.logDist(near[near.length - 1]!.address);
  const counts = bucketCounts(self, linked);
  return Array.from({ length: last }, (_, bucket) => bucket).filter(
    bucket => (counts.get(bucket) ?? 0) < LINKS_PER_BUCKET,
  );
}

function bucketCounts(self: HashAddress, peers: readonly Known[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const peer of peers) {
    const bucket = self.logDist(peer.address);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  return counts;
}
