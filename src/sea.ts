/**
 * The facade: composes the layers bottom-up in one visible list, owns the root scope, emits the public events. It
 * decides nothing; a decision found here belongs further down. Nothing moves before `goOnline`.
 */

import { addressOf, type HashAddress } from './address/hash-address.ts';
import { checkAborted } from './base/abort.ts';
import { SeaError } from './base/errors.ts';
import { Events } from './base/events.ts';
import { checkFunction, checkGiven, checkOptions, checkText } from './base/given.ts';
import { Scope } from './base/scope.ts';
import type { Blocks } from './blocks/blocks.ts';
import type { Bundle } from './compute/bundle.ts';
import type { Compute } from './compute/compute.ts';
import type { MapOptions } from './compute/map-options.ts';
import type { ContributionStatus } from './compute/provider.ts';
import type { MapResult } from './compute/result-buffer.ts';
import type { Con } from './con/con.ts';
import type { Cons } from './con/cons.ts';
import type { Credit } from './credit/credit.ts';
import { LINKS_MAX_DEFAULT } from './link/limits.ts';
import type { LinkTableHandler } from './link/link-table.ts';
import { Links } from './link/links.ts';
import { Membership } from './membership/membership.ts';
import { PeerCache } from './membership/peer-cache.ts';
import { SeaSignaller } from './membership/signalling.ts';
import { localNode, type NodeIdentity, nodeIdentity } from './node-identity.ts';
import type { Platform } from './platform.ts';
import { type Log, silentLog } from './ports/log.ts';
import type { Chan } from './pubsub/chan.ts';
import type { Channels } from './pubsub/channels.ts';
import type { AnnounceOptions, FoundList, Records, Standing } from './records/records.ts';
import { Router } from './routing/router.ts';
import { type Argument, packArguments, unpackArguments } from './rpc/arguments.ts';
import type { CallRoute } from './rpc/exchange.ts';
import { Rpc } from './rpc/rpc.ts';
import {
  type AppHandler,
  type CallWithOptions,
  checkName,
  entryUrls,
  type JoinOptions,
  type LinkInfo,
  linkInfo,
  type SeaEvents,
  type SeaOptions,
  tellingLog,
} from './sea-api.ts';
import { makeServices } from './services.ts';
import type { Storage } from './storage/storage.ts';

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
  readonly #cons: Cons;
  readonly #channels: Channels;
  readonly #compute: Compute;
  /** What computing for others earns, and computing by others costs. */
  readonly credit: Credit;
  /** Contents by their hash, kept here and fetched from nodes that offer them. */
  readonly blocks: Blocks;
  /** Files as sealed shards on other nodes' devices, and room lent for theirs. */
  readonly storage: Storage;

  /** A node on the given platform, offline. NO_STORAGE when the kept identity cannot be had. */
  static async create(platform: Platform, options: SeaOptions = {}): Promise<Sea> {
    const scope = new Scope(platform.clock);
    scope.defer(() => platform.close()); // deferred first, so run last
    const sea = new Sea(platform, options, scope, await nodeIdentity(platform, options, scope));
    await sea.#start(platform);
    return sea;
  }

  private constructor(platform: Platform, options: SeaOptions, scope: Scope, identity: NodeIdentity) {
    const { clock, random, crypto, factory } = platform;
    const quiet = options.log ?? silentLog;
    const log = tellingLog(quiet, warning => this.#events.emit('warning', warning));
    const { key, holdsDevice } = identity;
    const local = localNode(key, options);
    const { address: self, leaf, url } = local;
    this.#options = options;
    this.#scope = scope;
    this.#self = self;
    this.#events = new Events((error, event) =>
      (event === 'warning' ? quiet : log).write('error', 'a listener threw', { event, error }),
    );

    const onRoute = (route: CallRoute): void => this.#events.emit('route', route);
    this.#rpc = new Rpc({ clock, random, scope: scope.fork(), log, router: () => this.#router, onRoute });
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
      onOnline: () => this.#placed(true),
      onOffline: () => this.#placed(false),
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
    const overlay = { events: this.#events, rpc: this.#rpc, links: this.#links, membership: this.#membership };
    const services = makeServices(platform, { ...overlay, self, key, holdsDevice, log, scope });
    this.#records = services.records;
    this.#cons = services.cons;
    this.#channels = services.channels;
    this.credit = services.credit;
    this.#compute = services.compute;
    this.blocks = services.blocks;
    this.storage = services.storage;
    this.#cache = cache;
  }

  /** This node has got its place in the sea, or lost it. */
  #placed(online: boolean): void {
    if (online) {
      this.#records.online();
      this.#channels.online();
    } else this.#channels.offline();
    this.#events.emit(online ? 'online' : 'offline', undefined);
  }

  /** What links bring, to whom it belongs. */
  #linkHandler(log: Log): LinkTableHandler {
    return {
      onNeighbour: link => {
        this.#membership.neighbourOpened(link);
        this.credit.linkOpened(link.address);
        this.#compute.linkOpened(link.address);
        this.#cons.linkOpened(link.address);
        this.#events.emit('links', undefined);
      },
      onNeighbourGone: (address, reason) => {
        log.write('debug', 'a neighbour is gone', { peer: address.toString(), reason: reason.message });
        this.#compute.linkClosed(address);
        this.#membership.neighbourGone(address, reason);
        this.#events.emit('links', undefined);
      },
      onLinkClosed: link => this.#router.linkClosed(link),
      onRouting: (link, message, payload) => this.#router.receive(link, message, payload),
    };
  }

  async #start(platform: Platform): Promise<void> {
    await this.#cache.load();
    this.#membership.start();
    this.#cons.start();
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
    return [...table.links()].map(link => linkInfo(link, table.pins(link.address)));
  }

  online(): boolean {
    return this.#membership.online;
  }

  /**
   * Joins the sea by any of the given nodes (raced; websocket URLs, one alone needs no list), by nodes met before, or by another
   * tab of this origin. Resolves once this node has its place. Throws BAD_ARGUMENT for what is no ws: or wss: URL, NO_BOOTSTRAP
   * after a minute without an answer, ABORTED, CLOSED.
   */
  async goOnline(
    bootstraps: string | readonly string[] = this.#options.bootstraps ?? [],
    options: JoinOptions = {},
  ): Promise<void> {
    checkAborted(this.#scope.signal);
    const entries = entryUrls(bootstraps);
    checkOptions('goOnline', options, 'signal, timeoutMs');
    await this.#membership.join(entries, options.signal ?? this.#scope.signal, options.timeoutMs);
  }

  /** Leaves the sea: every link is closed. Work in hand ends with CLOSED or PEER_GONE. */
  async goOffline(): Promise<void> {
    this.#membership.leave();
  }

  /** Hears an event; returns a function that stops. */
  on<Name extends keyof SeaEvents>(name: Name, listener: (detail: SeaEvents[Name]) => void): () => void {
    checkText('an event', name);
    checkFunction('a listener', listener);
    return this.#events.on(name, listener);
  }

  // --- Calls ---

  /** Answers calls from anywhere in the sea. BAD_ARGUMENT for a scope that is taken or the platform's own. */
  handle(scope: string, handler: AppHandler): () => void {
    checkName(scope);
    checkFunction('a handler', handler);
    return this.#rpc.handle(scope, async ({ body }) => packArguments([await handler(...unpackArguments(body))]));
  }

  /** Calls a handler at any address. See `callWith` for errors. */
  async call(address: HashAddress | string, scope: string, ...args: Argument[]): Promise<Argument> {
    return this.callWith({}, address, scope, ...args);
  }

  /**
   * As `call`, with a deadline (default 10 s) and an AbortSignal. Throws NO_ROUTE, PEER_GONE, TIMEOUT, ABORTED, NO_HANDLER,
   * HANDLER_FAILED or the SeaError code that the handler threw, OVERLOADED, TOO_LARGE, BAD_ARGUMENT, NOT_ONLINE.
   */
  async callWith(
    options: CallWithOptions,
    address: HashAddress | string,
    scope: string,
    ...args: Argument[]
  ): Promise<Argument> {
    checkOptions('callWith', options, 'signal, timeoutMs, nearest');
    const target = addressOf(address);
    this.#checkOnline(target.equals(this.#self));
    const { value, payload } = await this.#rpc.call(target, scope, packArguments(args), options);
    return unpackArguments({ value, payload })[0];
  }

  // --- Announcing and finding ---

  /**
   * Announces a small value (at most 1 KiB) under a key and keeps it up until stopped: the nodes nearest to the key hold it,
   * signed and expiring. BAD_ARGUMENT, TOO_LARGE, OVERLOADED.
   */
  announce(key: string, value: Uint8Array, options: AnnounceOptions = {}): Standing {
    checkName(key);
    checkGiven(value instanceof Uint8Array, 'what is announced is a Uint8Array', value);
    checkOptions('announce', options, 'lifetimeMs, alone');
    return this.#records.announce(key, value, options);
  }

  /**
   * What is announced under a key, each announcer's newest; `more` where that is perhaps not all. An announced tag is a key:
   * `find({ tags })` gives who has them all. BAD_ARGUMENT.
   */
  async find(query: string | { readonly tags: readonly string[] }, signal?: AbortSignal): Promise<FoundList> {
    if (typeof query === 'string') return this.#records.find(query, signal);
    checkGiven(Array.isArray(query?.tags), 'it takes a key or { tags }', query);
    return this.#records.findTagged(query.tags, signal);
  }

  // --- Connections ---

  /**
   * A con to any node that takes them, at once; it opens meanwhile ('connect'), or ends ('disconnect', with the reason).
   * Throws NOT_ONLINE, SELF_LINK, OVERLOADED, CLOSED, BAD_ARGUMENT.
   */
  connect(remote: HashAddress | string): Con {
    const address = addressOf(remote);
    this.#checkOnline();
    return this.#cons.connect(address);
  }

  // --- Channels ---

  /**
   * A handle of the channel of that id: what is sent there reaches every member. The node is a member from the first handle
   * to the last. BAD_ARGUMENT, OVERLOADED, CLOSED.
   */
  join(channelId: string): Chan {
    return this.#channels.join(channelId);
  }

  // --- Computing ---

  /** Offers this device's slots, 0 to 128, to the sea; 0 stops at once. BAD_ARGUMENT. */
  contribute(options: { slots: number }): void {
    checkOptions('contribute', options, 'slots');
    this.#compute.contribute(options);
    this.credit.setSlots(options.slots);
  }

  contribution(): ContributionStatus {
    return this.#compute.status();
  }

  /**
   * Computes a task on every input, on the sea's devices: lazy, backpressured, in order unless asked otherwise. Leaving the loop
   * takes the work back. The iteration throws BAD_ARGUMENT, NOT_WASM, NO_ABI, UNSUPPORTED, MEMORY_LIMIT (the task or the
   * inputs), NOT_ONLINE, INPUT_TOO_LARGE, TASK_TRAPPED, TASK_TIMEOUT, OUTPUT_TOO_LARGE (naming the part), DISAGREEMENT,
   * NO_PROVIDER after 30 s, BUDGET_SPENT, PAYMENT_REQUIRED, PRICE_TOO_HIGH, HOST_FAILURE, ABORTED, and what the source throws.
   */
  map(
    task: Uint8Array | Bundle,
    inputs: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    options?: MapOptions,
  ): AsyncIterable<MapResult> {
    return this.#compute.map(task, inputs, options);
  }

  /** Nobody is needed for what a node asks of itself. Throws CLOSED, NOT_ONLINE. */
  #checkOnline(isAlone = false): void {
    checkAborted(this.#scope.signal);
    if (!isAlone && !this.online()) throw new SeaError('NOT_ONLINE', 'call goOnline() first');
  }

  /** Goes offline for good and gives everything back. Idempotent. */
  async close(): Promise<void> {
    const closed = new SeaError('CLOSED', 'this node was closed');
    this.#cons.close(closed);
    this.#membership.leave();
    await this.#cache.save();
    this.#scope.close(closed);
  }
}
