/** Bounds of a link. Value, unit, and the attack or the accident that each bounds. */

import { FRAME_BYTES_MAX } from '../ports/link-factory.ts';

/** Protocol version spoken, and the oldest understood. */
export const PROTOCOL_VERSION = 1;
export const PROTOCOL_VERSION_MIN = 1;

/** Time from an open channel to a verified proof, ms: a stranger who says nothing holds a channel no longer. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;
/** Frames kept while the handshake lasts: the other side may have finished first and have begun to talk. */
export const EARLY_FRAMES_MAX = 64;
/** Difference of the two clocks that is still taken, ms: an old recorded hello is refused before any signature work. */
export const CLOCK_SKEW_MS_MAX = 3_600_000;
/** Time for a negotiated dial, ms (ICE gives up by itself after about 15 s). */
export const DIAL_TIMEOUT_MS = 20_000;

/** While the channel holds more than this, bulk frames wait: a transfer delays a ping by at most this much. */
export const BULK_HIGH_WATER_BYTES = 524_288;
/** The same for every other class. Above the adapters' low-water mark (256 KiB), or nothing would wake the pump. */
export const HIGH_WATER_BYTES = 1_048_576;
/** Bytes waiting in one class; beyond it frames are refused (OVERLOADED): a slow reader cannot grow our memory. */
export const QUEUE_BYTES_MAX = 33_554_432;
/** Frames waiting in one class. */
export const QUEUE_FRAMES_MAX = 16_384;

/** A link that was silent this long is asked for a sign of life, ms. */
export const PING_AFTER_MS = 15_000;
/** A link that was silent this long is closed, ms: hidden pages answer late (their timers run once a minute). */
export const SILENCE_MS_MAX = 70_000;

/**
 * Two links to one peer that open within this of each other, ms, are one meeting, settled by rule. After it the newer
 * one counts: nobody dials a peer it has a link to, so the peer has lost the older. Far above any round trip, so that
 * both ends see the same order.
 */
export const MEETING_MS = 3_000;
/** How long a replaced link goes on carrying the paths it has, ms. */
export const RETIRE_MS = 5_000;
/** Unfit frames from one address before its link is closed: each costs it this share of its score. */
export const PENALTY_CLOSE = 100;
/** Addresses whose score is remembered. */
export const SCORES_MAX = 4_096;

/** Live links by default (laptop). Phones take 8, desktop nodes 128. */
export const LINKS_MAX_DEFAULT = 48;
/** Links over websockets that a listening node takes besides: newcomers that have no WebRTC link yet. */
export const ENTRY_LINKS_MAX = 1_024;

if (QUEUE_BYTES_MAX < FRAME_BYTES_MAX || BULK_HIGH_WATER_BYTES >= HIGH_WATER_BYTES)
  throw new Error('link limits contradict one another');
