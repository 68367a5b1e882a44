/** How the pool reaches workers, in words that a page and Node share. */

/** One side of a message channel, as `MessagePort` is one. */
export interface WorkerEndpoint {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  addEventListener(type: string, listener: (event: { readonly data: unknown }) => void): void;
  removeEventListener(type: string, listener: (event: { readonly data: unknown }) => void): void;
  start?(): void;
}

/** A worker that was asked for. It may still be starting. */
export interface SpawnedWorker {
  /** Messages to and from the task program in it. */
  readonly endpoint: WorkerEndpoint;
  /** True keeps the process alive while the worker has something to do; workers start as false. No-op in a page. */
  setBusy(busy: boolean): void;
  /** Ends it at once, in whatever loop it is, and releases the endpoint. Idempotent. */
  terminate(): void;
}

/** The platform's part of a task runner. */
export interface WorkerSpawner {
  /**
   * Starts a worker. `onCrash` is called at most once, when it dies without `terminate`. Rejects with UNSUPPORTED or
   * HOST_FAILURE when this platform cannot start workers.
   */
  spawn(onCrash: (detail: string) => void): Promise<SpawnedWorker>;
  /** Gives up what workers are made with. Idempotent; a later spawn may make it anew. */
  close(): void;
}
