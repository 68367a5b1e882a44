/** What a sea stands on: the platform's ports, gathered. Entries and the simulator fill it in. */

import type { Clock } from './base/clock.ts';
import type { Random } from './base/random.ts';
import type { BlockStore } from './ports/block-store.ts';
import type { Crypto } from './ports/crypto.ts';
import type { DeviceLock } from './ports/device-lock.ts';
import type { Ledger } from './ports/ledger.ts';
import type { LinkFactory, Listener } from './ports/link-factory.ts';
import type { PayKeys } from './ports/pay-keys.ts';
import type { ReceiptStore } from './ports/receipt-store.ts';
import type { ShardCoder } from './ports/shard-coder.ts';
import type { ShardStore } from './ports/shard-store.ts';
import type { SmallStore } from './ports/small-store.ts';
import type { TaskRunner } from './ports/task-runner.ts';

/** Everything the core needs of the outside world. */
export interface Platform {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly factory: LinkFactory;
  /** Where newcomers may knock: a websocket server, the other tabs of this origin. */
  readonly listeners: readonly Listener[];
  readonly smallStore: SmallStore;
  /** No other process writes to these stores, whoever holds the lock: they are gone with this one. */
  readonly isStoreOwn: boolean;
  readonly blocks: BlockStore;
  readonly shards: ShardStore;
  readonly coder: ShardCoder;
  readonly payKeys: PayKeys;
  readonly receipts: ReceiptStore;
  /** The chain whose money is earned and spent here; without one all work is given. */
  readonly ledger: Ledger | undefined;
  readonly lock: DeviceLock;
  /** What was named to keep this node's identity, such as a folder: where that cannot be had there is no node, instead of a passing one. */
  readonly namedDevice?: string | undefined;
  readonly runner: TaskRunner;
  /** Ways in that need no configuration, e.g. `tab:`. */
  readonly standingEntries: readonly string[];
  /** Gives back what the platform holds; called last. */
  close(): void;
}
