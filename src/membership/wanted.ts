/**
 * Which links are worth having: pure. The 8 nodes nearest to this one (siblings) first, then up to 3 in each bucket.
 * A leaf takes its nearest core nodes only. Sources: Kademlia §2.4; S/Kademlia for the siblings.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { compareDistance, nearest } from '../address/xor.ts';
import { LINKS_PER_BUCKET, SIBLINGS } from '../routing/limits.ts';
import { comparePrefixes, sharedBits } from '../routing/prefix.ts';
import { PREFIX_BYTES } from '../wire/limits.ts';

export interface Known {
  readonly address: HashAddress;
  readonly leaf: boolean;
}

/** A linked peer, and since when. */
export interface Linked extends Known {
  readonly openedMs: number;
}

/** The nearest 8 core nodes among the given, nearest first. */
export function siblings<T extends Known>(self: HashAddress, known: Iterable<T>, count: number = SIBLINGS): T[] {
  return nearest(self, core(known), count);
}

/** The contacts to dial, most wanted first: siblings by nearness, then (unless for a leaf) whoever fills a bucket. */
export function wanted<T extends Known>(
  self: HashAddress,
  linked: readonly Known[],
  contacts: Iterable<T>,
  leaf: boolean = false,
): T[] {
  const isLinked = new Set(linked.map(peer => peer.address.toString()));
  const free = [...core(contacts)].filter(contact => !isLinked.has(contact.address.toString()));
  const near = new Set<Known>(siblings<Known>(self, [...linked, ...free]));
  const first = siblings(
    self,
    free.filter(contact => near.has(contact)),
  );
  if (leaf) return first;
  const filled = bucketCounts(self, [...linked, ...first]);
  const rest = free.filter(contact => {
    if (near.has(contact)) return false;
    const bucket = self.logDist(contact.address);
    const count = filled.get(bucket) ?? 0;
    filled.set(bucket, count + 1);
    return count < LINKS_PER_BUCKET;
  });
  return [...first, ...rest];
}

/** True when a link to `peer` would make it a sibling or fill a bucket that lacks one. */
export function improves(self: HashAddress, linked: readonly Known[], peer: HashAddress): boolean {
  let nearer = 0;
  let inBucket = 0;
  const bucket = self.logDist(peer);
  for (const { address, leaf } of linked) {
    if (!leaf && compareDistance(self.bytes, address.bytes, peer.bytes) <= 0) nearer++;
    if (self.logDist(address) === bucket) inBucket++;
  }
  return nearer < SIBLINGS || inBucket < LINKS_PER_BUCKET;
}

/** The links that could be given up: no siblings, and their bucket has more than its 3; leaves and fullest buckets, then youngest first. */
export function spare<T extends Linked>(self: HashAddress, linked: readonly T[]): T[] {
  const near = new Set<Known>(siblings<Known>(self, linked));
  const counts = bucketCounts(self, linked);
  const crowd = (peer: T): number => counts.get(self.logDist(peer.address)) ?? 0;
  return linked
    .filter(peer => !near.has(peer) && (peer.leaf || crowd(peer) > LINKS_PER_BUCKET))
    .sort((a, b) => crowd(b) - crowd(a) || b.openedMs - a.openedMs);
}

/**
 * The links to give up for one to `newcomer`, best first: any spare one when it is needed here; otherwise one whose bucket
 * stays fuller than the newcomer's even after the exchange. So links even out, and a node that is full of far peers still
 * has room for one that counts it among its own nearest. Repeated, it comes to an end: each exchange evens out further.
 */
export function victims<T extends Linked>(self: HashAddress, linked: readonly T[], newcomer: HashAddress): T[] {
  const spares = spare(self, linked);
  if (improves(self, linked, newcomer)) return spares;
  const counts = bucketCounts(self, linked);
  const joined = (counts.get(self.logDist(newcomer)) ?? 0) + 1;
  return spares.filter(({ address }) => (counts.get(self.logDist(address)) ?? 0) > joined);
}

/**
 * True when a peer seems to need its link to this node no more, by its digest: 8 of its links are nearer to it, and more
 * than 3 (this one among them) lead to where this node is. Leaves among them are not told apart: the peer itself decides.
 */
export function dispensable(self: HashAddress, peer: HashAddress, digest: Uint8Array): boolean {
  const bucket = self.logDist(peer);
  let nearer = 0;
  let inBucket = 0;
  for (let at = 0; at < digest.length; at += PREFIX_BYTES) {
    if (comparePrefixes(peer.bytes, digest, at, self.bytes, 0) < 0) nearer++;
    if (sharedBits(self.bytes, digest, at) > bucket) inBucket++;
  }
  return nearer >= SIBLINGS && inBucket > LINKS_PER_BUCKET;
}

/** Buckets beyond the farthest sibling that hold fewer than 3 links: targets of a refresh. Empty while siblings are few. */
export function thinBuckets(self: HashAddress, linked: readonly Known[]): number[] {
  const near = siblings(self, linked);
  if (near.length < SIBLINGS) return [];
  const last = self.logDist(near[near.length - 1]!.address);
  const counts = bucketCounts(self, linked);
  return Array.from({ length: last }, (_, bucket) => bucket).filter(
    bucket => (counts.get(bucket) ?? 0) < LINKS_PER_BUCKET,
  );
}

function* core<T extends Known>(known: Iterable<T>): IterableIterator<T> {
  for (const peer of known) if (!peer.leaf) yield peer;
}

function bucketCounts(self: HashAddress, peers: readonly Known[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const peer of peers) {
    const bucket = self.logDist(peer.address);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  return counts;
}
