/** Bounds of the storage service. Value, unit, and the attack or the accident that each bounds. */

import { assert } from '../base/assert.ts';
import { CLOCK_SKEW_MS_MAX } from '../link/limits.ts';

// --- Format ---

/** Plain bytes of a segment: what is sealed, coded and fetched as one. */
export const SEGMENT_BYTES = 4_194_304;
/** Bytes of a shard: a whole segment when k is 1. */
export const SHARD_BYTES_MAX: number = SEGMENT_BYTES;
/** Bytes of a manifest: it is sealed as one segment. With k=4 of n=10 that is enough for 12 GiB. */
export const MANIFEST_BYTES_MAX: number = SEGMENT_BYTES;
/** Shards of a segment, each at a holder of its own. */
export const SHARDS_MAX = 128;
/** Addresses in one manifest: those that gave up in mid-upload stay in it. */
export const HOLDERS_MAX = 255;
/** Segments of one file; bounds the lists of a manifest. */
export const SEGMENTS_MAX = 65_536;
/** Characters of a file's name and of its type. */
export const NAME_LENGTH_MAX = 255;
/** Characters of a link. */
export const LINK_LENGTH_MAX = 12_000;

export const K_DEFAULT = 4;
export const N_DEFAULT = 10;

// --- Leases ---

export const LEASE_MS_MIN = 1_000;
export const LEASE_MS_DEFAULT = 2_592_000_000; // 30 days
/** The longest lease of any holder; … */
export const LEASE_MS_MAX = 31_536_000_000; // a year
/**
 * … and of one that is not told otherwise, ms. Keys and addresses cost nothing, so no share of the room binds a stranger who
 * wants all of it: what it has, it has for so long, and whoever wants more time comes again.
 */
export const LEASE_MS_LENT: number = LEASE_MS_DEFAULT;
/** How much later than the holder's clock allows a lease may end, ms: as far as the clocks of two linked nodes may differ. */
export const LEASE_SKEW_MS: number = CLOCK_SKEW_MS_MAX;
/**
 * What a shard takes of the quota beside its bytes, and each lease on it, bytes: the bytes and the record are each rounded up
 * to blocks of 4 KiB on a disk. Without it a crowd of shards of one byte fills a disk, and memory with their leases.
 */
export const SHARD_ROOM_BYTES = 8_192;
export const LEASE_ROOM_BYTES = 1_024;
/** Leases on one shard: files of one owner that share it. */
export const LEASES_PER_SHARD_MAX = 64;
/** Time between looks for leases that ended, ms, and to the first of them: joining comes first. */
export const SWEEP_MS = 30_000;
export const SWEEP_FIRST_MS = 5_000;

// --- Transfer ---

/** Bytes of a shard in one call: a transfer never holds a link's rpc class for long. */
export const PIECE_BYTES_MAX = 262_144;
/** Pieces of one shard under way at once: hides the round trip. */
export const PIECES_IN_FLIGHT = 4;
/** Segments that a put or a get has in hand at once; each costs n/k times its length. */
export const SEGMENTS_IN_FLIGHT = 3;
/**
 * Shards of one put on their way at once, the others waiting their turn before their first byte: with PIECES_IN_FLIGHT of each
 * that is 6 MiB, which an uplink of 2.5 Mbit/s carries within TRANSFER_TIMEOUT_MS.
 */
export const SHARDS_IN_FLIGHT = 6;
/** Shards that a delete asks for at once. */
export const DELETES_IN_FLIGHT = 8;
/** Holders that are asked at once what they have. */
export const HOLDERS_IN_FLIGHT = 16;
/**
 * Bytes of the uploads that a holder takes at once, each counted as a piece at least: they are in its memory until they are
 * whole. By one neighbour no more may come than it leaves for others: half of it, and half of the rest by the next one.
 */
export const UPLOAD_BYTES_MAX = 67_108_864;
/** Shards whose memory a holder keeps for the next ones, until its next sweep. */
export const SPARE_SHARDS_MAX = 8;
/** Time without a new piece after which an upload is given up, ms. */
export const UPLOAD_IDLE_MS = 30_000;
/** Shards that a holder keeps in memory because pieces of them were just asked for. */
export const READ_SHARDS_MAX = 8;
/** Time for one call of a transfer, ms. */
export const TRANSFER_TIMEOUT_MS = 20_000;
/** What nodes that lend are announced under. */
export const HOLDERS_KEY = 'storage:holders';
/** Time for an offer, ms: who does not answer at once is no holder. */
export const OFFER_TIMEOUT_MS = 5_000;
/** Time after which others are asked beside those that are silent, ms: they may just have left. */
export const OFFER_PATIENCE_MS = 1_000;
/** Time that the rest has for its offers when enough have come, ms: the nearest are to be chosen from as many as there are. */
export const OFFER_GRACE_MS = 250;
/** Time after which another shard is asked for beside those that are awaited, ms. */
export const HEDGE_MS = 3_000;
/** The same for a manifest, which is small as a rule. */
export const MANIFEST_HEDGE_MS = 1_000;
/** Nodes that an offer names beside itself, and nodes that one search for holders asks. */
export const NEARBY_MAX = 16;
export const ASKED_MAX = 256;
/** Times that a node which could not be reached is asked again: a killed process is noticed after 7 to 17 s. */
export const ASKED_AGAIN_MAX = 3;
/** Time that a challenge is good for, ms: the right that answers it can be used by its caller alone, and so long. */
export const CHALLENGE_MS = 600_000;

assert(SHARDS_MAX <= HOLDERS_MAX, 'every shard of a segment has a holder');
assert(HOLDERS_MAX < 256, 'a holder is named by one byte');
assert(
  OFFER_GRACE_MS < OFFER_PATIENCE_MS && OFFER_PATIENCE_MS < OFFER_TIMEOUT_MS,
  'each waits longer than the one before',
);
