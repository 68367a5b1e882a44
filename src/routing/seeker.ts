/**
 * Finds the way of a path, hop by hop: hands it to the best neighbour, waits for its "taken", tries the next best when
 * that one is silent or refuses, says so to the hop before when nobody is left.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Clock } from '../base/clock.ts';
import { type ErrorCode, errorCode, errorNumber } from '../base/errors.ts';
import type { Scope } from '../base/scope.ts';
import type { Link } from '../link/link.ts';
import type { Offence } from '../link/link-score.ts';
import type { LinkTable } from '../link/link-table.ts';
import { VISITED_MAX } from '../wire/limits.ts';
import type { Refused, Route } from '../wire/messages.ts';
import { type Carrier, classOf } from './carrier.ts';
import { type Hop, reachesTarget, type Side, seekingHop, seeksItself } from './hop.ts';
import { HOP_PATIENCE_MS, HOP_TIMEOUT_MS, HOP_TIMER_LATE_MS, PATH_TIMEOUT_MS, PATHS_PER_LINK_MAX } from './limits.ts';
import { type Candidate, nextHop, type Quest } from './next-hop.ts';
import type { PathTable } from './path-table.ts';
import { prefixOf, withPrefixes } from './prefix.ts';
import { SlowHops } from './slow-hops.ts';

export interface SeekerOptions {
  readonly self: HashAddress;
  readonly clock: Clock;
  /** A leaf hands on nobody's messages. */
  readonly leaf: boolean;
  readonly scope: Scope;
  readonly table: LinkTable;
  offend(link: Link, offence: Offence): void;
}

interface Neighbour extends Candidate {
  readonly link: Link;
}

export class Seeker {
  readonly #options: SeekerOptions;
  readonly #paths: PathTable;
  readonly #carrier: Carrier;
  readonly #slow: SlowHops;

  constructor(options: SeekerOptions, paths: PathTable, carrier: Carrier) {
    this.#options = options;
    this.#slow = new SlowHops(options.clock);
    this.#paths = paths;
    this.#carrier = carrier;
  }

  /** A neighbour asks to take a path on. */
  accept(link: Link, route: Route, payload: Uint8Array, nowMs: number): void {
    const { self, offend } = this.#options;
    const side: Side = { at: 'link', link, pathId: route.pathId };
    const paths = this.#paths.of(link);
    if (paths.get('accepted', route.pathId) !== undefined) return offend(link, 'unexpected');
    const here = route.target.equals(self);
    const code = paths.acceptedCount >= PATHS_PER_LINK_MAX ? 'OVERLOADED' : here ? undefined : this.#refusal(route);
    if (code !== undefined) return this.#refuse(side, code, route.hopsLeft, route.visited);
    const hop = seekingHop(route, side, payload, nowMs);
    hop.visited = withPrefixes(route.visited, prefixOf(self), VISITED_MAX);
    hop.hopsLeft = Math.max(0, route.hopsLeft - 1);
    paths.set('accepted', route.pathId, hop);
    if (here) return this.#carrier.deliver(hop);
    link.send('control', { kind: 'taken', pathId: route.pathId });
    this.advance(hop);
  }

