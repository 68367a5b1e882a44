/**
 * Runs tasks of the *buffer* ABI, each in a fresh WebAssembly instance inside a worker that can reach nothing. The
 * module has been checked by `compute/` before it comes here (no imports, ABI exports, memory bounded in the binary).
 */

/** What one run may use. */
export interface RunLimits {
  /** Wall time until the worker is ended, ms. */
  readonly timeoutMs: number;
  /** Longest output taken, bytes. */
  readonly outputBytesMax: number;
}

export interface TaskRunner {
  /** Runs that can go on at once; 0 when paused. */
  readonly slots: number;
  /** Changes the number of slots. Runs above the new number end at once with ABORTED. */
  setSlots(slots: number): void;
  /**
   * Runs `module` (named by `moduleId`, compiled once per worker) on `input` and resolves to its output. `input` may be
   * detached. Throws TASK_TRAPPED (the trap named in the text), TASK_TIMEOUT, OUTPUT_TOO_LARGE, HOST_FAILURE (the
   * engine refused: nobody's fault), ABORTED, NO_SLOT when all slots are taken, CLOSED, UNSUPPORTED where tasks cannot
   * run at all; NOT_WASM, NO_ABI, MEMORY_LIMIT for a module that was not checked. A worker that was ended is replaced.
   */
  run(
    moduleId: string,
    module: Uint8Array,
    input: Uint8Array,
    limits: RunLimits,
    signal: AbortSignal,
  ): Promise<Uint8Array>;
  /** Ends every worker. Idempotent. */
  close(): void;
}
