/** What the compute service stands on. */

import type { HashAddress } from '../address/hash-address.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import type { Log } from '../ports/log.ts';
import type { TaskRunner } from '../ports/task-runner.ts';
import type { Caller } from '../rpc/exchange.ts';
import type { BundleBlocks } from './bundle-transfer.ts';
import type { MapOptions } from './map-options.ts';
import type { Hire, Till } from './payment.ts';
import type { ContributionStatus } from './provider.ts';
import type { AskedPrice } from './provider-record.ts';

/** The announcements of the sea, as far as this service needs them. */
export interface Board {
  /** Keeps up an announcement until the returned function is called; `value` is asked each time that it is renewed. */
  post(key: string, value: () => Promise<Uint8Array>): () => void;
  /** What is posted under the key. */
  read(key: string): Promise<readonly Posted[]>;
}

export interface Posted {
  readonly announcer: HashAddress;
  readonly value: Uint8Array;
}

export interface ComputeOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** The service ends with it; so does the runner. */
  readonly scope: Scope;
  readonly caller: Caller;
  readonly runner: TaskRunner;
  readonly blocks: BundleBlocks;
  readonly self: HashAddress;
  /** This node has its place in the sea. */
  readonly online: () => boolean;
  /** Nodes with an open link now. */
  readonly neighbours: () => readonly HashAddress[];
  /** Keeps a link while it is in use; returns the undo. */
  readonly pin: (address: HashAddress, reason: string) => () => void;
  readonly log: Log;
  /** Who takes money for what is computed here, and who pays for what is computed elsewhere. */
  readonly till: Till;
  readonly hire: Hire;
  /** Where contributors say that they are there. */
  readonly board: Board;
  /** What is asked for a part here, as far as it is known now, and whether a map with these options would pay as much. */
  readonly price: () => Promise<AskedPrice | undefined>;
  readonly affords: (price: AskedPrice, options: Pick<MapOptions, 'priceMax' | 'budget'>) => Promise<boolean>;
  /** Asks for a link to a node. */
  readonly reach: (address: HashAddress) => Promise<void>;
  /** Hears every change of what this device gives. */
  readonly onStatus: (status: ContributionStatus) => void;
}
