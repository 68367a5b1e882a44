/** Bounds of membership. Value, unit, and what each bounds. */

/** The heartbeat of a node, ms; each node starts it at a random offset. */
export const BEAT_MS = 5_000;
/** After a change among the neighbours, time to gather further ones before the others are told, ms. */
export const CHANGE_DELAY_MS = 250;
/** Between two digests to one neighbour, ms: while nodes pour in, a list that changes all the time is not worth repeating. */
export const DIGEST_GAP_MS = 2_000;
/** Contacts remembered beyond the linked ones; bounds what gossip can make us keep. */
export const CONTACTS_MAX = 512;
/** Contacts in one answer; bounds what one peer can teach us at a time. */
export const CONTACTS_PER_ANSWER = 16;
/** Dials of this node's own that may be under way at once. */
export const DIALS_AT_ONCE = 12;
/** Wait before a contact that could not be linked is tried again, ms; doubles with each failure. */
export const REDIAL_MS = 5_000;
export const REDIAL_MS_MAX = 300_000;
/** The share of its budget above which a node parts with links that neither end needs: the rest is room for those who need it. */
export const KEPT_SHARE = 0.75;
/** Beats between two refreshes of a bucket, and between two full exchanges with a sibling (others carry only changes). */
export const REFRESH_BEATS = 6;
/** Beats between two visits to strangers: of a node with one neighbour, and of one with many. */
export const STRANGERS_BEATS = 6;
export const STRANGERS_BEATS_MAX = 60;
/** Direct links with which a newcomer needs its entry's websocket no more. */
export const LINKS_TO_DROP_ENTRY = 3;
/** A node has its place when its first dials have ended, or after this time, ms, with as many links as free it of its entry. */
export const PLACE_MS = 3_000;
/** The longest a newcomer waits for its first dials, ms: where no direct link can be had the entry's link has to do. */
export const PLACE_MS_MAX = 6_000;
/** Time between the starts of two entries that race, ms, and between two rounds (doubles up to the maximum). */
export const ENTRY_STAGGER_MS = 400;
export const ENTRY_RETRY_MS = 1_000;
export const ENTRY_RETRY_MS_MAX = 30_000;
/** How long goOnline tries before it reports NO_BOOTSTRAP, ms. */
export const JOIN_TIMEOUT_MS = 60_000;
/** Time for one entry to answer, ms. */
export const ENTRY_TIMEOUT_MS = 15_000;
/** An entry that does not answer is dialled once more this long after, ms, and again: what an outage swallowed a stack repeats too late. */
export const ENTRY_AGAIN_MS = 3_000;
/** Dials of one entry at a time. */
export const ENTRY_DIALS = 3;
/** Websocket addresses of peers kept for a later join. */
export const CACHED_URLS_MAX = 32;
/** Time for a call of membership's own, ms. */
export const ASK_TIMEOUT_MS = 8_000;
