/** The linked peers as `wanted.ts` weighs them. */

import type { Link } from '../link/link.ts';
import type { LinkTable } from '../link/link-table.ts';
import type { Linked } from './wanted.ts';

export interface LinkedPeer extends Linked {
  readonly link: Link;
}

export function linkedPeers(table: LinkTable): LinkedPeer[] {
  return [...table.links()].map(asLinked);
}

/** Those whose links stand on their own, without a server or another tab between. */
export function directlyLinked(table: LinkTable): LinkedPeer[] {
  return [...table.links()].filter(link => link.open && link.direct).map(asLinked);
}

function asLinked(link: Link): LinkedPeer {
  return { address: link.address, leaf: link.peer.leaf, openedMs: link.openedMs, link };
}
