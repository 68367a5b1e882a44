/**
 * Recursive routing over live links. A message opens a *path*: each hop says "taken" within a second or is passed over,
 * hands the message to its best neighbour, tries the next best when that one refuses, and remembers the way, so that
 * everything that follows, and every reply, takes the same path. Nothing is dropped silently: whoever cannot go on says
 * so to the hop before it. Sources: R/Kademlia (Heep 2010) for the recursion, R5N (Evans & Grothoff 2011) for routes
 * among nodes that cannot all connect.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Clock } from '../base/clock.ts';
import { errorCode, errorNumber, SeaError, type ErrorCode } from '../base/errors.ts';
import type { Scope } from '../base/scope.ts';
import type { Link } from '../link/link.ts';
import type { LinkTable } from '../link/link-table.ts';
import type { Offence } from '../link/link-score.ts';
import type { TrafficClass } from '../link/pump.ts';
import { HOPS_MAX, VISITED_MAX } from '../wire/limits.ts';
import type { Data, Refused, Route, RoutingMessage } from '../wire/messages.ts';
import {
  HOP_TIMEOUT_MS,
  PATH_IDLE_MS,
  PATH_TIMEOUT_MS,
  PATHS_PER_LINK_MAX,
  REASSEMBLY_BYTES_MAX,
  SMALL_MESSAGE_BYTES,
} from './limits.ts';
import type { Hop, Side } from './hop.ts';
import { LinkPaths } from './link-paths.ts';
import { nextHop } from './next-hop.ts';
import { type Fragment, fragments, type Path, PathEnd, type PathHandler } from './path.ts';
import { prefixOf, withPrefixes } from './prefix.ts';

export interface RouterOptions {
  readonly self: HashAddress;
  /** A leaf hands on nobody's messages. */
  readonly leaf: boolean;
  readonly clock: Clock;
  readonly scope: Scope;
  readonly table: LinkTable;
  offend(link: Link, offence: Offence): void;
  /** A path from elsewhere ends here; its first message follows. */
  onPath(path: Path): PathHandler;
}

export interface OpenOptions {
  readonly via?: HashAddress | undefined;
  readonly nearest?: boolean | undefined;
}

export class Router {
  readonly #options: RouterOptions;
  readonly #self: HashAddress;
  readonly #paths = new Map<Link, LinkPaths>();
  readonly #hopOfEnd = new Map<PathEnd, Hop>();

