/**
 * Two nodes' cons with nothing between but this file: every request and every item passes through `tap`, which may look
 * at it, change it, or keep it. Time is virtual.
 */

import { setImmediate } from 'node:timers/promises';
import { NobleCrypto } from '../../adapters/memory/noble-crypto.ts';
import type { HashAddress } from '../../address/hash-address.ts';
import { addressOfKey } from '../../address/signed.ts';
import { abortable } from '../../base/abort.ts';
import { deferred } from '../../base/deferred.ts';
import { asSeaError, SeaError } from '../../base/errors.ts';
import { Scope } from '../../base/scope.ts';
import type { Link } from '../../link/link.ts';
import type { Crypto } from '../../ports/crypto.ts';
import { silentLog } from '../../ports/log.ts';
import type { Body, Caller, CallOptions, Exchange, Handler, Incoming } from '../../rpc/exchange.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';
import type { Con } from '../con.ts';
import { Cons } from '../cons.ts';

export type Way = 'request' | 'forward' | 'back';
/** What arrives in place of what was sent; undefined: nothing. */
export type Tap = (body: Body, way: Way, from: TestPeer) => Body | undefined;

export interface TestPeer {
  readonly address: HashAddress;
  readonly cons: Cons;
  readonly scope: Scope;
  /** Cons that others opened. */
  readonly answered: Con[];
  readonly handlers: Map<string, Handler>;
  offences: number;
  pins: number;
}

const DELAY_MS = 5;

export class ConPair {
  readonly clock: VirtualClock;
  readonly random = new SeededRandom('con pair');
  readonly a: TestPeer;
  readonly b: TestPeer;
  tap: Tap = body => body;
  /** A link of their own stands between the two. */
  linked = false;
  /** Nothing passes; exchanges end as with a broken path. */
  cut = false;
  requests = 0;
  /** Times that a link of their own was asked for. */
  directAsked = 0;
  /** Asking for one takes for ever; these are the signals of those who ask. */
  dialsHang = false;
  readonly dials: AbortSignal[] = [];
  readonly #links = new Map<TestPeer, Link>();
  readonly #breaks = new Set<() => void>();

  private constructor(clock: VirtualClock, a: TestPeer, b: TestPeer) {
    this.clock = clock;
    this.a = a;
    this.b = b;
  }

  static async make(tune: (crypto: Crypto) => Crypto = crypto => crypto): Promise<ConPair> {
    const world: { pair?: ConPair } = {};
    const pairOf = (): ConPair => world.pair!;
    const clock = new VirtualClock();
    const make = async (name: string): Promise<TestPeer> => {
      const random = new SeededRandom(name);
      const crypto = tune(new NobleCrypto(random));
      const key = await crypto.passingKey();
      const scope = new Scope(clock);
      const handlers = new Map<string, Handler>();
      const answered: Con[] = [];
      const peer: { -readonly [K in keyof TestPeer]: TestPeer[K] } = {
        address: addressOfKey(key.publicKey),
        cons: undefined as unknown as Cons,
        scope,
        answered,
        handlers,
        offences: 0,
        pins: 0,
      };
      const caller: Caller = {
        call: async () => ({ value: null }),
        open: (to, scopeName, body, options) => pairOf().open(peer, to, scopeName, body, options),
        handle: (scopeName, handler) => {
          handlers.set(scopeName, handler);
          return () => handlers.delete(scopeName);
        },
      };
      peer.cons = new Cons({
        self: peer.address,
        key,
        crypto,
        clock,
        random,
        scope,
        caller,
        log: silentLog,
        link: () => pairOf().link(peer),
        direct: async (_, signal) => {
          pairOf().directAsked++;
          pairOf().dials.push(signal);
          if (pairOf().dialsHang) await abortable(deferred<never>().promise, signal);
          if (!pairOf().linked) throw new SeaError('DIAL_FAILED', 'no way in this test');
        },
        pin: () => {
          peer.pins++;
          return () => peer.pins--;
        },
        offend: () => peer.offences++,
        listening: () => true,
        onConnection: con => answered.push(con),
      });
      peer.cons.start();
      return peer;
    };
    const pair = new ConPair(clock, await make('a'), await make('b'));
    world.pair = pair;
    return pair;
  }

