/** What the storage service stands on, and what its methods take beside the file or the link. */

import type { SmallStore } from '../ports/small-store.ts';
import type { Found, Records } from '../records/records.ts';
import type { HolderOptions } from './holder.ts';

export interface StorageOptions extends HolderOptions {
  readonly smallStore: SmallStore;
  /** This node has its place in the sea. */
  readonly online: () => boolean;
  /** Where those who lend say so, and are found. */
  readonly records: Pick<Records, 'announce'> & {
    find(key: string, signal?: AbortSignal): Promise<readonly Found[]>;
  };
  /** Plain bytes of a segment of what is stored; default and maximum 4 MiB. */
  readonly segmentBytes?: number;
}

export interface OffersOptions {
  /** Of one holder. Default 1. */
  readonly bytes?: number | undefined;
  /** Default 10. */
  readonly wanted?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SignalOption {
  readonly signal?: AbortSignal | undefined;
}
