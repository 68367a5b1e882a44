/** The first link into the sea: several entries raced, round after round, with a growing wait between rounds. */

import { abortError, checkAborted, sleep, whenAborted, withTimeout } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import { asSeaError, SeaError } from '../base/errors.ts';
import { type Random, shuffle } from '../base/random.ts';
import type { Link } from '../link/link.ts';
import { ENTRY_RETRY_MS, ENTRY_RETRY_MS_MAX, ENTRY_STAGGER_MS, ENTRY_TIMEOUT_MS } from './limits.ts';

export interface EntryTools {
  readonly clock: Clock;
  readonly random: Random;
  dial(url: string, signal: AbortSignal): Promise<Link>;
}

/** A link to the first entry that answers. Goes on until the signal fires; then throws NO_BOOTSTRAP with the last reasons. */
export async function enter(tools: EntryTools, urls: () => readonly string[], signal: AbortSignal): Promise<Link> {
  let waitMs = ENTRY_RETRY_MS;
  let failures: readonly SeaError[] = [];
  for (;;) {
    if (signal.aborted) throw summary(failures, signal);
    try {
      return await race(tools, shuffle(tools.random, urls()), signal);
    } catch (error) {
      failures = error instanceof RaceLost ? error.failures : [asSeaError(error)];
    }
    await sleep(tools.clock, waitMs, { signal }).catch(() => {
      throw summary(failures, signal);
    });
    waitMs = Math.min(2 * waitMs, ENTRY_RETRY_MS_MAX);
  }
}

class RaceLost extends Error {
  readonly failures: readonly SeaError[];

  constructor(failures: readonly SeaError[]) {
    super('no entry answered');
    this.failures = failures;
  }
}

/** One round: starts the entries one after another; the first link wins, the other attempts are given up. */
async function race(tools: EntryTools, urls: readonly string[], signal: AbortSignal): Promise<Link> {
  checkAborted(signal);
  const round = new AbortController();
  const forget = whenAborted(signal, error => round.abort(error));
  const failures: SeaError[] = [];
  try {
    const attempts = urls.map(async (url, i) => {
      await sleep(tools.clock, i * ENTRY_STAGGER_MS, { signal: round.signal });
      const link = await withTimeout(tools.clock, tools.dial(url, round.signal), ENTRY_TIMEOUT_MS, `reaching ${url}`);
      if (round.signal.aborted) {
        link.close('DUPLICATE_LINK', 'another entry answered first');
        throw abortError(round.signal);
      }
      round.abort();
      return link;
    });
    for (const attempt of attempts) attempt.catch(error => failures.push(asSeaError(error, 'DIAL_FAILED')));
    return await Promise.any(attempts);
  } catch {
    throw new RaceLost(failures);
  } finally {
    forget();
    round.abort();
  }
}

function summary(failures: readonly SeaError[], signal: AbortSignal): SeaError {
  const reason = abortError(signal);
  if (reason.code !== 'TIMEOUT') return reason;
  const last = failures.map(failure => failure.message).join('; ');
  return new SeaError(
    'NO_BOOTSTRAP',
    last === '' ? 'no way into the sea is known: give the address of a bootstrap node' : `no entry answered (${last})`,
    { cause: failures[0] },
  );
}
