/** A path as one node on it sees it. */

import type { Cancel } from '../base/clock.ts';
import type { Link } from '../link/link.ts';
import type { Route } from '../wire/messages.ts';
import type { Fragment, PathEnd } from './path.ts';

/** One side of a path at this node: this node itself, or a link under the id that the path has there. */
export type Side =
  | { readonly at: 'self'; readonly end: PathEnd }
  | { readonly at: 'link'; readonly link: Link; readonly pathId: number };

export interface Hop {
  readonly route: Route;
  /** Towards the opener. */
  readonly previous: Side;
  /** The opener (here) mistrusts its link to the target. */
  around: boolean;
  /** Towards the target; undefined between two tries. */
  next: Side | undefined;
  state: 'seeking' | 'standing' | 'over';
  /** The present `next` has acknowledged. */
  taken: boolean;
  /** More than the first fragment went to the present `next`: no other can be tried. */
  committed: boolean;
  visited: Uint8Array;
  hopsLeft: number;
  /** The first fragment, to be handed on again after a refusal. */
  first: Uint8Array | undefined;
  /** What the opener (here) wants to send once the path stands. */
  outbox: Fragment[];
  /** A direction that has carried a large message stays in the bulk class, or a later small one would overtake it. */
  readonly bulk: { forward: boolean; back: boolean };
  cancelTimer: Cancel;
  movedMs: number;
}

/** A path that has come this far and seeks its way on. */
export function seekingHop(route: Route, previous: Side, first: Uint8Array, nowMs: number): Hop {
  return {
    route,
    previous,
    around: false,
    next: undefined,
    state: 'seeking',
    taken: false,
    committed: false,
    visited: route.visited,
    hopsLeft: route.hopsLeft,
    first,
    outbox: [],
    bulk: { forward: false, back: false },
    cancelTimer: () => {},
    movedMs: nowMs,
  };
}

/** True when `side` leads straight to the target: what is sent there arrives or the path breaks. */
export function reachesTarget(hop: Hop, side: Side): boolean {
  return side.at === 'link' && side.link.address.equals(hop.route.target);
}

/** A look-up of the opener's own id: the opener counts as visited and is not what is sought. */
export function seeksItself({ source, target }: Route): boolean {
  return source.equals(target);
}
