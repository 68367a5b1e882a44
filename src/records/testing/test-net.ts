/** Nodes that reach one another at once and hold one another's records; their clocks may differ, and each can fail as a callee. */

import type { HashAddress } from '../../address/hash-address.ts';
import { addressOfKey } from '../../address/signed.ts';
import { nearest } from '../../address/xor.ts';
import type { Clock } from '../../base/clock.ts';
import { SeaError } from '../../base/errors.ts';
import { Scope } from '../../base/scope.ts';
import { ManualClock } from '../../ports/acceptance/manual-clock.ts';
import type { SigningKey } from '../../ports/crypto.ts';
import { silentLog } from '../../ports/log.ts';
import type { Body, Caller, Handler } from '../../rpc/exchange.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';
import { SimCrypto, SimKeys } from '../../sim/sim-crypto.ts';
import { Records } from '../records.ts';

export interface TestNode {
  readonly address: HashAddress;
  readonly key: SigningKey;
  readonly records: Records;
  /** Calls another node's handler, as if it were the caller. */
  call(target: HashAddress, scope: string, body: Body, by?: HashAddress): Promise<Body>;
  /** What it answers every call with instead. */
  fault: SeaError | undefined;
}

export class TestNet {
  readonly clock: ManualClock = new ManualClock();
  readonly random: SeededRandom = new SeededRandom('records');
  readonly nodes: TestNode[] = [];
  readonly #keys = new SimKeys();
  readonly #handlers = new Map<string, Handler>();

  node(offMs = 0, key: SigningKey = this.#keys.make(this.random)): TestNode {
    const address = addressOfKey(key.publicKey);
    const call = async (target: HashAddress, scope: string, body: Body, by = address): Promise<Body> => {
      const callee = this.nodes.find(node => node.address.equals(target))!;
      if (callee.fault !== undefined) throw callee.fault;
      const handler = this.#handlers.get(`${target} ${scope}`)!;
      return handler({ caller: address, direct: true, by, body, signal, send() {}, onItem() {} });
    };
    const caller = {
      call: (target: HashAddress, scope: string, body: Body) => call(target, scope, body),
      handle: (scope: string, handler: Handler) => {
        this.#handlers.set(`${address} ${scope}`, handler);
        return () => {};
      },
      open: () => {
        throw new SeaError('NO_HANDLER', 'nothing is open here');
      },
    } satisfies Caller;
    const clock: Clock = {
      now: () => this.clock.now(),
      wallMs: () => this.clock.wallMs() + offMs,
      after: (ms, fn) => this.clock.after(ms, fn),
    };
    const records = new Records({
      clock,
      random: this.random,
      scope: new Scope(clock),
      crypto: new SimCrypto(this.#keys, this.random),
      key,
      caller,
      log: silentLog,
      locate: async target => nearest(target, this.nodes).map(({ address: at }) => ({ address: at, via: undefined })),
    });
    const node = { address, key, records, call, fault: undefined };
    this.nodes.push(node);
    return node;
  }

  /** The place of an earlier node is taken by a later run of it, whose clock may differ. */
  restart(node: TestNode, offMs: number): TestNode {
    this.nodes.splice(this.nodes.indexOf(node), 1);
    return this.node(offMs, node.key);
  }
}

const { signal } = new AbortController();
