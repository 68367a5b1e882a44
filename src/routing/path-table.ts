/** Every path that this node holds a part of: by link and id where it runs over a link, by its end where it ends here. */

import type { Link } from '../link/link.ts';
import type { Hop, Side } from './hop.ts';
import { REASSEMBLY_ALL_BYTES_MAX, REASSEMBLY_BYTES_MAX, REASSEMBLY_BYTES_MIN } from './limits.ts';
import { LinkPaths, type Role } from './link-paths.ts';
import type { PathEnd } from './path.ts';

export class PathTable {
  readonly #ofLink = new Map<Link, LinkPaths>();
  readonly #ofEnd = new Map<PathEnd, Hop>();

  /** Sides on links: a path that passes through counts twice, one that begins or ends here once. */
  get size(): number {
    let size = 0;
    for (const paths of this.#ofLink.values()) size += paths.size;
    return size;
  }

  of(link: Link): LinkPaths {
    const known = this.#ofLink.get(link);
    if (known !== undefined) return known;
    const paths = new LinkPaths();
    this.#ofLink.set(link, paths);
    return paths;
  }

  hopOf(end: PathEnd): Hop | undefined {
    return this.#ofEnd.get(end);
  }

  hold(side: Side, role: Role, hop: Hop): void {
    if (side.at === 'link') this.of(side.link).set(role, side.pathId, hop);
    else this.#ofEnd.set(side.end, hop);
  }

  release(side: Side | undefined, role: Role): void {
    if (side?.at === 'link') this.#ofLink.get(side.link)?.delete(role, side.pathId);
    else if (side !== undefined) this.#ofEnd.delete(side.end);
  }

  /** Forgets a link; returns what ran over it. */
  detach(link: Link): Hop[] {
    const paths = this.#ofLink.get(link);
    this.#ofLink.delete(link);
    return [...(paths ?? [])];
  }

  /** Every path that ends or begins here. */
  ending(): Hop[] {
    return [...new Set(this.#ofEnd.values())];
  }

  /** Those over which nothing has moved since `beforeMs`. */
  idle(beforeMs: number): Hop[] {
    const idle = new Set<Hop>();
    for (const hop of this.#ofEnd.values()) if (hop.movedMs < beforeMs) idle.add(hop);
    for (const paths of this.#ofLink.values()) {
      for (const hop of paths) if (hop.movedMs < beforeMs) idle.add(hop);
    }
    return [...idle];
  }

  /** Whether so many bytes more of an unfinished message may be kept for the link: where many hold much, little for each. */
  mayHold(link: Link, bytes: number): boolean {
    let ofLink = bytes;
    for (const hop of this.#ofLink.get(link) ?? []) {
      for (const side of [hop.previous, hop.next]) if (side?.at === 'self') ofLink += side.end.heldBytes;
    }
    if (ofLink <= REASSEMBLY_BYTES_MIN) return true;
    let ofAll = bytes;
    for (const end of this.#ofEnd.keys()) ofAll += end.heldBytes;
    return ofLink <= REASSEMBLY_BYTES_MAX && ofAll <= REASSEMBLY_ALL_BYTES_MAX;
  }
}