  constructor(options: RouterOptions) {
    this.#options = options;
    this.#self = options.self;
    options.scope.defer(() => {
      for (const hop of [...this.#hopOfEnd.values()]) this.#finish(hop, 'CLOSED');
    });
  }

  /** Paths that this node holds a part of. */
  get pathCount(): number {
    let count = 0;
    for (const paths of this.#paths.values()) count += paths.size;
    return count;
  }

  /** Opens a path and sends its first message. Failures come through the handler. */
  open(target: HashAddress, options: OpenOptions, first: Uint8Array, handler: PathHandler, last = false): Path {
    const [head, ...rest] = fragments(first, last);
    const end = new PathEnd(target, this.#options.table.has(target), this);
    end.listen(handler);
    const route: Route = {
      kind: 'route',
      pathId: 0,
      source: this.#self,
      target,
      via: options.via ?? null,
      nearest: options.nearest ?? false,
      hopsLeft: HOPS_MAX,
      visited: prefixOf(this.#self),
      more: head!.more,
    };
    const hop = this.#makeHop(route, { at: 'self', end }, head!.bytes);
    hop.outbox = rest;
    this.#hopOfEnd.set(end, hop);
    if (target.equals(this.#self)) this.#deliver(hop);
    else this.#advance(hop);
    return end;
  }

  /** A routing message came over a link. */
  receive(link: Link, message: RoutingMessage, payload: Uint8Array): void {
    const paths = this.#pathsOf(link);
    if (message.kind === 'route') return this.#accept(link, paths, message, payload);
    const forward = message.kind === 'data' || message.kind === 'broken' ? message.forward : false;
    const hop = paths.get(forward ? 'accepted' : 'opened', message.pathId);
    if (hop === undefined) return; // late word of a path that is over
    hop.movedMs = this.#options.clock.now();
    switch (message.kind) {
      case 'taken':
        return this.#taken(hop);
      case 'ready':
        return this.#ready(hop, message.target);
      case 'refused':
        return this.#refused(hop, message);
      case 'data':
        return this.#carry(hop, link, message, payload);
      case 'broken':
        return this.#brokenBy(hop, forward, errorCode(message.code));
    }
  }

  /** A link is gone: every path over it ends, or seeks another way if it does not stand yet. */
  linkClosed(link: Link): void {
    const paths = this.#paths.get(link);
    if (paths === undefined) return;
    this.#paths.delete(link);
    for (const hop of paths.all()) {
      if (hop.state === 'seeking' && hop.next?.at === 'link' && hop.next.link === link) this.#retry(hop);
      else this.#finish(hop, 'PEER_GONE', link);
    }
  }

  /** Once a beat: forgets paths over which nothing moves. */
  beat(): void {
    const oldest = this.#options.clock.now() - PATH_IDLE_MS;
    for (const paths of this.#paths.values()) {
      for (const hop of paths.all()) if (hop.movedMs < oldest) this.#finish(hop, 'TIMEOUT');
    }
  }

  // --- FragmentSink: what the ends at this node send ---

  fragment(end: PathEnd, fragment: Fragment): void {
    const hop = this.#hopOfEnd.get(end);
    if (hop === undefined) return;
    const forward = this.#isOpener(hop, end);
    const far = forward ? hop.next : hop.previous;
    if (far === undefined || (forward && hop.state === 'seeking' && !this.#reaches(hop, far)))
      hop.outbox.push(fragment);
    else this.#pass(hop, forward, fragment);
  }

  ended(end: PathEnd, code: ErrorCode | undefined): void {
    const hop = this.#hopOfEnd.get(end);
    if (hop === undefined) return;
    const forward = this.#isOpener(hop, end);
    this.#tell(forward ? hop.next : hop.previous, forward, code);
    this.#forget(hop);
  }

  // --- Seeking ---

  #accept(link: Link, paths: LinkPaths, route: Route, payload: Uint8Array): void {
    const side: Side = { at: 'link', link, pathId: route.pathId };
    if (paths.get('accepted', route.pathId) !== undefined) return this.#options.offend(link, 'unexpected');
    const here = route.target.equals(this.#self);
    const code = this.#refusal(paths, route, here);
    if (code !== undefined) return this.#refuse(side, code, route.hopsLeft, route.visited);
    const hop = this.#makeHop(route, side, payload);
    hop.visited = withPrefixes(route.visited, prefixOf(this.#self), VISITED_MAX);
    hop.hopsLeft = Math.max(0, route.hopsLeft - 1);
    paths.set('accepted', route.pathId, hop);
    if (here) return this.#deliver(hop);
    link.send('control', { kind: 'taken', pathId: route.pathId });
    this.#advance(hop);
  }

  #refusal(paths: LinkPaths, route: Route, here: boolean): ErrorCode | undefined {
    if (paths.size >= PATHS_PER_LINK_MAX) return 'OVERLOADED';
    if (here) return undefined;
    if (this.#options.leaf || route.hopsLeft === 0 || route.source.equals(this.#self)) return 'NO_ROUTE';
    return undefined;
  }

  /** Hands the message to the best neighbour not yet tried; delivers it here or gives up when there is none. */
  #advance(hop: Hop): void {
    hop.next = undefined;
    const link = hop.hopsLeft > 0 ? this.#choose(hop) : undefined;
    if (link === undefined) {
      if (hop.route.nearest && this.#viaDone(hop)) return this.#deliver(hop);
      return this.#giveUp(hop, 'NO_ROUTE');
    }
    const paths = this.#pathsOf(link);
    const pathId = paths.freshId();
    hop.next = { at: 'link', link, pathId };
    paths.set('opened', pathId, hop);
    const sent = link.send(
      this.#classOf(hop, true, hop.first!.length, hop.route.more),
      {
        ...hop.route,
        pathId,
        via: this.#viaDone(hop) ? null : hop.route.via,
        hopsLeft: hop.hopsLeft,
        visited: hop.visited,
      },
      hop.first,
    );
    if (!sent) return this.#retry(hop);
    const direct = link.address.equals(hop.route.target);
    if (!direct) this.#arm(hop, HOP_TIMEOUT_MS, () => this.#hopSilent(hop, link));
    else if (hop.previous.at === 'self') this.#flush(hop);
  }

  #choose(hop: Hop): Link | undefined {
    const { table } = this.#options;
    const { target, via } = hop.route;
    const goal = via !== null && !this.#viaDone(hop) && !table.get(target)?.open ? via : target;
    const firstHop = hop.previous.at === 'self' || (via?.equals(this.#self) ?? false);
    const usable = [...table.links()]
      .filter(link => link.open && !this.#isPrevious(hop, link))
      .map(link => ({ address: link.address, leaf: link.peer.leaf, digest: table.digest(link.address), link }));
    return nextHop({ self: this.#self, target: goal, visited: hop.visited, firstHop }, usable)?.link;
  }

  #viaDone(hop: Hop): boolean {
    return hop.route.via === null || hop.route.via.equals(this.#self);
  }

  #isPrevious(hop: Hop, link: Link): boolean {
    return hop.previous.at === 'link' && hop.previous.link === link;
  }

  #hopSilent(hop: Hop, link: Link): void {
    this.#options.offend(link, 'silentHop');
    this.#retry(hop);
  }

  /** The neighbour that was tried is out of the question; tries the next best. */
  #retry(hop: Hop): void {
    const tried = hop.next;
    hop.cancelTimer();
    if (tried?.at === 'link') {
      this.#paths.get(tried.link)?.delete('opened', tried.pathId);
      tried.link.send('control', { kind: 'broken', pathId: tried.pathId, forward: true, code: errorNumber('ABORTED') });
      hop.visited = withPrefixes(hop.visited, prefixOf(tried.link.address), VISITED_MAX);
    }
    hop.hopsLeft--;
    this.#advance(hop);
  }

  #taken(hop: Hop): void {
    if (hop.state === 'seeking') this.#arm(hop, PATH_TIMEOUT_MS, () => this.#giveUp(hop, 'TIMEOUT'));
  }

  #refused(hop: Hop, message: Refused): void {
    if (hop.state !== 'seeking' || hop.next?.at !== 'link') return;
    hop.visited = withPrefixes(hop.visited, message.visited, VISITED_MAX);
    hop.hopsLeft = Math.min(hop.hopsLeft, message.hopsLeft);
    const code = errorCode(message.code);
    if (hop.next.link.address.equals(hop.route.target) && code !== undefined && code !== 'NO_ROUTE')
      return this.#giveUp(hop, code);
    this.#retry(hop);
  }

  #giveUp(hop: Hop, code: ErrorCode): void {
    if (hop.previous.at === 'link' && hop.state === 'seeking') {
      this.#refuse(hop.previous, code, Math.max(0, hop.hopsLeft), hop.visited);
      if (hop.next !== undefined) this.#tell(hop.next, true, code);
      return this.#forget(hop);
    }
    this.#finish(hop, code);
  }

  #refuse(side: Side, code: ErrorCode, hopsLeft: number, visited: Uint8Array): void {
    if (side.at !== 'link') return;
    const seen = withPrefixes(visited, prefixOf(this.#self), VISITED_MAX);
    side.link.send('control', {
      kind: 'refused',
      pathId: side.pathId,
      code: errorNumber(code),
      hopsLeft,
      visited: seen,
    });
  }

  // --- Standing ---

  /** The path ends here: tells the way back and hands over the first message. */
  #deliver(hop: Hop): void {
    const direct = hop.previous.at === 'self' || hop.previous.link.address.equals(hop.route.source);
    const end = new PathEnd(hop.route.source, direct, this);
    hop.next = { at: 'self', end };
    hop.cancelTimer();
    this.#hopOfEnd.set(end, hop);
    end.listen(this.#options.onPath(end));
    if (hop.previous.at === 'self') {
      hop.previous.end.remote = this.#self;
      void Promise.resolve().then(() => this.#stand(hop, end)); // both ends are here: nobody is called back at once
      return;
    }
    hop.previous.link.send('control', { kind: 'ready', pathId: hop.previous.pathId, target: this.#self });
    this.#stand(hop, end);
  }

  #stand(hop: Hop, end: PathEnd): void {
    if (hop.state === 'over') return;
    hop.state = 'standing';
    const first = { bytes: hop.first!, more: hop.route.more, last: false };
    hop.first = undefined;
    end.take(first);
    this.#flush(hop);
  }

  #ready(hop: Hop, target: HashAddress): void {
    if (hop.state !== 'seeking') return;
    hop.state = 'standing';
    hop.cancelTimer();
    hop.first = undefined;
    if (hop.previous.at === 'link')
      return void hop.previous.link.send('control', { kind: 'ready', pathId: hop.previous.pathId, target });
    hop.previous.end.remote = target;
    this.#flush(hop);
  }

  #flush(hop: Hop): void {
    const waiting = hop.outbox;
    hop.outbox = [];
    for (const fragment of waiting) if (hop.state !== 'over') this.#pass(hop, true, fragment);
  }

  #carry(hop: Hop, link: Link, message: Data, payload: Uint8Array): void {
    if (!message.forward && hop.state === 'seeking') this.#ready(hop, hop.route.target);
    const far = message.forward ? hop.next : hop.previous;
    if (far === undefined || (message.forward && hop.state === 'seeking' && far.at === 'self'))
      return this.#options.offend(link, 'unexpected');
    const within = far.at === 'link' || !message.more || this.#heldBytes(link) + payload.length <= REASSEMBLY_BYTES_MAX;
    if (!within) return this.#finish(hop, 'OVERLOADED');
    this.#pass(hop, message.forward, { bytes: payload, more: message.more, last: message.last });
  }

  /** Moves a fragment one hop on. The last of the last message ends the path here. */
  #pass(hop: Hop, forward: boolean, fragment: Fragment): void {
    const far = forward ? hop.next : hop.previous;
    hop.movedMs = this.#options.clock.now();
    if (far === undefined) return;
    const over = fragment.last && !fragment.more;
    if (far.at === 'self') {
      if (over) this.#forget(hop);
      if (!far.end.take(fragment)) this.#finish(hop, 'TOO_LARGE');
      return;
    }
    const trafficClass = this.#classOf(hop, forward, fragment.bytes.length, fragment.more);
    const sent = far.link.send(
      trafficClass,
      { kind: 'data', pathId: far.pathId, forward, more: fragment.more, last: fragment.last },
      fragment.bytes,
    );
    if (!sent) return this.#finish(hop, 'OVERLOADED');
    if (over) this.#forget(hop);
  }

  #brokenBy(hop: Hop, forward: boolean, code: ErrorCode | undefined): void {
    const far = forward ? hop.next : hop.previous;
    if (hop.state === 'seeking' && !forward) return this.#retry(hop);
    this.#tell(far, forward, code);
    this.#forget(hop);
    if (far?.at === 'self')
      far.end.fail(
        code === undefined ? undefined : new SeaError(code, 'the other side, or a hop between, ended the path'),
      );
  }

  /** Ends a path in both directions; `gone` is the link that need not be told. */
  #finish(hop: Hop, code: ErrorCode, gone?: Link): void {
    if (hop.state === 'over') return;
    const sides = [
      [hop.next, true],
      [hop.previous, false],
    ] as const;
    this.#forget(hop);
    for (const [side, forward] of sides) {
      if (side === undefined || (side.at === 'link' && side.link === gone)) continue;
      if (side.at === 'link') this.#tell(side, forward, code);
      else side.end.fail(new SeaError(code, describe(code), { peer: hop.route.target.toString() }));
    }
  }

  #tell(side: Side | undefined, forward: boolean, code: ErrorCode | undefined): void {
    if (side?.at === 'link')
      side.link.send('control', {
        kind: 'broken',
        pathId: side.pathId,
        forward,
        code: code === undefined ? 0 : errorNumber(code),
      });
    else side?.end.fail(code === undefined ? undefined : new SeaError(code, describe(code)));
  }

  // --- Bookkeeping ---

  #makeHop(route: Route, previous: Side, first: Uint8Array): Hop {
    return {
      route,
      previous,
      next: undefined,
      state: 'seeking',
      visited: route.visited,
      hopsLeft: route.hopsLeft,
      first,
      outbox: [],
      bulk: { forward: false, back: false },
      cancelTimer: () => {},
      movedMs: this.#options.clock.now(),
    };
  }

  #arm(hop: Hop, delayMs: number, fn: () => void): void {
    hop.cancelTimer();
    hop.cancelTimer = this.#options.scope.after(delayMs, fn);
  }

  #forget(hop: Hop): void {
    hop.state = 'over';
    hop.cancelTimer();
    this.#drop(hop.previous, 'accepted');
    this.#drop(hop.next, 'opened');
  }

  #drop(side: Side | undefined, role: 'accepted' | 'opened'): void {
    if (side?.at === 'link') this.#paths.get(side.link)?.delete(role, side.pathId);
    else if (side !== undefined) this.#hopOfEnd.delete(side.end);
  }

  #pathsOf(link: Link): LinkPaths {
    let paths = this.#paths.get(link);
    if (paths === undefined) this.#paths.set(link, (paths = new LinkPaths()));
    return paths;
  }