  #refusal(route: Route): ErrorCode | undefined {
    const { self, leaf } = this.#options;
    return leaf || route.hopsLeft === 0 || route.source.equals(self) ? 'NO_ROUTE' : undefined;
  }

  /** Hands the message to the best neighbour not yet tried; delivers it here or gives up when there is none. */
  advance(hop: Hop): void {
    hop.next = undefined;
    hop.taken = false;
    const link = hop.hopsLeft > 0 ? this.#choose(hop) : undefined;
    if (link === undefined) {
      if (hop.route.nearest && this.#viaDone(hop)) return this.#carrier.deliver(hop);
      return this.giveUp(hop, 'NO_ROUTE');
    }
    const pathId = this.#paths.of(link).freshId();
    hop.next = { at: 'link', link, pathId };
    this.#paths.hold(hop.next, 'opened', hop);
    const { hopsLeft, visited, first } = hop;
    const via = this.#viaDone(hop) ? null : hop.route.via;
    const trafficClass = classOf(hop, true, first!.length, hop.route.more);
    if (!link.send(trafficClass, { ...hop.route, pathId, via, hopsLeft, visited }, first)) {
      return reachesTarget(hop, hop.next) ? this.giveUp(hop, 'OVERLOADED') : this.retry(hop);
    }
    if (!reachesTarget(hop, hop.next)) this.#awaitTaken(hop, link);
    else if (hop.previous.at === 'self') this.#carrier.flush(hop);
  }

  /** The target itself where it is linked; else by way of `via` while that lies ahead; else whoever makes progress. */
  #choose(hop: Hop): Link | undefined {
    const { self, table } = this.#options;
    const { route } = hop;
    const straight = table.get(route.target);
    if (straight?.open && !seeksItself(route) && !isPrevious(hop, straight) && !hop.around) return straight;
    const target = this.#viaDone(hop) ? route.target : route.via!;
    const firstHop = hop.previous.at === 'self' || (route.via?.equals(self) ?? false);
    const quest: Quest = { self, target, visited: hop.visited, firstHop };
    return (nextHop(quest, this.#neighbours(hop, quest, false)) ?? nextHop(quest, this.#neighbours(hop, quest, true)))
      ?.link;
  }

  *#neighbours(hop: Hop, { target }: Quest, slowToo: boolean): IterableIterator<Neighbour> {
    const { table } = this.#options;
    for (const link of table.links()) {
      if (!link.open || isPrevious(hop, link) || (hop.around && link.address.equals(hop.route.target))) continue;
      if (!slowToo && this.#slow.has(link) && !link.address.equals(target)) continue;
      yield { address: link.address, leaf: link.peer.leaf, digest: table.digest(link.address), link };
    }
  }

  #viaDone({ route }: Hop): boolean {
    return route.via === null || route.via.equals(this.#options.self);
  }

  /** A hop has its second from when the message left this node; and who was busy itself reads first what came meanwhile. */
  #awaitTaken(hop: Hop, link: Link): void {
    const { clock } = this.#options;
    const sentBytes = link.bytesOut;
    const patientUntilMs = clock.now() + HOP_PATIENCE_MS;
    const wait = (): void => {
      const dueMs = clock.now() + HOP_TIMEOUT_MS;
      this.#arm(hop, HOP_TIMEOUT_MS, () => {
        const nowMs = clock.now();
        const late = nowMs - dueMs > HOP_TIMER_LATE_MS;
        const queued = link.bytesOut - link.backlogBytes < sentBytes;
        if ((late || queued) && nowMs < patientUntilMs) return wait();
        this.#slow.silent(link);
        this.retry(hop);
      });
    };
    wait();
  }

  /** The neighbour that was tried is out of the question, and is told so; tries the next best. */
  retry(hop: Hop): void {
    if (hop.next?.at === 'link') {
      this.#paths.release(hop.next, 'opened');
      this.#carrier.tell(hop.next, true, 'ABORTED');
    }
    this.#passOver(hop);
  }

  #passOver(hop: Hop): void {
    const tried = hop.next;
    hop.cancelTimer();
    hop.next = undefined;
    if (hop.committed) return this.#carrier.finish(hop, 'PEER_GONE'); // part of the message went down with it
    // The target itself is never passed over: others may still have a way to it.
    if (tried?.at === 'link' && !reachesTarget(hop, tried))
      hop.visited = withPrefixes(hop.visited, prefixOf(tried.link.address), VISITED_MAX);
    hop.hopsLeft--;
    this.advance(hop);
  }

  /** Only the first "taken" of a hop counts: it cannot hold the path for ever by repeating itself. */
  taken(hop: Hop): void {
    if (hop.state !== 'seeking' || hop.taken) return;
    hop.taken = true;
    this.#heard(hop);
    this.#arm(hop, PATH_TIMEOUT_MS, () => this.giveUp(hop, 'TIMEOUT'));
  }

  refused(hop: Hop, message: Refused): void {
    if (hop.state !== 'seeking' || hop.next === undefined) return;
    this.#heard(hop);
    this.#paths.release(hop.next, 'opened');
    if (reachesTarget(hop, hop.next)) {
      hop.next = undefined;
      return this.giveUp(hop, errorCode(message.code) ?? 'NO_ROUTE');
    }
    hop.visited = withPrefixes(hop.visited, message.visited, VISITED_MAX);
    hop.hopsLeft = Math.min(hop.hopsLeft, message.hopsLeft);
    this.#passOver(hop);
  }

  #heard({ next }: Hop): void {
    if (next?.at === 'link') this.#slow.answered(next.link);
  }

  giveUp(hop: Hop, code: ErrorCode): void {
    if (hop.previous.at === 'self' || hop.state !== 'seeking') return this.#carrier.finish(hop, code);
    this.#refuse(hop.previous, code, Math.max(0, hop.hopsLeft), hop.visited);
    this.#carrier.tell(hop.next, true, code);
    this.#carrier.forget(hop);
  }

  #refuse(side: Side, code: ErrorCode, hopsLeft: number, visited: Uint8Array): void {
    if (side.at !== 'link') return;
    const seen = withPrefixes(visited, prefixOf(this.#options.self), VISITED_MAX);
    const { link, pathId } = side;
    link.send('control', { kind: 'refused', pathId, code: errorNumber(code), hopsLeft, visited: seen });
  }

  #arm(hop: Hop, delayMs: number, fn: () => void): void {
    hop.cancelTimer();
    hop.cancelTimer = this.#options.scope.after(delayMs, fn);
  }
}

function isPrevious(hop: Hop, link: Link): boolean {
  return hop.previous.at === 'link' && hop.previous.link === link;
}
