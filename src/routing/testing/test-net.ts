/** Routers joined by hand: real links and tables over channels that deliver when told, on a clock that stands still. */

import { HashAddress } from '../../address/hash-address.ts';
import { concat, toHex } from '../../base/bytes.ts';
import { SeaError } from '../../base/errors.ts';
import { Scope } from '../../base/scope.ts';
import type { ChannelSink } from '../../link/handshake.ts';
import { Link } from '../../link/link.ts';
import type { Offence } from '../../link/link-score.ts';
import { LinkTable } from '../../link/link-table.ts';
import { ManualClock } from '../../ports/acceptance/manual-clock.ts';
import type { Channel } from '../../ports/link-factory.ts';
import { decodeLinkFrame } from '../../wire/codec.ts';
import type { LinkMessage, RoutingMessage } from '../../wire/messages.ts';
import type { Path, PathHandler } from '../path.ts';
import { prefixOf } from '../prefix.ts';
import { Router } from '../router.ts';

/** An address that begins with the given hex digits; the rest are zeros. */
export function addressOf(hex: string): HashAddress {
  return HashAddress.from(hex.padEnd(64, '0'));
}

/** One end of a channel: what is sent waits in the net's line. */
export class TestChannel implements Channel {
  readonly transport = 'memory' as const;
  readonly binding: Uint8Array = new Uint8Array();
  /** Settable, to make a pump queue. */
  bufferedBytes = 0;
  sink: ChannelSink | undefined;
  far!: TestChannel;
  readonly owner: TestNode;
  readonly #net: TestNet;
  #closed = false;

  constructor(net: TestNet, owner: TestNode) {
    this.#net = net;
    this.owner = owner;
  }

  open(): void {}

  send(frame: Uint8Array): void {
    if (this.#closed) return;
    const copy = frame.slice();
    this.#net.post(this.owner, this.far.owner, copy, () => this.far.sink?.onFrame(copy));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#net.post(this.owner, this.far.owner, undefined, () => this.far.#end());
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.sink?.onClose(new SeaError('LINK_CLOSED', 'the other end closed the channel'));
  }
}

/** What ended at a node: a path, its messages, how it ended (undefined: not yet; null: as agreed). */
export interface Arrival {
  readonly path: Path;
  readonly messages: Uint8Array[];
  /** Who answers and which nodes lie between, 16 hex digits each, as the opener hears it. */
  stood?: readonly [remote: string, hops: string];
  ended: SeaError | null | undefined;
}

/** A handler that records. */
export function recording(): PathHandler & Omit<Arrival, 'path'> {
  const messages: Uint8Array[] = [];
  return {
    messages,
    ended: undefined,
    onMessage: message => void messages.push(message),
    onStand(remote, hops) {
      this.stood = [remote.toString(), toHex(hops)];
    },
    onEnd(error) {
      this.ended = error ?? null;
    },
  };
}

export class TestNode {
  readonly address: HashAddress;
  readonly leaf: boolean;
  readonly scope: Scope;
  readonly table: LinkTable;
  readonly router: Router;
  readonly arrivals: Arrival[] = [];
  readonly offences: Offence[] = [];
  /** What a test does about an offence. */
  onOffence: (link: Link) => void = () => {};
  /** Replaces what happens when a path ends here; records by default. */
  onPath: (path: Path) => PathHandler = () => recording();

  constructor(clock: ManualClock, address: HashAddress, leaf: boolean) {
    this.address = address;
    this.leaf = leaf;
    this.scope = new Scope(clock);
    this.table = new LinkTable(address, this.scope, {
      onNeighbour() {},
      onNeighbourGone() {},
      onLinkClosed: link => this.router.linkClosed(link),
      onRouting: (link, message, payload) => this.router.receive(link, message, payload),
    });
    this.router = new Router({
      self: address,
      leaf,
      clock,
      scope: this.scope,
      table: this.table,
      offend: (link, offence) => {
        this.offences.push(offence);
        this.onOffence(link);
      },
      onPath: path => this.#accept(path),
    });
  }

  link(to: TestNode): Link {
    return this.table.get(to.address)!;
  }

  #accept(path: Path): PathHandler {
    const arrival: Arrival = { path, messages: [], ended: undefined };
    this.arrivals.push(arrival);
    const handler = this.onPath(path);
    return {
      onMessage(message) {
        arrival.messages.push(message);
        handler.onMessage(message);
      },
      onEnd(error) {
        arrival.ended = error ?? null;
        handler.onEnd(error);
      },
    };
  }
}

