/**
 * Moves what paths carry: fragments from hop to hop and to the ends at this node, and word that a path stands or is
 * over. How a path finds its way is the business of `seeker.ts`.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Clock } from '../base/clock.ts';
import { type ErrorCode, errorNumber, SeaError } from '../base/errors.ts';
import type { Link } from '../link/link.ts';
import type { Offence } from '../link/link-score.ts';
import type { TrafficClass } from '../link/pump.ts';
import { HOPS_MAX } from '../wire/limits.ts';
import type { Data } from '../wire/messages.ts';
import { type Hop, reachesTarget, type Side } from './hop.ts';
import { SMALL_MESSAGE_BYTES } from './limits.ts';
import { type Fragment, type FragmentSink, type Path, PathEnd, type PathHandler } from './path.ts';
import type { PathTable } from './path-table.ts';
import { prefixOf, withPrefixes } from './prefix.ts';

export interface CarrierOptions {
  readonly self: HashAddress;
  readonly clock: Clock;
  offend(link: Link, offence: Offence): void;
  /** A path from elsewhere ends here; its first message follows. */
  onPath(path: Path): PathHandler;
}

export class Carrier implements FragmentSink {
  readonly #options: CarrierOptions;
  readonly #paths: PathTable;

  constructor(options: CarrierOptions, paths: PathTable) {
    this.#options = options;
    this.#paths = paths;
  }

  // --- FragmentSink: what the ends at this node send ---

  fragment(end: PathEnd, fragment: Fragment): void {
    const hop = this.#paths.hopOf(end);
    if (hop === undefined) return;
    const forward = isOpener(hop, end);
    if (forward && hop.state === 'seeking' && !(hop.next !== undefined && reachesTarget(hop, hop.next)))
      hop.outbox.push(fragment);
    else this.#pass(hop, forward, fragment);
  }

  ended(end: PathEnd, code: ErrorCode | undefined): void {
    const hop = this.#paths.hopOf(end);
    if (hop === undefined) return;
    const forward = isOpener(hop, end);
    this.tell(forward ? hop.next : hop.previous, forward, code);
    this.forget(hop);
  }

  // --- The path stands ---

  /** The path ends here: tells the way back and hands over the first message. */
  deliver(hop: Hop): void {
    const { source } = hop.route;
    const direct = hop.previous.at === 'self' || hop.previous.link.address.equals(source);
    const end = new PathEnd(source, direct, this);
    hop.next = { at: 'self', end };
    hop.cancelTimer();
    this.#paths.hold(hop.next, 'opened', hop);
    end.listen(this.#options.onPath(end));
    if (hop.previous.at === 'self') {
      hop.previous.end.remote = this.#options.self;
      hop.previous.end.direct = true;
      void Promise.resolve().then(() => this.#stand(hop, end)); // both ends are here: nobody is called back at once
      return;
    }
    const { link, pathId } = hop.previous;
    end.by = link.address;
    link.send('control', { kind: 'ready', pathId, target: this.#options.self });
    this.#stand(hop, end);
  }

  #stand(hop: Hop, end: PathEnd): void {
    if (hop.state === 'over') return;
    hop.state = 'standing';
    const first = { bytes: hop.first!, more: hop.route.more, last: false };
    hop.first = undefined;
    end.take(first);
    this.flush(hop);
  }

  /** Word from the next hop that the path stands, ending at `target`, over these further hops. */
  ready(hop: Hop, target: HashAddress, hops: Uint8Array): void {
    hop.state = 'standing';
    hop.cancelTimer();
    hop.first = undefined;
    if (hop.previous.at === 'link') {
      const { link, pathId } = hop.previous;
      const way = withPrefixes(prefixOf(this.#options.self), hops, HOPS_MAX);
      return void link.send('control', { kind: 'ready', pathId, target }, way);
    }
    hop.previous.end.stood(target, hop.next?.at === 'link' ? hop.next.link.address : undefined, hops);
    this.flush(hop);
  }

  /** Sends what the opener (here) has waiting. */
  flush(hop: Hop): void {
    const waiting = hop.outbox;
    hop.outbox = [];
    for (const fragment of waiting) this.#pass(hop, true, fragment);
  }

  /** A fragment came over a link. */
  carry(hop: Hop, link: Link, { forward, more, last }: Data, payload: Uint8Array): void {
    if (hop.state === 'seeking') {
      if (forward) {
        this.#options.offend(link, 'unexpected');
        return this.finish(hop, 'BAD_MESSAGE');
      }
      this.ready(hop, hop.route.target, new Uint8Array(0));
    }
    const far = forward ? hop.next : hop.previous;
    const fits = far?.at === 'link' || !more || this.#paths.mayHold(link, payload.length);
    if (!fits) return this.finish(hop, 'OVERLOADED');
    this.#pass(hop, forward, { bytes: payload, more, last });
  }

  /** Moves a fragment one hop on. The last of the last message ends the path here. */
  #pass(hop: Hop, forward: boolean, fragment: Fragment): void {
    const far = forward ? hop.next : hop.previous;
    if (far === undefined || hop.state === 'over') return;
    hop.movedMs = this.#options.clock.now();
    const over = fragment.last && !fragment.more;
    if (far.at === 'self') {
      if (over) this.forget(hop);
      if (!far.end.take(fragment)) this.finish(hop, 'TOO_LARGE');
      return;
    }
    const { bytes, more, last } = fragment;
    if (forward && hop.state === 'seeking') hop.committed = true;
    const data: Data = { kind: 'data', pathId: far.pathId, forward, more, last };
    if (!far.link.send(classOf(hop, forward, bytes.length, more), data, bytes)) return this.finish(hop, 'OVERLOADED');
    if (over) this.forget(hop);
  }

  // --- The path is over ---

  /** Ends a path in both directions; `gone` is the link that need not be told. */
  finish(hop: Hop, code: ErrorCode, gone?: Link): void {
    if (hop.state === 'over') return;
    const sides = [
      [hop.next, true],
      [hop.previous, false],
    ] as const;
    this.forget(hop);
    for (const [side, forward] of sides) {
      if (side?.at === 'link' && side.link === gone) continue;
      this.tell(side, forward, code, hop.route.target);
    }
  }

  /** Tells one side that the path is over; without a code: as agreed. */
  tell(side: Side | undefined, forward: boolean, code: ErrorCode | undefined, peer?: HashAddress): void {
    if (side?.at === 'link') {
      const number = code === undefined ? 0 : errorNumber(code);
      side.link.send('control', { kind: 'broken', pathId: side.pathId, forward, code: number });
    } else if (side !== undefined) {
      const options = peer === undefined ? {} : { peer: peer.toString() };
      side.end.fail(code === undefined ? undefined : new SeaError(code, describe(code), options));
    }
  }

  forget(hop: Hop): void {
    hop.state = 'over';
    hop.cancelTimer();
    this.#paths.release(hop.previous, 'accepted');
    this.#paths.release(hop.next, 'opened');
  }
}

/** The class in which a fragment travels; remembers a direction that has turned bulk. */
export function classOf(hop: Hop, forward: boolean, bytes: number, more: boolean): TrafficClass {
  const direction = forward ? 'forward' : 'back';
  if (more || bytes > SMALL_MESSAGE_BYTES) hop.bulk[direction] = true;
  return hop.bulk[direction] ? 'bulk' : 'rpc';
}

function isOpener(hop: Hop, end: PathEnd): boolean {
  return hop.previous.at === 'self' && hop.previous.end === end;
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
    case 'CLOSED':
      return 'this node went offline';
    default:
      return 'the other side, or a hop between, ended the path';
  }
}
