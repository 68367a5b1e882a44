/** The walk through the lists of a content. */

import type { ContentId } from '../address/content-id.ts';
import { SeaError } from '../base/errors.ts';
import { ENTRIES_MAX, LIST_DEPTH_MAX } from './limits.ts';
import { type Entry, lengthOf, readList } from './list.ts';

interface Walk {
  readonly bring: (id: ContentId) => Promise<Uint8Array>;
  readonly onLength: ((bytes: number) => void) | undefined;
  entries: number;
}

/**
 * What the content's lists name, in order, the lists themselves left out. `bring` gives the bytes of a list, whose hash has
 * been checked; `onLength` hears the content's length before the first entry, and what it throws ends the walk. Throws
 * BAD_MESSAGE (no list, or not as long as the list above says), UNSUPPORTED, TOO_LARGE (too many entries, too deep), and
 * what `bring` throws.
 */
export function walk(
  id: ContentId,
  bring: (id: ContentId) => Promise<Uint8Array>,
  onLength?: (bytes: number) => void,
): AsyncGenerator<Entry, void, undefined> {
  return walkList(id, undefined, { bring, onLength, entries: 0 }, 1);
}

/** `length`: what the list above says of this one. */
async function* walkList(
  id: ContentId,
  length: number | undefined,
  host: Walk,
  depth: number,
): AsyncGenerator<Entry, void, undefined> {
  if (depth > LIST_DEPTH_MAX) throw new SeaError('TOO_LARGE', `lists nested more than ${LIST_DEPTH_MAX} deep`);
  const entries = readList(await host.bring(id));
  host.entries += entries.length;
  if (host.entries > ENTRIES_MAX) throw new SeaError('TOO_LARGE', `a content of more than ${ENTRIES_MAX} entries`);
  if (length === undefined) host.onLength?.(lengthOf(entries));
  else checkLength(lengthOf(entries), length);
  for (const entry of entries) {
    if (entry.isList) yield* walkList(entry.id, entry.length, host, depth + 1);
    else yield entry;
  }
}

/** Throws BAD_MESSAGE unless a block is as long as its list says. */
export function checkLength(actual: number, said: number): void {
  if (actual !== said) throw new SeaError('BAD_MESSAGE', `${actual} bytes where the list says ${said}`);
}
