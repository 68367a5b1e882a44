/** Bounds on what a message may claim. */

/** Characters of a network id. */
export const NETWORK_ID_LENGTH_MAX = 64;
/** Characters of a node's websocket URL in its hello; bounds the peer cache. */
export const URL_LENGTH_MAX = 256;
/** Characters of an rpc scope; bounds handler look-ups. */
export const SCOPE_LENGTH_MAX = 128;
/** Hops of a routed message, dead ends included; bounds the work that one message can cause. */
export const HOPS_MAX = 40;
/** Bytes of an address that stand for it in digests and visited lists. */
export const PREFIX_BYTES = 8;
/** Entries of a visited list: every hop adds one. */
export const VISITED_MAX: number = HOPS_MAX + 1;
/** Entries of a neighbour digest; bounds the state a neighbour can make us keep to 2 KiB. */
export const DIGEST_ENTRIES_MAX = 256;
/**
 * Payload of one fragment on a path, bytes. With the largest header that a hop may write before it, the visited list
 * grown to its maximum, it still fits a frame of 65,536: no hop is handed what it cannot hand on.
 */
export const PATH_PAYLOAD_BYTES_MAX = 64_512;
/** Longest time a caller may ask a callee to hold a call open, ms. */
export const CALL_TIMEOUT_MS_MAX = 3_600_000;
