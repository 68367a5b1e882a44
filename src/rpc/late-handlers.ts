/**
 * Calls that are answered by a part of the program which comes later: the first of them asks for it, and what comes until it
 * is here waits for it, not long and not many.
 */

import { abortable, withTimeout } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import { Places } from '../base/places.ts';
import type { Scope } from '../base/scope.ts';
import type { Body, Caller, Incoming } from './exchange.ts';
import { LATE_WAIT_MS, LATE_WAITING_MAX, LATE_WAITING_PER_NEIGHBOUR_MAX } from './limits.ts';

/** Answers the calls of several scopes. */
export interface Answerer {
  answer(scope: string, incoming: Incoming): Promise<Body>;
}

export interface LateHandlersOptions {
  readonly caller: Caller;
  readonly clock: Clock;
  /** The handlers stop with it. */
  readonly scope: Scope;
}

/**
 * Has the calls under `scopes` answered by what `load` gives, which is asked until it has given it. A call that waits for it
 * ends with what `load` throws, TIMEOUT after LATE_WAIT_MS, or OVERLOADED where too many wait.
 */
export function handleLate(
  options: LateHandlersOptions,
  scopes: readonly string[],
  load: () => Promise<Answerer>,
): void {
  const { caller, clock, scope: life } = options;
  const places = new Places(LATE_WAITING_MAX, LATE_WAITING_PER_NEIGHBOUR_MAX);
  let part: Answerer | undefined;
  const wait = async ({ caller: from, by = from, signal }: Incoming): Promise<Answerer> => {
    const leave = places.take(by.toString());
    try {
      return await abortable(withTimeout(clock, load(), LATE_WAIT_MS, 'a part of the program'), signal);
    } finally {
      leave();
    }
  };
  for (const scope of scopes) {
    const stop = caller.handle(scope, async incoming => {
      part ??= await wait(incoming);
      return part.answer(scope, incoming);
    });
    life.defer(stop);
  }
}
