/** Bounds of routing. Value, unit, and what each bounds. */

import { PATH_PAYLOAD_BYTES_MAX } from '../wire/limits.ts';

/** A hop that has not said "taken" by then is passed over, ms: a frozen tab keeps its connection and answers nothing. */
export const HOP_TIMEOUT_MS = 1_000;
/** A timer so late, ms, tells that this node was busy itself: word from the hop may wait unread, so it is given its time again. */
export const HOP_TIMER_LATE_MS = 100;
/** The longest that a hop is given for our own sake, ms: while its message waits in our queue, or this node is busy. */
export const HOP_PATIENCE_MS = 5_000;
/** A hop that was silent is handed nothing for this long, ms, while others can take it; doubles while it stays silent. */
export const SLOW_HOP_MS = 5_000;
export const SLOW_HOP_MS_MAX = 60_000;
/** Time from opening a path to its standing, ms: bounds the walk through dead ends. */
export const PATH_TIMEOUT_MS = 15_000;
/** A path over which nothing moved for this long ends, ms: bounds the state of forgotten paths. */
export const PATH_IDLE_MS = 300_000;
/** Paths that one neighbour may have opened through or to us; beyond it new ones are refused (OVERLOADED). */
export const PATHS_PER_LINK_MAX = 512;
/** Largest message on a path, bytes: bounds reassembly. */
export const MESSAGE_BYTES_MAX = 33_554_432;
/** Bytes of unfinished messages from one link, over all its paths; a path that would pass it ends (OVERLOADED). */
export const REASSEMBLY_BYTES_MAX = 67_108_864;
/** The same over all links: beyond it a link may have only what every link may always have, so that few cannot fill the memory. */
export const REASSEMBLY_ALL_BYTES_MAX = 268_435_456;
export const REASSEMBLY_BYTES_MIN = 1_048_576;
/** Payload of one fragment, bytes: with any routing header it fits a frame of 65,536. */
export const FRAGMENT_BYTES: number = PATH_PAYLOAD_BYTES_MAX;
/** What a kept fragment counts for at least, bytes: a message sent byte by byte would cost a thousandfold to hold. */
export const FRAGMENT_COST_MIN = 1_024;
/** Messages above this many bytes travel in the bulk class. */
export const SMALL_MESSAGE_BYTES = 16_384;
/** Links wanted per bucket, and nearest nodes wanted linked (DESIGN: recursive routing). */
export const LINKS_PER_BUCKET = 3;
export const SIBLINGS = 8;
