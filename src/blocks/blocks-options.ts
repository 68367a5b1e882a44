/** What the block service stands on, what its methods take beside an id, and what they tell. */

import type { HashAddress } from '../address/hash-address.ts';
import type { Clock } from '../base/clock.ts';
import type { Scope } from '../base/scope.ts';
import type { BlockStore } from '../ports/block-store.ts';
import type { Log } from '../ports/log.ts';
import type { Caller } from '../rpc/exchange.ts';

export interface BlocksOptions {
  readonly clock: Clock;
  /** The service ends with it. */
  readonly scope: Scope;
  readonly caller: Caller;
  readonly store: BlockStore;
  readonly log: Log;
  /** Hears of a node that gave other bytes than those it was asked for. */
  readonly offend: (peer: HashAddress) => void;
}

/** How far a content has come. What is done and was not fetched was here already. */
export interface BlocksProgress {
  readonly doneBytes: number;
  readonly fetchedBytes: number;
  readonly totalBytes: number;
}

export interface BlocksGetOptions {
  /**
   * Nodes that offer it: an address or its 64 hex digits, or a list of them. Default: none, and what is not kept here is
   * NOT_FOUND.
   */
  readonly from?: HashAddress | string | readonly (HashAddress | string)[] | undefined;
  /** Most bytes to take; default and maximum 128 MiB. */
  readonly bytesMax?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: BlocksProgress) => void) | undefined;
}

export interface BlocksPushOptions {
  readonly signal?: AbortSignal | undefined;
  /** Hears the bytes of every block that is sent, lists too. */
  readonly onSent?: ((bytes: number) => void) | undefined;
}
