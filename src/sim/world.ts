/**
 * A whole sea in one process: production nodes on a virtual clock, seeded chance and a simulated network. A run is a
 * function of its seed.
 */

import { NoblePayKeys } from '../adapters/evm/noble-pay-keys.ts';
import { MemoryBlockStore } from '../adapters/memory/memory-block-store.ts';
import { MemoryDeviceLock } from '../adapters/memory/memory-device-lock.ts';
import { MemoryReceiptStore } from '../adapters/memory/memory-receipt-store.ts';
import { MemoryShardCoder } from '../adapters/memory/memory-shard-coder.ts';
import { MemoryShardStore } from '../adapters/memory/memory-shard-store.ts';
import { MemorySmallStore } from '../adapters/memory/memory-small-store.ts';
import { SeaError } from '../base/errors.ts';
import type { Platform } from '../platform.ts';
import type { Listener } from '../ports/link-factory.ts';
import type { TaskRunner } from '../ports/task-runner.ts';
import { Sea } from '../sea.ts';
import type { SeaOptions } from '../sea-api.ts';
import { SeededRandom } from './seeded-random.ts';
import { SimCrypto, SimKeys } from './sim-crypto.ts';
import type { SimHost } from './sim-host.ts';
import { defaultNetwork, type NetworkOptions, SimNetwork } from './sim-network.ts';
import { Trace } from './trace.ts';
import { VirtualClock } from './virtual-clock.ts';

/** Lets every promise that can settle settle: a turn of the real event loop. The host process supplies it. */
export type Drain = () => Promise<void>;

export interface SimNode {
  readonly host: SimHost;
  readonly sea: Sea;
}

export interface NodeOptions extends SeaOptions {
  /** Listens for newcomers at this URL. */
  readonly listenUrl?: string;
  /** Parts of the platform that differ from the usual: a store that outlives the node, standing entries. */
  readonly platform?: Partial<Platform>;
}

export class World {
  readonly clock: VirtualClock = new VirtualClock();
  readonly random: SeededRandom;
  readonly trace: Trace = new Trace();
  readonly network: SimNetwork;
  readonly nodes: SimNode[] = [];
  readonly #seed: string;
  readonly #keys = new SimKeys();
  readonly #drain: Drain;

  constructor(seed: number | string, drain: Drain, network: NetworkOptions = defaultNetwork) {
    this.#seed = String(seed);
    this.#drain = drain;
    this.random = new SeededRandom(`${this.#seed}/world`);
    this.network = new SimNetwork(this.clock, new SeededRandom(`${this.#seed}/network`), this.trace, network);
  }

  /** A new host with a node on it, offline. */
  async addNode(options: NodeOptions = {}): Promise<SimNode> {
    const host = this.network.addHost();
    const random = new SeededRandom(`${this.#seed}/node/${host.index}`);
    const smallStore = new MemorySmallStore();
    const listeners: Listener[] =
      options.listenUrl === undefined ? [] : [this.network.listener(host, options.listenUrl)];
    const sea = await Sea.create(
      {
        clock: this.clock,
        random,
        crypto: new SimCrypto(this.#keys, random),
        factory: this.network.factory(host),
        listeners,
        smallStore,
        isStoreOwn: true,
        blocks: new MemoryBlockStore(),
        shards: new MemoryShardStore(),
        coder: new MemoryShardCoder(),
        payKeys: new NoblePayKeys(smallStore, random),
        receipts: new MemoryReceiptStore(),
        ledger: undefined,
        lock: new MemoryDeviceLock(),
        runner: idleRunner,
        standingEntries: [],
        close() {},
        ...options.platform,
      },
      { ...options, url: options.listenUrl },
    );
    const node = { host, sea };
    this.nodes.push(node);
    return node;
  }

  /** Lets `durationMs` of virtual time pass. */
  async run(durationMs: number): Promise<void> {
    const untilMs = this.clock.now() + durationMs;
    await this.#drain();
    while (this.clock.step(untilMs)) await this.#drain();
  }

  /** Runs until the promise settles; TIMEOUT when it has not within `limitMs` of virtual time. */
  async until<T>(promise: Promise<T>, limitMs: number): Promise<T> {
    let settled = false;
    const mark = (): void => {
      settled = true;
    };
    promise.then(mark, mark);
    const untilMs = this.clock.now() + limitMs;
    await this.#drain();
    while (!settled && this.clock.step(untilMs)) await this.#drain();
    if (!settled) throw new SeaError('TIMEOUT', `nothing after ${limitMs} ms of virtual time`);
    return promise;
  }

  /** Closes every node. */
  async end(): Promise<void> {
    for (const { sea } of this.nodes) await sea.close();
  }
}

/** Scenarios of the overlay compute nothing. */
const idleRunner: TaskRunner = {
  slots: 0,
  setSlots() {},
  async run() {
    throw new SeaError('NO_SLOT', 'this simulated node computes nothing');
  },
  close() {},
};
