/** Waiting that can be given up. */

import type { Clock } from './clock.ts';
import { deferred } from './deferred.ts';
import { SeaError } from './errors.ts';

export interface AbortOptions {
  readonly signal?: AbortSignal | undefined;
}

/** The reason of an aborted signal as an error of code ABORTED (or the SeaError it was aborted with). */
export function abortError(signal: AbortSignal): SeaError {
  const { reason } = signal;
  return reason instanceof SeaError ? reason : new SeaError('ABORTED', 'the caller gave up', { cause: reason });
}

/** Throws the abort reason when the signal has fired. */
export function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortError(signal);
}

/** Those who wait for a signal, behind one listener of ours: Node takes more than ten on one signal for a leak. */
const waiting = new WeakMap<AbortSignal, Waiting>();

interface Waiting {
  readonly calls: Set<() => void>;
  readonly listener: () => void;
}

/** Calls `onAbort` once when the signal fires, at once if it has. Returns a function that forgets it. */
export function whenAborted(signal: AbortSignal | undefined, onAbort: (error: SeaError) => void): () => void {
  if (signal === undefined) return () => {};
  const call = (): void => onAbort(abortError(signal));
  if (signal.aborted) {
    call();
    return () => {};
  }
  const { calls, listener } = waiting.get(signal) ?? hear(signal);
  calls.add(call);
  return () => {
    if (!calls.delete(call) || calls.size > 0) return;
    waiting.delete(signal);
    signal.removeEventListener('abort', listener);
  };
}

function hear(signal: AbortSignal): Waiting {
  const calls = new Set<() => void>();
  const listener = (): void => {
    for (const call of calls) call();
  };
  const heard = { calls, listener };
  waiting.set(signal, heard);
  signal.addEventListener('abort', listener, { once: true });
  return heard;
}

/** The promise's outcome, or the abort reason if that comes first. The work behind the promise is not stopped. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  const aborted = deferred<never>();
  const forget = whenAborted(signal, aborted.reject);
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    forget();
  }
}

/** The promise's outcome, or TIMEOUT naming `what` after `timeoutMs`. */
export async function withTimeout<T>(clock: Clock, promise: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  const late = deferred<never>();
  const cancel = clock.after(timeoutMs, () =>
    late.reject(new SeaError('TIMEOUT', `${what} took more than ${timeoutMs} ms`)),
  );
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    cancel();
  }
}

/** Resolves after `delayMs`; rejects with the abort reason if the signal fires first. */
export async function sleep(clock: Clock, delayMs: number, { signal }: AbortOptions = {}): Promise<void> {
  checkAborted(signal);
  const done = deferred<void>();
  const cancel = clock.after(delayMs, () => done.resolve());
  const forget = whenAborted(signal, done.reject);
  try {
    await done.promise;
  } finally {
    cancel();
    forget();
  }
}
