/** Several block services in one process: calls in memory, one manual clock. */

import { MemoryBlockStore } from '../../adapters/memory/memory-block-store.ts';
import type { HashAddress } from '../../address/hash-address.ts';
import { toHex } from '../../base/bytes.ts';
import { Scope } from '../../base/scope.ts';
import { TestNetwork, testAddress } from '../../compute/testing/test-network.ts';
import { ManualClock } from '../../ports/acceptance/manual-clock.ts';
import type { BlockStore } from '../../ports/block-store.ts';
import { silentLog } from '../../ports/log.ts';
import { Blocks } from '../blocks.ts';
import '../contents.ts'; // at hand when it is wanted: a manual clock waits for no file system

export class TestNode {
  readonly address: HashAddress;
  readonly store: BlockStore;
  readonly scope: Scope;
  readonly blocks: Blocks;
  /** Whom it holds wrong bytes against, in hex, oldest first. */
  readonly offenders: string[] = [];

  constructor(sea: TestSea, number: number, store: BlockStore) {
    this.address = testAddress(number);
    this.store = store;
    this.scope = new Scope(sea.clock);
    this.blocks = new Blocks({
      clock: sea.clock,
      scope: this.scope,
      caller: sea.network.caller(this.address),
      store,
      log: silentLog,
      offend: peer => this.offenders.push(peer.toString()),
    });
  }
}

export class TestSea {
  readonly clock = new ManualClock();
  readonly network = new TestNetwork(this.clock);
  #count = 0;

  node(store: BlockStore = new MemoryBlockStore()): TestNode {
    return new TestNode(this, this.#count++, store);
  }

  /** Calls so far of this scope, as the hex digests they name. */
  asked(scope: string): string[] {
    return this.network.calls
      .filter(call => call.scope === scope)
      .map(({ body }) => toHex((body.value as readonly Uint8Array[])[0]!));
  }
}

/** Bytes of a content, different for each seed. */
export function testBytes(length: number, seed = 1): Uint8Array {
  let state = seed;
  return new Uint8Array(length).map(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}
