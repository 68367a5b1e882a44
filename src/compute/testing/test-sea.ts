/** Several compute services in one process: linked by hand, on one manual clock. */

import { MemoryBlockStore } from '../../adapters/memory/memory-block-store.ts';
import type { HashAddress } from '../../address/hash-address.ts';
import { Scope } from '../../base/scope.ts';
import { Blocks } from '../../blocks/blocks.ts';
import '../../blocks/contents.ts'; // at hand when they are wanted: a manual clock waits for no file system
import { ManualClock } from '../../ports/acceptance/manual-clock.ts';
import { silentLog } from '../../ports/log.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';
import { Compute } from '../compute.ts';
import '../computing.ts';
import type { Hire, Till } from '../payment.ts';
import type { ContributionStatus } from '../provider.ts';
import { giftTill, hireForGifts } from './gifts.ts';
import { increments, type Script, ScriptedRunner } from './scripted-runner.ts';
import { settle, TestNetwork, testAddress } from './test-network.ts';

export class TestNode {
  readonly address: HashAddress;
  readonly compute: Compute;
  readonly runner: ScriptedRunner;
  /** What its device keeps. */
  readonly blocks = new MemoryBlockStore();
  readonly neighbours = new Map<string, HashAddress>();
  readonly scope: Scope;
  readonly statuses: ContributionStatus[] = [];
  /** Keys under which it says something in the sea now. */
  readonly posted: string[] = [];
  /** Reasons to keep each link now, by hex address. */
  readonly pins = new Map<string, number>();

  constructor(sea: TestSea, number: number, script: Script) {
    this.address = testAddress(number);
    this.scope = new Scope(sea.clock);
    this.runner = new ScriptedRunner(sea.clock, script);
    const { clock } = sea;
    const caller = sea.network.caller(this.address);
    const { scope, blocks: store } = this;
    this.compute = new Compute({
      clock,
      random: new SeededRandom(`node ${number}`),
      scope,
      caller,
      runner: this.runner,
      blocks: new Blocks({ clock, scope, caller, store, log: silentLog, offend() {} }),
      self: this.address,
      online: () => true,
      neighbours: () => [...this.neighbours.values()],
      pin: address => this.#pin(address.toString()),
      log: silentLog,
      till: sea.till,
      hire: sea.hire,
      board: { post: key => this.#post(key), read: async () => [] },
      price: async () => undefined,
      affords: async () => true,
      reach: async () => {},
      onStatus: status => this.statuses.push(status),
    });
  }

  get pinned(): number {
    return [...this.pins.values()].reduce((sum, count) => sum + count, 0);
  }

  #post(key: string): () => void {
    this.posted.push(key);
    return () => this.posted.splice(this.posted.indexOf(key), 1);
  }

  #pin(key: string): () => void {
    this.pins.set(key, (this.pins.get(key) ?? 0) + 1);
    return () => this.pins.set(key, this.pins.get(key)! - 1);
  }
}

export class TestSea {
  readonly clock = new ManualClock();
  readonly network = new TestNetwork(this.clock);
  /** What every node made from now on takes and pays. */
  till: Till = giftTill;
  hire: Hire = hireForGifts;
  #count = 0;

  /** A node that contributes nothing yet. */
  node(script: Script = increments(50)): TestNode {
    return new TestNode(this, this.#count++, script);
  }

  /** A node with one neighbour per script; each contributes `slots`. */
  async star(scripts: readonly Script[], slots = 1): Promise<{ requester: TestNode; providers: TestNode[] }> {
    const requester = this.node();
    const providers = scripts.map(script => this.node(script));
    for (const provider of providers) {
      provider.compute.contribute({ slots });
      this.link(requester, provider);
    }
    await settle();
    return { requester, providers };
  }

  link(a: TestNode, b: TestNode): void {
    a.neighbours.set(b.address.toString(), b.address);
    b.neighbours.set(a.address.toString(), a.address);
    a.compute.linkOpened(b.address);
    b.compute.linkOpened(a.address);
  }

  unlink(a: TestNode, b: TestNode): void {
    a.neighbours.delete(b.address.toString());
    b.neighbours.delete(a.address.toString());
    this.network.breakCalls(a.address, b.address);
    a.compute.linkClosed(b.address);
    b.compute.linkClosed(a.address);
  }

  /** Lets `ms` pass, in steps, everything running in between. */
  async pass(ms: number, stepMs = 10): Promise<void> {
    await settle();
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.pass(Math.min(stepMs, ms - passed));
      await settle();
    }
  }

  /** Lets time pass until the promise has settled; fails after `ms`. */
  async until<T>(promise: Promise<T>, ms = 600_000, stepMs = 10): Promise<T> {
    let settled = false;
    const mark = (): void => {
      settled = true;
    };
    promise.then(mark, mark);
    await settle();
    for (let passed = 0; !settled && passed < ms; passed += stepMs) {
      this.clock.pass(stepMs);
      await settle();
    }
    if (!settled) throw new Error(`not settled after ${ms} ms of the test's time`);
    return promise;
  }
}
