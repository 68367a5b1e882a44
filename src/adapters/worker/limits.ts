/** The bounds of task workers: value, unit, and what each guards against. */

/** Compiled modules that one worker keeps; the least recently used goes first. Bounds memory held for strangers. */
export const PREPARED_MODULES_MAX = 8;

/**
 * Bytes of linear memory one run may hold: 1 GiB. The module's own declared maximum, checked by `compute/`, is normally
 * far lower; this is the last line for a module that declares 4 GiB, which engines grant and commit page by page.
 */
export const MEMORY_BYTES_MAX = 1_073_741_824;

/** Slots a runner accepts; more would only be a mistake. */
export const SLOTS_MAX = 256;

/** Ready workers kept beyond those that run, so that ending one costs the next run no start (about 70 ms). */
export const SPARE_WORKERS = 1;

/** Time in which a new worker must answer, ms. A slow phone with a cold cache needs about 1 s. */
export const WORKER_START_MS_MAX = 15_000;

/** Time in which a page's task frame must answer, ms. It does not where the page's policy forbids its script. */
export const TASK_FRAME_MS_MAX = 15_000;
