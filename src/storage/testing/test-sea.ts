/** Several storage services in one process: calls in memory, one manual clock, real sealing and coding. */

import { MemoryShardCoder } from '../../adapters/memory/memory-shard-coder.ts';
import { MemoryShardStore } from '../../adapters/memory/memory-shard-store.ts';
import { MemorySmallStore } from '../../adapters/memory/memory-small-store.ts';
import { NobleCrypto, seedKey } from '../../adapters/memory/noble-crypto.ts';
import type { HashAddress } from '../../address/hash-address.ts';
import { addressOfKey } from '../../address/signed.ts';
import { concat } from '../../base/bytes.ts';
import { Scope } from '../../base/scope.ts';
import { settle, TestNetwork, testAddress } from '../../compute/testing/test-network.ts';
import { ManualClock } from '../../ports/acceptance/manual-clock.ts';
import { silentLog } from '../../ports/log.ts';
import type { ShardStore } from '../../ports/shard-store.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';
import type { HolderStatus } from '../holder.ts';
import '../files.ts'; // at hand when they are wanted: a manual clock waits for no file system
import '../holder.ts';
import { Storage } from '../storage.ts';

/** Small, so that a file of several is quickly sealed. */
export const TEST_SEGMENT_BYTES = 131_072;

export class TestNode {
  readonly address: HashAddress;
  readonly shards: ShardStore;
  readonly scope: Scope;
  readonly storage: Storage;
  readonly statuses: HolderStatus[] = [];

  constructor(sea: TestSea, number: number, shards: ShardStore) {
    const key = seedKey(testAddress(number).bytes);
    this.address = addressOfKey(key.publicKey);
    this.shards = shards;
    this.scope = new Scope(sea.clock);
    const random = new SeededRandom(`storage node ${number}`);
    this.storage = new Storage({
      self: this.address,
      key,
      clock: sea.clock,
      random,
      scope: this.scope,
      caller: sea.network.caller(this.address),
      crypto: new NobleCrypto(random),
      coder: new MemoryShardCoder(),
      shards,
      smallStore: new MemorySmallStore(),
      online: () => true,
      neighbours: () => sea.neighbours(this.address),
      records: {
        announce: () => ({ held: Promise.resolve(), stop() {} }),
        find: async () => sea.found.map(announcer => ({ announcer, value: new Uint8Array(0), expiresMs: 0 })),
      },
      segmentBytes: TEST_SEGMENT_BYTES,
      log: silentLog,
      onStatus: status => this.statuses.push(status),
    });
  }

  /** Takes it off the network, its device and its memory with it. */
  leave(): void {
    this.scope.close();
  }
}

export class TestSea {
  readonly clock = new ManualClock();
  readonly network = new TestNetwork(this.clock);
  readonly nodes: TestNode[] = [];
  /** Whom everybody finds under the holders' key. */
  readonly found: HashAddress[] = [];
  /** Whom a node has links to: everybody. */
  neighbours: (of: HashAddress) => readonly HashAddress[] = () => this.nodes.map(({ address }) => address);

  /** A node that lends so many bytes. */
  async node(quotaBytes = 0, shards: ShardStore = new MemoryShardStore()): Promise<TestNode> {
    const node = new TestNode(this, this.nodes.length, shards);
    this.nodes.push(node);
    await node.storage.lend({ quotaBytes });
    return node;
  }

  /** An owner that lends nothing, and holders. */
  async star(holders: number, quotaBytes = 64_000_000): Promise<{ owner: TestNode; holders: TestNode[] }> {
    const owner = await this.node();
    const others: TestNode[] = [];
    for (let i = 0; i < holders; i++) others.push(await this.node(quotaBytes));
    return { owner, holders: others };
  }

  /** Lets time pass until the promise has settled; fails after `ms`. */
  async until<T>(promise: Promise<T>, ms = 600_000, stepMs = 100): Promise<T> {
    let settled = false;
    const mark = (): void => {
      settled = true;
    };
    promise.then(mark, mark);
    for (let turn = 0; turn < 200 && !settled; turn++) await settle();
    for (let passed = 0; !settled && passed < ms; passed += stepMs) {
      this.clock.pass(stepMs);
      for (let turn = 0; turn < 20 && !settled; turn++) await settle();
    }
    if (!settled) throw new Error(`not settled after ${ms} ms of the test's time`);
    return promise;
  }
}

/** All that an iteration gives, as one. */
export async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return concat(...all);
}

/** Bytes of a file, different for each seed. */
export function testBytes(length: number, seed = 1): Uint8Array {
  let state = seed;
  return new Uint8Array(length).map(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}
