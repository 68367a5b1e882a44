/** Several credit services in one process: calls in memory, one manual clock, one chain, real keys. */

import { NoblePayKeys } from '../../adapters/evm/noble-pay-keys.ts';
import { MemoryReceiptStore } from '../../adapters/memory/memory-receipt-store.ts';
import { MemorySmallStore } from '../../adapters/memory/memory-small-store.ts';
import { NobleCrypto, seedKey } from '../../adapters/memory/noble-crypto.ts';
import { ContentId } from '../../address/content-id.ts';
import type { HashAddress } from '../../address/hash-address.ts';
import { addressOfKey } from '../../address/signed.ts';
import { SeaError } from '../../base/errors.ts';
import { Scope } from '../../base/scope.ts';
import { settle, TestNetwork } from '../../compute/testing/test-network.ts';
import { ManualClock } from '../../ports/acceptance/manual-clock.ts';
import type { Ledger } from '../../ports/ledger.ts';
import { silentLog } from '../../ports/log.ts';
import type { ReceiptStore } from '../../ports/receipt-store.ts';
import type { SmallStore } from '../../ports/small-store.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';
import { Credit, type CreditStatus } from '../credit.ts';
import type { Charge, Purser, PurserOptions, Subtask } from '../payment.ts';
import { TestLedger } from './test-ledger.ts';

export const bundle: ContentId = ContentId.of(Uint8Array.of(1, 2, 3));
export const PAYER = '0x5ea000000000000000000000000000000000fa1e';

/** What outlives a node: its identity and its stores. */
export interface Device {
  readonly number: number;
  smallStore: SmallStore;
  readonly receipts: ReceiptStore;
}

export class TestNode {
  readonly device: Device;
  readonly address: HashAddress;
  readonly scope: Scope;
  readonly credit: Credit;
  readonly statuses: CreditStatus[] = [];
  ledger: Ledger | undefined;

  constructor(sea: TestSea, device: Device, run: number, guest: boolean) {
    const key = seedKey(new Uint8Array(32).fill(device.number + 1));
    const random = new SeededRandom(`credit node ${device.number} run ${run}`);
    this.device = device;
    this.address = addressOfKey(key.publicKey);
    this.scope = new Scope(sea.clock);
    this.ledger = sea.ledger;
    this.credit = new Credit({
      clock: sea.clock,
      random,
      crypto: new NobleCrypto(random),
      key,
      scope: this.scope,
      caller: sea.network.caller(this.address),
      payKeys: new NoblePayKeys(device.smallStore, random),
      ledger: () => this.ledger,
      smallStore: device.smallStore,
      receipts: device.receipts,
      log: silentLog,
      guest,
      onStatus: status => this.statuses.push(status),
    });
  }

  /** Of what is at risk here, what no voucher was given for. Nothing is reserved in these tests. */
  get unpaid(): bigint {
    const { atRisk, unredeemed } = this.credit.status();
    return atRisk - unredeemed;
  }
}

export class TestSea {
  readonly clock = new ManualClock();
  readonly network = new TestNetwork(this.clock);
  readonly ledger = new TestLedger();
  #runs = 0;
  #subtasks = 0;

  device(number: number): Device {
    return { number, smallStore: new MemorySmallStore(), receipts: new MemoryReceiptStore() };
  }

  /** A node whose books are read. */
  async node(device: Device, { guest = false } = {}): Promise<TestNode> {
    const node = new TestNode(this, device, this.#runs++, guest);
    await node.credit.load();
    return node;
  }

  /** A provider that asks `part`, and a requester whose purse holds `deposit` (none when 0). */
  async pair(
    part: bigint,
    deposit: bigint,
    { slots = 1, egress = 0n } = {},
  ): Promise<{ requester: TestNode; provider: TestNode }> {
    const provider = await this.node(this.device(1));
    const requester = await this.node(this.device(2));
    provider.credit.setSlots(slots);
    if (part + egress > 0n) await provider.credit.ask({ part, egress });
    if (deposit > 0n) await this.fund(requester, deposit);
    return { requester, provider };
  }

  /** Opens a purse for a new session key of the node, which pays from it from now on. */
  async fund(node: TestNode, deposit: bigint, priceMax: bigint | undefined = 1_000_000n): Promise<string> {
    const key = await node.credit.newSessionKey();
    this.ledger.set(PAYER, key, { free: deposit });
    await node.credit.usePurse({ payer: PAYER, key, priceMax });
    return key;
  }

  hire(node: TestNode, options: Partial<PurserOptions> = {}): Purser {
    return node.credit.hire({ priceMax: undefined, budget: undefined, onChange() {}, ...options });
  }

  /** Has this asked, and the answer lost. */
  async unheard(asked: Promise<unknown>): Promise<void> {
    const { tamper } = this.network;
    this.network.tamper = () => {
      throw new SeaError('TIMEOUT', 'the answer is lost');
    };
    await asked.catch(() => {});
    this.network.tamper = tamper;
  }

  /** An attempt of its own. */
  subtask(): Subtask {
    const id = new Uint8Array(16);
    new DataView(id.buffer).setUint32(12, ++this.#subtasks);
    return { id, bundle };
  }

  /** Lets `ms` pass, everything running in between. */
  async pass(ms: number, stepMs = 100): Promise<void> {
    await this.settle();
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.pass(Math.min(stepMs, ms - passed));
      await this.settle();
    }
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 15; turn++) await settle();
  }
}

export const noSignal: AbortSignal = new AbortController().signal;
export const input: Uint8Array = Uint8Array.of(7, 7);
export const output: Uint8Array = Uint8Array.of(8, 8, 8);

/** A part that a map hands out and a provider takes: both ends of it. */
export class TestPart {
  readonly subtask: Subtask;
  readonly charge: Charge;
  readonly #purser: Purser;
  readonly #provider: TestNode;

  /** Throws what the till throws. */
  constructor(sea: TestSea, purser: Purser, requester: TestNode, provider: TestNode) {
    this.subtask = sea.subtask();
    this.#purser = purser;
    this.#provider = provider;
    purser.started(provider.address, this.subtask);
    this.charge = provider.credit.till.admit(requester.address, this.subtask, input);
  }

  /** Computed and accepted. */
  accept(bytes: Uint8Array = output): void {
    this.charge.computed(bytes);
    this.#purser.accepted(this.#provider.address, this.subtask, input, bytes);
  }

  /** Nothing came of it. */
  end(): void {
    this.#purser.ended(this.#provider.address, this.subtask);
  }
}
