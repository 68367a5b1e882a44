/** The first link into the sea: several entries raced, round after round, with a growing wait between rounds. */

import { abortable, abortError, sleep, whenAborted, withTimeout } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import { asSeaError, SeaError } from '../base/errors.ts';
import { type Random, shuffle } from '../base/random.ts';
import type { Link } from '../link/link.ts';
import {
  ENTRY_AGAIN_MS,
  ENTRY_DIALS,
  ENTRY_RETRY_MS,
  ENTRY_RETRY_MS_MAX,
  ENTRY_STAGGER_MS,
  ENTRY_TIMEOUT_MS,
} from './limits.ts';

export interface EntryTools {
  readonly clock: Clock;
  readonly random: Random;
  dial(url: string, signal: AbortSignal): Promise<Link>;
  /** Hears why no entry answered in the first round: it may be long until the last. */
  onUnanswered?(error: SeaError): void;
}

/** Why each entry failed when it was last tried. */
type Reasons = Map<string, SeaError>;

/**
 * A link to the first entry that answers. Goes on until the signal fires, then throws its reason, or NO_BOOTSTRAP with
 * the reasons of the entries when that is TIMEOUT; its cause is the one that a person can mend, CLOCK_SKEW, if there is
 * one. Without any entry: NO_BOOTSTRAP at once.
 */
export async function enter(tools: EntryTools, urls: () => readonly string[], signal: AbortSignal): Promise<Link> {
  const reasons: Reasons = new Map();
  for (let waitMs = ENTRY_RETRY_MS; ; waitMs = Math.min(2 * waitMs, ENTRY_RETRY_MS_MAX)) {
    const entries = urls();
    if (entries.length === 0) throw noEntry();
    if (signal.aborted) throw summary(reasons, signal);
    const link = await race(tools, shuffle(tools.random, entries), reasons, signal);
    if (link !== undefined) return link;
    if (waitMs === ENTRY_RETRY_MS && !signal.aborted) tools.onUnanswered?.(unanswered(reasons));
    await sleep(tools.clock, waitMs, { signal }).catch(() => {
      throw summary(reasons, signal);
    });
  }
}

/** One round: starts the entries one after another; the first link wins, the other attempts are given up. */
async function race(
  tools: EntryTools,
  urls: readonly string[],
  reasons: Reasons,
  signal: AbortSignal,
): Promise<Link | undefined> {
  const round = new AbortController();
  const forget = whenAborted(signal, error => round.abort(error));
  const attempts = urls.map(async (url, i) => {
    if (i > 0) await sleep(tools.clock, i * ENTRY_STAGGER_MS, { signal: round.signal });
    try {
      return await insist(tools, url, round);
    } catch (error) {
      if (!round.signal.aborted) reasons.set(url, asSeaError(error, 'DIAL_FAILED'));
      throw error;
    }
  });
  try {
    return await Promise.any(attempts);
  } catch {
    return undefined; // nobody answered: the reasons are kept
  } finally {
    forget();
    round.abort();
  }
}

/** One entry, dialled anew while it does not answer. Its link ends the round, unless another one has; a refusal is final. */
async function insist(tools: EntryTools, url: string, round: AbortController): Promise<Link> {
  const over = new AbortController();
  const forget = whenAborted(round.signal, error => over.abort(error));
  const dials = Array.from({ length: ENTRY_DIALS }, async (_, i) => {
    if (i > 0) await sleep(tools.clock, i * ENTRY_AGAIN_MS, { signal: over.signal });
    return attempt(tools, url, over);
  });
  try {
    const link = await Promise.race(dials);
    if (round.signal.aborted) {
      link.close('DUPLICATE_LINK', 'another entry answered first');
      throw abortError(round.signal);
    }
    forget();
    round.abort();
    return link;
  } finally {
    forget();
    over.abort();
    for (const dial of dials) dial.catch(() => {}); // those that were given up
  }
}

/** One dial. Its link ends the others. */
async function attempt(tools: EntryTools, url: string, round: AbortController): Promise<Link> {
  const late = new AbortController(); // also ends the dial when only this entry's time is up
  const forget = whenAborted(round.signal, error => late.abort(error));
  const unlessLate = (link: Link): Link => {
    if (!late.signal.aborted) return link;
    link.close('DUPLICATE_LINK', 'another answered first, or this one too late');
    throw abortError(late.signal);
  };
  try {
    const dial = tools.dial(url, late.signal).then(unlessLate);
    const inTime = withTimeout(tools.clock, dial, ENTRY_TIMEOUT_MS, `reaching ${url}`);
    const link = unlessLate(await abortable(inTime, round.signal));
    forget();
    round.abort();
    return link;
  } finally {
    forget();
    late.abort();
  }
}

function summary(reasons: Reasons, signal: AbortSignal): SeaError {
  const reason = abortError(signal);
  return reason.code === 'TIMEOUT' ? unanswered(reasons, reason) : reason;
}

function unanswered(reasons: Reasons, otherwise?: SeaError): SeaError {
  const last = [...reasons.values()];
  return new SeaError('NO_BOOTSTRAP', `no entry answered (${last.map(({ message }) => message).join('; ')})`, {
    cause: last.find(({ code }) => code === 'CLOCK_SKEW') ?? last[0] ?? otherwise,
  });
}

function noEntry(): SeaError {
  return new SeaError('NO_BOOTSTRAP', 'no way into the sea is known: give the address of a bootstrap node');
}
