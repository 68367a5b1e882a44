/** Bounds of records. Value, unit, and what each bounds. */

/** Bytes of an announced value: announcements point at things, they do not carry them. */
export const VALUE_BYTES_MAX = 1_024;
/** Characters of an announced key or tag. */
export const KEY_LENGTH_MAX = 128;
/** Lifetime asked for by default, and at most, ms. */
export const LIFETIME_MS = 300_000;
export const LIFETIME_MS_MAX = 3_600_000;
/** Share of its lifetime after which a record is announced again (one part in …): two of three may be lost. */
export const REANNOUNCE_DIVISOR = 3;
/** Nodes that hold a record: the nearest to its key. */
export const HOLDERS = 8;
/** Nodes asked at once by find. */
export const ASKED_AT_ONCE = 4;
/** Records kept under one key; one announcer has one there. A full key keeps those that live longest. */
export const RECORDS_PER_KEY_MAX = 64;
/** Keys under which one announcer may have records here: bounds what one identity can fill. */
export const KEYS_PER_ANNOUNCER_MAX = 64;
/** Records kept in all; bounds memory to about 12 MiB. */
export const RECORDS_MAX = 8_192;
/** Records in one answer. */
export const RECORDS_PER_ANSWER_MAX = 32;
/** Clock difference forgiven, ms: a record may seem to end this much too late. */
export const CLOCK_SLACK_MS = 60_000;
/** Time for one put or get, ms. */
export const ASK_TIMEOUT_MS = 5_000;
/** Announcements that this node keeps up at once. */
export const ANNOUNCEMENTS_MAX = 256;
