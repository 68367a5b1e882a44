/**
 * What remotes may have this node keep until its application takes it: one budget over all cons. A con may always have a
 * little of its own, and all of a peer's their share of the rest. Counted is what remotes may send, not only what they have sent.
 */

import { BytePool } from '../base/byte-pool.ts';
import { CONS_MAX, UNREAD_ALL_BYTES_MAX, UNREAD_CON_BYTES, UNREAD_PEER_BYTES_MAX } from './limits.ts';

/** The share of one con. */
export interface Share {
  /** What the con has, bytes. */
  bytes(): number;
  /** Takes that many bytes. False where there is no room for all of them. */
  take(bytes: number): boolean;
  give(bytes: number): void;
  /**
   * Takes as many bytes as there is room for, at most `most`; where the peer has too much it gives back instead, at most
   * `spare`. Returns how many it has more. Only half of what a peer may have: the rest is for what cannot do with less.
   */
  adjust(spare: number, most: number): number;
}

/** What is to be had beyond what every con may always have. */
const SHARED_BYTES: number = UNREAD_ALL_BYTES_MAX - CONS_MAX * UNREAD_CON_BYTES;

export class UnreadShares {
  readonly #shared = new BytePool(SHARED_BYTES, UNREAD_PEER_BYTES_MAX);

  /** Bytes of the shared part that are taken. */
  get taken(): number {
    return this.#shared.taken;
  }

  /** The share of one more con with the peer; it has given everything back when the con is over. */
  of(peer: string): Share {
    let held = 0;
    const change = (bytes: number): void => {
      const before = beyond(held);
      held += bytes;
      this.#shared.change(peer, beyond(held) - before);
    };
    /** Bytes more that the con may have, if of the shared part the peer may have this part of what it could; negative: fewer. */
    const room = (part: number): number => {
      const own = UNREAD_CON_BYTES - held;
      const shared = this.#shared.room(peer, part);
      return own > 0 ? own + Math.max(0, shared) : shared;
    };
    return {
      bytes: () => held,
      take: bytes => {
        const fits = bytes <= room(1);
        if (fits) change(bytes);
        return fits;
      },
      give: bytes => change(-bytes),
      adjust: (spare, most) => {
        const bytes = Math.floor(Math.min(most, Math.max(-spare, room(0.5))));
        change(bytes);
        return bytes;
      },
    };
  }
}

/** What a con that holds so many bytes has of the shared part. */
function beyond(held: number): number {
  return Math.max(0, held - UNREAD_CON_BYTES);
}
