/** Bounds of records. Value, unit, and what each bounds. */

import { assert } from '../base/assert.ts';
import { CLOCK_SKEW_MS_MAX as LINK_SKEW_MS_MAX } from '../link/limits.ts';

/** Bytes of an announced value: announcements point at things, they do not carry them. */
export const VALUE_BYTES_MAX = 1_024;
/** Characters of an announced key or tag. */
export const KEY_LENGTH_MAX = 128;
/** Announcements that this node keeps up at once: each costs its holders a signature to check now and again. */
export const ANNOUNCEMENTS_MAX = 256;
/** Bytes that stand for one tag in a record. Anybody may claim any tag: two that look alike are as likely as an accident. */
export const TAG_BYTES = 4;
/** Bytes of all the tags in a record. */
export const TAGS_BYTES_MAX: number = ANNOUNCEMENTS_MAX * TAG_BYTES;
/** Tags that one find may name: bounds what a holder compares. */
export const WANTED_TAGS_MAX = 16;
/** A further tag is told to the holders of the others after this time, ms: several that come together go together. */
export const RETELL_MS = 250;
/** Between two announcements that are placed anew together, ms. */
export const PLACE_GAP_MS = 20;
/** Lifetime asked for by default, and at most, ms. */
export const LIFETIME_MS = 300_000;
export const LIFETIME_MS_MAX = 3_600_000;
/** Share of its lifetime after which a record is announced again (one part in …): two of three may be lost. */
export const REANNOUNCE_DIVISOR = 3;
/** Nodes that hold a record: the nearest to its key. */
export const HOLDERS = 8;
/** Nodes asked at once by find. */
export const ASKED_AT_ONCE = 4;
/** Records kept under one key, all in one answer (some 20 KiB, 150 at most); one announcer has one there. */
export const RECORDS_PER_KEY_MAX = 64;
/** Keys under which one announcer may have records here: all of its own where the sea is small. */
export const KEYS_PER_ANNOUNCER_MAX: number = ANNOUNCEMENTS_MAX;
/** Records kept in all; bounds memory to about 20 MiB. */
export const RECORDS_MAX = 8_192;
/** Ended records whose sequence is remembered, so that no older one takes their place; bounds memory to about 1 MiB. */
export const ENDED_MAX = 4_096;
/** Difference of two clocks that is forgiven, ms: nodes that differ by as much may be linked. */
export const CLOCK_SKEW_MS_MAX = 3_600_000;
/** How far ahead of its own clock a node follows a holder that claims to have a newer record of it, ms: others must take it still. */
export const AHEAD_MS_MAX = 1_800_000;
/** Time for one put or get, ms. */
export const ASK_TIMEOUT_MS = 5_000;
/** Time after which a find goes on without those that are silent, ms; where nobody knew anything it waits for them. */
export const ASK_PATIENCE_MS = 1_000;

assert(CLOCK_SKEW_MS_MAX >= LINK_SKEW_MS_MAX, 'who may be linked may announce');
