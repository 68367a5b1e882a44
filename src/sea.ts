/**
 * The facade: composes the layers bottom-up in one visible list, owns the root scope, emits the public events. It
 * decides nothing; a decision found here belongs further down. Nothing moves before `goOnline`.
 */

import type { HashAddress } from './address/hash-address.ts';
import { addressOfKey } from './address/signed.ts';
import type { Clock } from './base/clock.ts';
import { asSeaError, SeaError } from './base/errors.ts';
import { Events } from './base/events.ts';
import type { Random } from './base/random.ts';
import { Scope } from './base/scope.ts';
import type { Bundle } from './compute/bundle.ts';
import { Compute } from './compute/compute.ts';
import type { MapOptions } from './compute/map-options.ts';
import type { ContributionStatus } from './compute/provider.ts';
import type { MapResult } from './compute/result-buffer.ts';
import type { LocalNode } from './link/handshake.ts';
import { LINKS_MAX_DEFAULT } from './link/limits.ts';
import type { LinkTableHandler } from './link/link-table.ts';
import { Links } from './link/links.ts';
import { Membership } from './membership/membership.ts';
import { PeerCache } from './membership/peer-cache.ts';
import { SeaSignaller } from './membership/signalling.ts';
import type { BlockStore } from './ports/block-store.ts';
import type { Crypto, SigningKey } from './ports/crypto.ts';
import type { DeviceLock } from './ports/device-lock.ts';
import type { LinkFactory, Listener, Transport } from './ports/link-factory.ts';
import { type Log, silentLog } from './ports/log.ts';
import type { SmallStore } from './ports/small-store.ts';
import type { TaskRunner } from './ports/task-runner.ts';
import { type AnnounceOptions, type Found, Records, type Standing } from './records/records.ts';
import { Router } from './routing/router.ts';
import { type Argument, packArguments, unpackArguments } from './rpc/arguments.ts';
import { Rpc } from './rpc/rpc.ts';

/** Everything the core needs of the outside world. */
export interface Platform {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly factory: LinkFactory;
  /** Where newcomers may knock: a websocket server, the other tabs of this origin. */
  readonly listeners: readonly Listener[];
  readonly smallStore: SmallStore;
  readonly blocks: BlockStore;
  readonly lock: DeviceLock;
  readonly runner: TaskRunner;
  /** Ways in that need no configuration, e.g. `tab:`. */
  readonly standingEntries: readonly string[];
  /** Gives back what the platform holds; called last. */
  close(): void;
}

export interface SeaOptions {
  /** Nodes of different network ids never link. Default 'peersea'. */
  readonly networkId?: string | undefined;
  /** Websocket URLs of nodes to enter by; used by goOnline() without arguments. */
  readonly bootstraps?: readonly string[] | undefined;
  /** 'kept': this device's own identity (a second tab gets a passing one). 'passing': a fresh one. Default 'kept'. */
  readonly identity?: 'kept' | 'passing' | undefined;
  /** Live WebRTC links at most. Default 48. */
  readonly linksMax?: number | undefined;
  /** Routes for nobody (phones). Default false. */
  readonly leaf?: boolean | undefined;
  /** Where this node listens for websockets, for others to remember. */
  readonly url?: string | undefined;
  readonly log?: Log | undefined;
}

/** One link as a person would look at it. */
export interface LinkInfo {
  readonly address: HashAddress;
  readonly transport: Transport;
  readonly rttMs: number | undefined;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** The clock's time at its opening, ms. */
  readonly sinceMs: number;
  /** Why the link is held beyond its use for routing. */
  readonly pins: readonly string[];
}

export interface SeaEvents {
  /** This node has its place in the sea. */
  online: undefined;
  /** The last link is gone, or goOffline was called. */
  offline: undefined;
  /** The set of links changed. */
  links: undefined;
  /** What this device contributes, or its running parts, changed. */
  contribution: ContributionStatus;
  /** Something went wrong that no call reports. */
  warning: SeaError;
}

export interface JoinOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface CallWithOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/** Answers an application's call. May return what `call` may pass; what it throws reaches the caller as a code. */
export type AppHandler = (...args: Argument[]) => Argument | Promise<Argument>;

/** Applications call each other under scopes of their own. */
const reserved = /^(sea|compute|records|con|blocks|pubsub|storage|credit|reputation):/;

export class Sea {
  readonly #options: SeaOptions;
  readonly #events: Events<SeaEvents>;
  readonly #scope: Scope;
  readonly #self: HashAddress;
  readonly #rpc: Rpc;
  readonly #router: Router;
  readonly #links: Links;
  readonly #cache: PeerCache;
  readonly #membership: Membership;
  readonly #records: Records;
  readonly #compute: Compute;

