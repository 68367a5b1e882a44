/** One content on its way to a reader: its lists first, then its blocks, some of them ahead of whoever takes them. */

import type { ContentId } from '../address/content-id.ts';
import { SeaError } from '../base/errors.ts';
import type { BlocksProgress } from './blocks-options.ts';
import type { Bringer, Order } from './bringer.ts';
import type { Entry } from './list.ts';
import { checkLength, walk } from './walk.ts';

export interface ReadingOptions {
  readonly bytesMax: number;
  readonly onProgress?: ((progress: BlocksProgress) => void) | undefined;
}

/** The content's blocks, in order. Throws TOO_LARGE (more than bytesMax), and what walk and Bringer.bring throw. */
export async function* readContent(
  bringer: Bringer,
  id: ContentId,
  order: Order,
  { bytesMax, onProgress }: ReadingOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  let progress: BlocksProgress = { doneBytes: 0, fetchedBytes: 0, totalBytes: 0 };
  const tell = (change: Partial<BlocksProgress>): void => {
    progress = { ...progress, ...change };
    onProgress?.(progress);
  };
  const begin = (totalBytes: number): void => {
    if (totalBytes > bytesMax) throw new SeaError('TOO_LARGE', `a content of ${totalBytes} bytes, not ${bytesMax}`);
    tell({ totalBytes });
  };
  const bring = async ({ id: block, length }: Entry): Promise<Uint8Array> => {
    const { bytes, fetched } = await bringer.bring(block, order);
    checkLength(bytes.length, length);
    const { doneBytes, fetchedBytes } = progress;
    tell({ doneBytes: doneBytes + length, fetchedBytes: fetchedBytes + (fetched ? length : 0) });
    return bytes;
  };
  const ahead: Promise<Uint8Array>[] = [];
  for await (const entry of walk(id, async list => (await bringer.bring(list, order)).bytes, begin)) {
    const block = bring(entry);
    block.catch(() => {}); // it is told when its turn comes
    ahead.push(block);
    if (ahead.length >= order.sources.inFlight) yield (await ahead.shift()) as Uint8Array;
  }
  for (const block of ahead) yield await block;
}
