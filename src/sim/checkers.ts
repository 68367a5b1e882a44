/** What must be true of a sea at rest, checked from outside with the knowledge of everything. */

import { nearest } from '../address/xor.ts';
import { SIBLINGS } from '../routing/limits.ts';
import type { SimNode } from './world.ts';

export interface Verdict {
  readonly ok: boolean;
  /** In words, for the first few that break the rule. */
  readonly faults: readonly string[];
}

/** Every node says that it is online. */
export function allOnline(nodes: readonly SimNode[]): Verdict {
  return verdict(nodes.filter(({ sea }) => !sea.online()).map(node => `${name(node)} is not online`));
}

/** Every node is linked with the 8 nodes that are truly nearest to it. */
export function nearestRight(nodes: readonly SimNode[]): Verdict {
  const peers = nodes.map(node => ({ address: node.sea.localId() }));
  return verdict(
    nodes.flatMap(node => {
      const linked = new Set(node.sea.connections().map(address => address.toString()));
      return nearest(
        node.sea.localId(),
        peers.filter(peer => peer.address !== node.sea.localId()),
        SIBLINGS,
      )
        .filter(peer => !linked.has(peer.address.toString()))
        .map(peer => `${name(node)} has no link to its near ${peer.address.toString().slice(0, 8)}`);
    }),
  );
}

/** Links are known on both sides, and nobody exceeds its budget. */
export function linksMutual(nodes: readonly SimNode[], linksMax: number): Verdict {
  const sets = new Map(
    nodes.map(({ sea }) => [sea.localId().toString(), new Set(sea.connections().map(address => address.toString()))]),
  );
  const faults: string[] = [];
  for (const [address, linked] of sets) {
    if (linked.size > linksMax) faults.push(`${address.slice(0, 8)} has ${linked.size} links`);
    for (const peer of linked)
      if (!sets.get(peer)?.has(address))
        faults.push(`${peer.slice(0, 8)} does not know its link to ${address.slice(0, 8)}`);
  }
  return verdict(faults);
}

function name({ host, sea }: SimNode): string {
  return `node ${host.index} (${sea.localId().toString().slice(0, 8)})`;
}

function verdict(faults: readonly string[]): Verdict {
  return { ok: faults.length === 0, faults: faults.slice(0, 5) };
}