  /** A node on the given platform, offline. NO_STORAGE when the kept identity cannot be had. */
  static async create(platform: Platform, options: SeaOptions = {}): Promise<Sea> {
    const scope = new Scope(platform.clock);
    scope.defer(() => platform.close()); // deferred first, so run last
    const key = await nodeKey(platform, options, scope);
    const sea = new Sea(platform, options, scope, key);
    await sea.#start(platform);
    return sea;
  }

  private constructor(platform: Platform, options: SeaOptions, scope: Scope, key: SigningKey) {
    const { clock, random, crypto, factory } = platform;
    const log = options.log ?? silentLog;
    const local = localNode(key, options);
    const { address: self, leaf, url } = local;
    this.#options = options;
    this.#scope = scope;
    this.#self = self;
    this.#events = new Events(error => log.write('error', 'a listener threw', { error: String(error) }));

    this.#rpc = new Rpc({ clock, random, scope: scope.fork(), log, router: () => this.#router });
    const cache = new PeerCache(platform.smallStore, log);
    this.#membership = new Membership({
      self,
      leaf,
      url,
      clock,
      random,
      scope: scope.fork(),
      log,
      cache,
      caller: this.#rpc,
      links: () => this.#links,
      router: () => this.#router,
      standingEntries: platform.standingEntries,
      onOnline: () => this.#events.emit('online', undefined),
      onOffline: () => this.#events.emit('offline', undefined),
    });
    this.#links = new Links({
      clock,
      random,
      crypto,
      local,
      factory,
      scope: scope.fork(),
      signaller: new SeaSignaller(this.#rpc),
      policy: this.#membership,
      linksMax: options.linksMax ?? LINKS_MAX_DEFAULT,
      handler: this.#linkHandler(log),
    });
    this.#router = new Router({
      self,
      leaf,
      clock,
      scope: scope.fork(),
      table: this.#links.table,
      offend: (link, offence) => this.#links.offend(link, offence),
      onPath: path => this.#rpc.accept(path),
    });
    this.#records = new Records({
      clock,
      random,
      crypto,
      key,
      log,
      scope: scope.fork(),
      caller: this.#rpc,
      locate: target => this.#membership.locate(target),
    });
    this.#compute = new Compute({
      clock,
      random,
      self,
      log,
      scope: scope.fork(),
      caller: this.#rpc,
      runner: platform.runner,
      blocks: platform.blocks,
      neighbours: () => this.connections(),
      pin: (address, reason) => this.#links.table.pin(address, reason),
      onStatus: status => this.#events.emit('contribution', status),
    });
    this.#cache = cache;
  }

  /** What links bring, to whom it belongs. */
  #linkHandler(log: Log): LinkTableHandler {
    return {
      onNeighbour: link => {
        this.#membership.neighbourOpened(link);
        this.#compute.linkOpened(link.address);
        this.#events.emit('links', undefined);
      },
      onNeighbourGone: (address, reason) => {
        log.write('debug', 'a neighbour is gone', { peer: address.toString(), reason: reason.message });
        this.#compute.linkClosed(address);
        this.#membership.neighbourGone(address);
        this.#events.emit('links', undefined);
      },
      onLinkClosed: link => this.#router.linkClosed(link),
      onRouting: (link, message, payload) => this.#router.receive(link, message, payload),
    };
  }

  async #start(platform: Platform): Promise<void> {
    await this.#cache.load();
    this.#membership.start();
    for (const listener of platform.listeners) {
      this.#scope.defer(await listener.listen(channel => this.#links.accept(channel)));
    }
  }

  // --- Being in the sea ---

  localId(): HashAddress {
    return this.#self;
  }

  /** The addresses of the linked peers. */
  connections(): HashAddress[] {
    return [...this.#links.table.links()].map(link => link.address);
  }

  /** The links in detail. */
  links(): LinkInfo[] {
    const { table } = this.#links;
    return [...table.links()].map(link => ({
      address: link.address,
      transport: link.transport,
      rttMs: link.rttMs,
      bytesIn: link.bytesIn,
      bytesOut: link.bytesOut,
      sinceMs: link.openedMs,
      pins: table.pins(link.address),
    }));
  }

  online(): boolean {
    return this.#membership.online;
  }

  /**
   * Joins the sea by any of the given nodes (raced), by nodes met before, or by another tab of this origin. Resolves
   * once this node has its place. Throws NO_BOOTSTRAP after a minute without an answer, ABORTED, CLOSED.
   */
  async goOnline(
    bootstraps: readonly string[] = this.#options.bootstraps ?? [],
    options: JoinOptions = {},
  ): Promise<void> {
    if (this.#scope.closed) throw new SeaError('CLOSED', 'this node was closed');
    await this.#membership.join(bootstraps, options.signal ?? this.#scope.signal, options.timeoutMs);
  }

  /** Leaves the sea: every link is closed. Work in hand ends with CLOSED or PEER_GONE. */
  async goOffline(): Promise<void> {
    this.#membership.leave();
  }

  /** Hears an event; returns a function that stops. */
  on<Name extends keyof SeaEvents>(name: Name, listener: (detail: SeaEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  // --- Calls ---

  /** Answers calls from anywhere in the sea. BAD_ARGUMENT for a scope that is taken or the platform's own. */
  handle(scope: string, handler: AppHandler): () => void {
    if (reserved.test(scope))
      throw new SeaError('BAD_ARGUMENT', `the scope ${JSON.stringify(scope)} belongs to the platform`);
    return this.#rpc.handle(scope, async ({ body }) => packArguments([await handler(...unpackArguments(body))]));
  }

  /** Calls a handler at any address. See `callWith` for errors. */
  async call(address: HashAddress, scope: string, ...args: Argument[]): Promise<Argument> {
    return this.callWith({}, address, scope, ...args);
  }

  /**
   * As `call`, with a deadline (default 10 s) and an AbortSignal. Throws NO_ROUTE, PEER_GONE, TIMEOUT, ABORTED, NO_HANDLER,
   * HANDLER_FAILED or the SeaError code that the handler threw, OVERLOADED, TOO_LARGE, BAD_ARGUMENT, NOT_ONLINE.
   */
  async callWith(
    options: CallWithOptions,
    address: HashAddress,
    scope: string,
    ...args: Argument[]
  ): Promise<Argument> {
    if (!this.online() && !address.equals(this.#self)) throw new SeaError('NOT_ONLINE', 'call goOnline() first');
    const { value, payload } = await this.#rpc.call(address, scope, packArguments(args), options);
    return unpackArguments({ value, payload })[0];
  }

  // --- Announcing and finding ---

  /**
   * Announces a small value (at most 1 KiB) under a key and keeps it up until stopped: the nodes nearest to the key hold it,
   * signed and expiring. BAD_ARGUMENT, TOO_LARGE, OVERLOADED.
   */
  announce(key: string, value: Uint8Array, options?: AnnounceOptions): Standing {
    return this.#records.announce(key, value, options);
  }

  /** What is announced under a key, each announcer's newest. An announced tag is a key: `find({ tags })` gives who has them all. */
  async find(query: string | { readonly tags: readonly string[] }, signal?: AbortSignal): Promise<Found[]> {
    return typeof query === 'string' ? this.#records.find(query, signal) : this.#records.findTagged(query.tags, signal);
  }

  // --- Computing ---

  /** Offers this device's slots to the sea; 0 stops at once. */
  contribute(options: { slots: number }): void {
    this.#compute.contribute(options);
  }

  contribution(): ContributionStatus {
    return this.#compute.status();
  }

  /** Computes a task on every input, on the sea's devices: lazy, backpressured, in order unless asked otherwise. */
  map(
    task: Uint8Array | Bundle,
    inputs: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    options?: MapOptions,
  ): AsyncIterable<MapResult> {
    return this.#compute.map(task, inputs, options);
  }

  /** Goes offline for good and gives everything back. Idempotent. */
  async close(): Promise<void> {
    this.#membership.leave();
    await this.#cache.save();
    this.#scope.close();
  }
}

function localNode(key: SigningKey, { networkId = 'peersea', leaf = false, url }: SeaOptions): LocalNode {
  return { key, address: addressOfKey(key.publicKey), networkId, leaf, url: url ?? null };
}

/** The kept identity where this process gets the device's lock on it, else one for this process alone. */
async function nodeKey(platform: Platform, options: SeaOptions, scope: Scope): Promise<SigningKey> {
  if (options.identity !== 'passing') {
    try {
      const release = await platform.lock.acquire('node-key');
      if (release !== undefined) {
        scope.defer(release);
        return await platform.crypto.keptKey('node');
      }
    } catch (error) {
      options.log?.write('warn', 'the kept identity cannot be had; going on with a passing one', {
        error: asSeaError(error).message,
      });
    }
  }
  return platform.crypto.passingKey();
}