  #isOpener(hop: Hop, end: PathEnd): boolean {
    return hop.previous.at === 'self' && hop.previous.end === end;
  }

  /** True when `side` leads straight to the target: what is sent there arrives or the path breaks. */
  #reaches(hop: Hop, side: Side): boolean {
    return side.at === 'link' && side.link.address.equals(hop.route.target);
  }

  #classOf(hop: Hop, forward: boolean, bytes: number, more: boolean): TrafficClass {
    const direction = forward ? 'forward' : 'back';
    if (more || bytes > SMALL_MESSAGE_BYTES) hop.bulk[direction] = true;
    return hop.bulk[direction] ? 'bulk' : 'rpc';
  }

  #heldBytes(link: Link): number {
    let bytes = 0;
    for (const hop of this.#paths.get(link)?.all() ?? []) {
      for (const side of [hop.previous, hop.next]) if (side?.at === 'self') bytes += side.end.heldBytes;
    }
    return bytes;
  }
}

function describe(code: ErrorCode): string {
  switch (code) {
    case 'NO_ROUTE':
      return 'no way through the sea leads to that address';
    case 'PEER_GONE':
      return 'the peer, or a hop on the way to it, went away';
    case 'TIMEOUT':
      return 'no answer in time';
    case 'OVERLOADED':
      return 'a hop has no room for more';
    default:
      return 'the path has ended';
  }
}