/** A message as it went over a link. */
export interface Passed {
  readonly from: TestNode;
  readonly to: TestNode;
  readonly message: LinkMessage | RoutingMessage;
  readonly payload: Uint8Array;
}

export class TestNet {
  readonly clock: ManualClock = new ManualClock();
  readonly passed: Passed[] = [];
  /** Nodes that keep their links and hear nothing: frozen tabs. */
  readonly frozen: Set<TestNode> = new Set();
  /** May keep a frame from arriving. */
  lose: (passed: Passed) => boolean = () => false;
  readonly #line: (() => void)[] = [];
  readonly #channels: TestChannel[] = [];
  readonly #nodes: TestNode[] = [];
  #linkCount = 0;

  node(hex: string, options: { leaf?: boolean } = {}): TestNode {
    const node = new TestNode(this.clock, addressOf(hex), options.leaf ?? false);
    this.#nodes.push(node);
    return node;
  }

  /** Links each pair and lets everybody know everybody's links. */
  async link(...pairs: readonly (readonly [TestNode, TestNode])[]): Promise<void> {
    for (const [a, b] of pairs) {
      const [near, far] = [new TestChannel(this, a), new TestChannel(this, b)];
      [near.far, far.far] = [far, near];
      this.#channels.push(near, far);
      const id = new Uint8Array(32).fill(++this.#linkCount);
      this.#attach(a, b, near, id, true);
      this.#attach(b, a, far, id, false);
    }
    await this.settle();
    for (const node of this.#nodes) this.digest(node);
    this.passed.length = 0;
  }

  /** A node's end of its channel to another. */
  channel(from: TestNode, to: TestNode): TestChannel {
    return this.#channels.find(({ owner, far }) => owner === from && far.owner === to)!;
  }

  /** Lets the neighbours of a node know its links; with `lies` they hear that instead. */
  digest(node: TestNode, lies?: readonly HashAddress[]): void {
    const addresses = lies ?? [...node.table.links()].map(link => link.address);
    const digest = concat(...addresses.map(prefixOf));
    for (const link of node.table.links()) {
      const neighbour = this.#nodes.find(({ address }) => address.equals(link.address))!;
      neighbour.table.setDigest(neighbour.link(node), digest);
    }
  }

  /** Delivers everything under way, and what that sets off. */
  async settle(): Promise<void> {
    for (let idle = 0; idle < 8; ) {
      const next = this.#line.shift();
      if (next === undefined) idle++;
      else next();
      await Promise.resolve();
    }
  }

  /** Lets time pass, and everything arrive that it brings. */
  async pass(ms: number): Promise<void> {
    await this.settle();
    this.clock.pass(ms);
    await this.settle();
  }

  /** Kinds of routing messages that passed since the last look, as "from>to kind" by first hex digits. */
  story(): string[] {
    return this.passed
      .splice(0)
      .filter(({ message }) => message.kind !== 'ping' && message.kind !== 'pong')
      .map(({ from, to, message }) => `${from.address.toString()[0]}>${to.address.toString()[0]} ${message.kind}`);
  }

  /** Sides of paths that any node still holds. */
  pathCount(): number {
    return this.#nodes.reduce((sum, { router }) => sum + router.pathCount, 0);
  }

  post(from: TestNode, to: TestNode, frame: Uint8Array | undefined, arrive: () => void): void {
    this.#line.push(() => {
      if (this.frozen.has(to)) return;
      if (frame === undefined) return arrive();
      const passed = { from, to, ...decodeLinkFrame(frame) };
      if (this.lose(passed)) return;
      this.passed.push(passed);
      arrive();
    });
  }

  #attach(owner: TestNode, other: TestNode, channel: TestChannel, id: Uint8Array, dialled: boolean): void {
    const authenticated = {
      channel,
      id,
      peer: { address: other.address, publicKey: new Uint8Array(32), leaf: other.leaf, url: null, clockOffsetMs: 0 },
      attach(sink: ChannelSink) {
        channel.sink = sink;
      },
    };
    const link = new Link(this.clock, authenticated, dialled, {
      onMessage: (from, message, payload) => owner.router.receive(from, message as RoutingMessage, payload),
      onClose: (closed, reason) => owner.table.remove(closed, reason),
      onOffence: () => owner.offences.push('badMessage'),
    });
    owner.table.add(link);
    link.start(authenticated);
  }
}
