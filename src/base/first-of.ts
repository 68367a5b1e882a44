/** The first few successes among many tries: begins as many as are needed, one more for each failure and each long wait. */

import { whenAborted } from './abort.ts';
import type { Clock } from './clock.ts';
import { deferred } from './deferred.ts';

export type Outcome<T> =
  | { readonly state: 'enough'; readonly values: readonly T[] }
  | { readonly state: 'failed'; readonly failures: readonly unknown[] };

/** One way to a value. Its signal fires when it is no longer wanted. */
export type Try<T> = (signal: AbortSignal) => Promise<T>;

/** What came tells how long the rest may take: so many times as long, … */
const SLOWER = 4;
/** … and this part of the whole wait at least. */
const WAIT_PART_MIN = 0.1;

/**
 * `needed` values, in the order of their coming, or every failure. Begins another when `hedgeMs` pass without news; sooner
 * when some have come and the rest take much longer. Rejects only when `signal` fires, with its reason.
 */
export async function firstOf<T>(
  clock: Clock,
  needed: number,
  tries: readonly Try<T>[],
  hedgeMs: number,
  signal: AbortSignal | undefined,
): Promise<Outcome<T>> {
  const over = deferred<Outcome<T>>();
  const controller = new AbortController();
  const values: T[] = [];
  const failures: unknown[] = [];
  let begun = 0;
  let waitMs = hedgeMs;
  const begin = (): void => {
    const attempt = controller.signal.aborted ? undefined : tries[begun++];
    if (attempt === undefined) return;
    const beganMs = clock.now();
    attempt(controller.signal).then(
      value => {
        if (controller.signal.aborted) return; // too late
        values.push(value);
        if (values.length === needed) over.resolve({ state: 'enough', values: [...values] });
        else expect(SLOWER * (clock.now() - beganMs));
      },
      (error: unknown) => {
        failures.push(error);
        if (tries.length - failures.length < needed) over.resolve({ state: 'failed', failures: [...failures] });
        begin();
      },
    );
  };
  const wait = (): void => {
    cancelTimer = clock.after(waitMs, () => {
      begin();
      waitMs = Math.min(2 * waitMs, hedgeMs); // all of them may be slow
      wait();
    });
  };
  const expect = (ms: number): void => {
    cancelTimer();
    waitMs = Math.min(hedgeMs, Math.max(ms, WAIT_PART_MIN * hedgeMs));
    wait();
  };
  let cancelTimer = (): void => {};
  const forget = whenAborted(signal, over.reject);
  if (tries.length < needed) over.resolve({ state: 'failed', failures });
  for (let i = 0; i < needed; i++) begin();
  wait();
  try {
    return await over.promise;
  } finally {
    cancelTimer();
    forget();
    controller.abort();
  }
}