  link(peer: TestPeer): Link | undefined {
    if (!this.linked) return undefined;
    const known = this.#links.get(peer) ?? ({ open: true, direct: true, transport: 'memory' } as unknown as Link);
    this.#links.set(peer, known);
    return known;
  }

  /** Ends every exchange, as a lost hop would. */
  breakAll(): void {
    for (const end of [...this.#breaks]) end();
  }

  async run(durationMs: number): Promise<void> {
    const untilMs = this.clock.now() + durationMs;
    await setImmediate();
    while (this.clock.step(untilMs)) await setImmediate();
    await setImmediate();
  }

  /** An exchange of which `from` is the caller; who that is said to be can be another. */
  open(
    from: TestPeer,
    to: HashAddress,
    scope: string,
    body: Body,
    { onItem, timeoutMs = 10_000 }: CallOptions = {},
    claimed: HashAddress = from.address,
  ): Exchange {
    this.requests++;
    const callee = to.equals(this.a.address) ? this.a : this.b;
    const direct = this.linked;
    const line = new TestLine(this, from, callee, onItem, direct ? undefined : claimed.randomise(0, this.random));
    this.#breaks.add(line.break);
    from.scope.after(timeoutMs, line.break);
    line.result.then(
      () => this.#breaks.delete(line.break),
      () => this.#breaks.delete(line.break),
    );
    line.pass(body, 'request', from, request => line.begin(callee.handlers.get(scope)!, request, claimed, direct));
    return line;
  }
}

class TestLine implements Exchange {
  readonly result: Promise<Body>;
  readonly by: HashAddress | undefined;
  readonly break = (): void => this.#end(new SeaError('PEER_GONE', 'a hop went away'));
  readonly #pair: ConPair;
  readonly #from: TestPeer;
  readonly #callee: TestPeer;
  readonly #onItem: ((item: Body) => void) | undefined;
  readonly #controller = new AbortController();
  #settle!: { resolve(body: Body): void; reject(error: unknown): void };
  #listener: ((item: Body) => void) | undefined;
  #early: Body[] = [];
  #over = false;

  constructor(
    pair: ConPair,
    from: TestPeer,
    callee: TestPeer,
    onItem: ((item: Body) => void) | undefined,
    relay: HashAddress | undefined,
  ) {
    this.#pair = pair;
    this.#from = from;
    this.#callee = callee;
    this.#onItem = onItem;
    this.by = relay ?? callee.address;
    this.result = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.result.catch(() => {});
  }

  begin(handler: Handler, body: Body, caller: HashAddress, direct: boolean): void {
    const incoming: Incoming = {
      caller,
      direct,
      by: direct ? caller : this.by,
      body,
      signal: this.#controller.signal,
      send: item => this.pass(item, 'back', this.#callee, passed => this.#onItem?.(passed)),
      onItem: listener => {
        this.#listener = listener;
        for (const item of this.#early.splice(0)) listener(item);
      },
    };
    handler(incoming).then(
      body => this.#pair.clock.after(DELAY_MS, () => this.#over || this.#finish(() => this.#settle.resolve(body))),
      error => this.#pair.clock.after(DELAY_MS, () => this.#end(asSeaError(error))),
    );
  }

  send(item: Body): void {
    this.pass(item, 'forward', this.#from, passed => {
      if (this.#listener === undefined) this.#early.push(passed);
      else this.#listener(passed);
    });
  }

  cancel(): void {
    this.#end(new SeaError('ABORTED', 'the caller gave up'));
  }

  /** Delivers after the delay, in order, what the tap lets through. */
  pass(body: Body, way: Way, from: TestPeer, deliver: (body: Body) => void): void {
    if (this.#over || this.#pair.cut) return;
    this.#pair.clock.after(DELAY_MS, () => {
      const passed = this.#over || this.#pair.cut ? undefined : this.#pair.tap(body, way, from);
      if (passed === undefined) return;
      try {
        deliver(passed);
      } catch (error) {
        this.#end(asSeaError(error)); // as rpc does: the exchange is over
      }
    });
  }

  #end(error: SeaError): void {
    if (this.#over) return;
    this.#finish(() => this.#settle.reject(error));
  }

  #finish(act: () => void): void {
    this.#over = true;
    act();
    this.#controller.abort(new SeaError('PEER_GONE', 'the exchange is over'));
  }
}
