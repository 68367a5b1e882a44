/**
 * Recursive routing over live links. A message opens a *path*: each hop says "taken" within a second or is passed over,
 * hands the message to its best neighbour, tries the next best when that one refuses, and remembers the way, so that
 * everything that follows, and every reply, takes the same path. Nothing is dropped silently: whoever cannot go on says
 * so to the hop before it. Sources: R/Kademlia (Heep 2010) for the recursion, R5N (Evans & Grothoff 2011) for routes
 * among nodes that cannot all connect. The way is found in `seeker.ts`, what moves on it in `carrier.ts`.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Clock } from '../base/clock.ts';
import { type ErrorCode, errorCode } from '../base/errors.ts';
import type { Scope } from '../base/scope.ts';
import type { Link } from '../link/link.ts';
import type { Offence } from '../link/link-score.ts';
import type { LinkTable } from '../link/link-table.ts';
import { HOPS_MAX } from '../wire/limits.ts';
import type { Route, RoutingMessage } from '../wire/messages.ts';
import { Carrier } from './carrier.ts';
import { type Hop, seekingHop } from './hop.ts';
import { PATH_IDLE_MS } from './limits.ts';
import { fragments, type Path, PathEnd, type PathHandler } from './path.ts';
import { PathTable } from './path-table.ts';
import { prefixOf } from './prefix.ts';
import { Seeker } from './seeker.ts';

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
  /** Go by way of this node. */
  readonly via?: HashAddress | undefined;
  /** Deliver to the reachable node nearest to the target when nobody is the target, never to the opener while it has links. */
  readonly nearest?: boolean | undefined;
  /** Not over a link to the target itself: it is in doubt. */
  readonly around?: boolean | undefined;
}

export class Router {
  readonly #options: RouterOptions;
  readonly #paths = new PathTable();
  readonly #carrier: Carrier;
  readonly #seeker: Seeker;

  constructor(options: RouterOptions) {
    this.#options = options;
    this.#carrier = new Carrier(options, this.#paths);
    this.#seeker = new Seeker(options, this.#paths, this.#carrier);
    options.scope.defer(() => {
      for (const hop of this.#paths.ending()) this.#carrier.finish(hop, 'CLOSED');
    });
  }

  /** Sides of paths on this node's links: 0 at rest. */
  get pathCount(): number {
    return this.#paths.size;
  }

  /** Sides of paths on one link. */
  pathsOn(link: Link): number {
    return this.#paths.of(link).size;
  }

  /** Opens a path and sends its first message. Failures come through the handler, perhaps before this returns. */
  open(target: HashAddress, options: OpenOptions, first: Uint8Array, handler: PathHandler): Path {
    const { self, table, clock } = this.#options;
    const nearest = options.nearest ?? false;
    const [head, ...rest] = fragments(first, false);
    const end = new PathEnd(target, table.has(target), this.#carrier);
    end.listen(handler);
    const route: Route = {
      kind: 'route',
      pathId: 0,
      source: self,
      target,
      via: options.via ?? null,
      nearest,
      hopsLeft: HOPS_MAX,
      visited: prefixOf(self),
      more: head!.more,
    };
    const hop = seekingHop(route, { at: 'self', end }, head!.bytes, clock.now());
    hop.outbox = rest;
    hop.around = options.around ?? false;
    this.#paths.hold(hop.previous, 'accepted', hop);
    if (target.equals(self) && !nearest) this.#carrier.deliver(hop);
    else this.#seeker.advance(hop);
    return end;
  }

  /** A routing message came over a link. */
  receive(link: Link, message: RoutingMessage, payload: Uint8Array): void {
    const nowMs = this.#options.clock.now();
    if (message.kind === 'route') return this.#seeker.accept(link, message, payload, nowMs);
    const forward = message.kind === 'data' || message.kind === 'broken' ? message.forward : false;
    const hop = this.#paths.of(link).get(forward ? 'accepted' : 'opened', message.pathId);
    if (hop === undefined) return this.#late(link, message);
    hop.movedMs = nowMs;
    switch (message.kind) {
      case 'taken':
        return this.#seeker.taken(hop);
      case 'ready':
        return this.#ready(hop, link, message.target, payload);
      case 'refused':
        return this.#seeker.refused(hop, message);
      case 'data':
        return this.#carrier.carry(hop, link, message, payload);
      case 'broken':
        return this.#broken(hop, forward, message.code);
    }
  }

  /** A link is gone: every path over it ends, or seeks another way if it does not stand yet. */
  linkClosed(link: Link): void {
    for (const hop of this.#paths.detach(link)) {
      if (hop.state === 'seeking' && hop.next?.at === 'link' && hop.next.link === link) this.#seeker.retry(hop);
      else this.#carrier.finish(hop, 'PEER_GONE', link);
    }
  }

  /** Once a beat: forgets paths over which nothing moves. */
  beat(): void {
    for (const hop of this.#paths.idle(this.#options.clock.now() - PATH_IDLE_MS)) this.#carrier.finish(hop, 'TIMEOUT');
  }

  /** Word of a path that is over here. Who has just been reached by it does not know that yet: our end may have overtaken the opening. */
  #late(link: Link, { kind, pathId }: RoutingMessage): void {
    if (kind === 'ready') this.#carrier.tell({ at: 'link', link, pathId }, true, 'ABORTED');
  }

  #ready(hop: Hop, link: Link, target: HashAddress, hops: Uint8Array): void {
    if (hop.state !== 'seeking') return;
    if (hop.route.nearest || target.equals(hop.route.target)) return this.#carrier.ready(hop, target, hops);
    this.#options.offend(link, 'unexpected');
    this.#seeker.retry(hop);
  }

  /** The side `forward` points away from has ended the path. */
  #broken(hop: Hop, forward: boolean, number: number): void {
    if (hop.state === 'seeking' && !forward) return this.#seeker.retry(hop);
    const code: ErrorCode | undefined = number === 0 ? undefined : (errorCode(number) ?? 'PEER_GONE');
    this.#carrier.forget(hop);
    this.#carrier.tell(forward ? hop.next : hop.previous, forward, code);
  }
}
