/** Parts of the program that come when they are first needed, so that what every page loads stays small. */

import { SeaError } from './errors.ts';

/**
 * A function that gives what `load` gave, which is asked once. One that failed, as when the server of the page is away, is
 * asked again by the next who needs it. Throws HOST_FAILURE.
 */
export function late<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((cause: unknown) => {
      loading = undefined;
      throw new SeaError('HOST_FAILURE', 'a part of the program could not be fetched', { cause });
    });
    return loading;
  };
}
