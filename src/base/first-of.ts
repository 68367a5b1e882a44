/** The first few successes among many tries: begins as many as are needed, one more for each failure and each long wait. */

import { whenAborted } from './abort.ts';
import type { Clock } from './clock.ts';
import { deferred } from './deferred.ts';

export type Outcome<T> =
  | { readonly state: 'enough'; readonly values: readonly T[] }
  | { readonly state: 'failed'; readonly failures: readonly unknown[] };

/** One way to a value. Its signal fires when it is no longer wanted. */
export type Try<T> = (signal: AbortSignal) => Promise<T>;

/** `needed` values, in the order of their coming, or every failure. Rejects only when `signal` fires, with its reason. */
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
  const begin = (): void => {
    const attempt = tries[begun++];
    if (attempt === undefined) return;
    attempt(controller.signal).then(
      value => {
        values.push(value);
        if (values.length === needed) over.resolve({ state: 'enough', values: [...values] });
      },
      (error: unknown) => {
        failures.push(error);
        if (tries.length - failures.length < needed) over.resolve({ state: 'failed', failures: [...failures] });
        begin();
      },
    );
  };
  const wait = (): void => {
    cancelTimer = clock.after(hedgeMs, () => {
      begin();
      wait();
    });
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
