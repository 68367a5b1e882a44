/** What becomes of a command whose standard output cannot be written: who read it has gone (`| head -3`), or the disk is full. */

import { SeaError } from '../base/errors.ts';

/** The reason of a signal that fired because nobody reads any more: a quiet end. */
export const NOT_READ: SeaError = new SeaError('ABORTED', 'nobody reads the output');

/** The part of a stream that tells of a failure. */
export interface Failing {
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** Fires `stop` at the first failure: with NOT_READ, or with NO_STORAGE, for then something is lost that somebody wants. */
export function stopUnwritten(output: Failing, stop: AbortController): void {
  output.on('error', error => {
    if (error.code === 'EPIPE') stop.abort(NOT_READ);
    else
      stop.abort(new SeaError('NO_STORAGE', `standard output cannot be written: ${error.message}`, { cause: error }));
  });
}
