/** How a node that others enter by comes into the sea: it stays up and goes on trying, for others may come to it meanwhile. */

import { isSeaError } from '../base/errors.ts';
import type { Log } from '../ports/log.ts';
import type { Sea } from '../sea.ts';

export interface Entering {
  readonly signal: AbortSignal;
  /** For one attempt; who does not answer is tried all that time. */
  readonly timeoutMs: number;
  readonly log: Log;
}

/** One attempt: whether it is in the sea, or over by the signal. What keeps it out is a warning. Throws what trying again will not mend. */
export async function tryToEnter(sea: Pick<Sea, 'goOnline'>, { signal, timeoutMs, log }: Entering): Promise<boolean> {
  try {
    await sea.goOnline(undefined, { signal, timeoutMs });
    return true;
  } catch (error) {
    if (signal.aborted) return true;
    if (!isSeaError(error, 'NO_BOOTSTRAP')) throw error;
    log.write('warn', 'not in the sea yet; trying on', { error: error.message });
    return false;
  }
}

/** Attempt after attempt. Newcomers that dial this node meanwhile bring it in as well. */
export async function keepEntering(sea: Pick<Sea, 'goOnline'>, entering: Entering): Promise<void> {
  while (!(await tryToEnter(sea, entering)));
  if (!entering.signal.aborted) entering.log.write('info', 'in the sea now');
}
