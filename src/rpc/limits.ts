/** Bounds of calls. Value, unit, and what each bounds. */

/** Time for a call unless the caller says otherwise, ms. */
export const CALL_TIMEOUT_MS = 10_000;
/** Times a call whose path broke is sent again (it keeps its id: the callee runs it once). */
export const RETRIES_MAX = 3;
/** Wait before a retry, ms, times the number of the retry: the sea needs a moment to notice a dead hop. */
export const RETRY_DELAY_MS = 250;
/** Calls from one caller that may run here at once; beyond it OVERLOADED. */
export const RUNNING_PER_CALLER_MAX = 256;
/** Bytes of the calls that run here, and of the items that wait for them, in all and of one caller while all is free. */
export const RUNNING_BYTES_MAX = 268_435_456;
export const RUNNING_BYTES_PER_CALLER_MAX = 134_217_728;
/** Answered calls remembered for repeats. */
export const REMEMBERED_MAX = 4_096;
/** Bytes of remembered answers; larger single answers are not kept (a repeat then gets REPLAYED). */
export const REMEMBERED_BYTES_MAX = 16_777_216;
/** How long an answer is remembered, ms. */
export const REMEMBERED_MS = 120_000;
/** How long a callee waits for a caller whose path broke to come back, ms. */
export const RETURN_GRACE_MS = 5_000;
/** Items kept for a handler that does not listen yet. */
export const EARLY_ITEMS_MAX = 64;
/** Items a callee keeps for a caller that may come back on another path before it has heard any of them. */
export const UNHEARD_ITEMS_MAX = 64;
export const UNHEARD_BYTES_MAX = 1_048_576;
/** Calls that wait for a part of the program that is not here yet, in all and of those that come by one neighbour; … */
export const LATE_WAITING_MAX = 64;
export const LATE_WAITING_PER_NEIGHBOUR_MAX = 8;
/** … and how long each waits, ms: the page's server may be away. */
export const LATE_WAIT_MS = 10_000;
