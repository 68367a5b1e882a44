/** How a con reaches its remote, in terms that can be shown to people. */

import type { HashAddress } from '../address/hash-address.ts';
import type { Transport } from '../ports/link-factory.ts';

/** By way of which a carrier stands. */
export type Standing =
  /** Over the link between the two. */
  | { readonly kind: 'direct'; readonly transport: Transport }
  /** Through the sea, sealed end to end; `by` is the next node on the way. */
  | { readonly kind: 'relayed'; readonly by: HashAddress };

export type Route = Standing | { readonly kind: 'none' /** The clock's time, ms. */; readonly since: number };

/** Which of two standings to prefer, as a number: a link that needs neither a server nor another tab counts most. */
export function rankOf(standing: Standing): number {
  if (standing.kind === 'relayed') return 0;
  return standing.transport === 'webrtc' || standing.transport === 'memory' ? 2 : 1;
}
