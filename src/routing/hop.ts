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
  /** Towards the target; undefined between two tries. */
  next: Side | undefined;
  state: 'seeking' | 'standing' | 'over';
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
