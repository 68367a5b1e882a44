/**
 * How strangers behaved towards this node's lower layers, by address, bounded. Points fall by half every HALF_LIFE_MS;
 * at PENALTY_CLOSE a link is closed and the address is not linked again until the points have fallen.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Clock } from '../base/clock.ts';
import { PENALTY_CLOSE, SCORES_MAX } from './limits.ts';

/** What is held against a peer, in points. */
export const penalties = {
  /** Bytes that are no message. A lone one may be a bug; ten close the link. */
  badMessage: 10,
  /** A message that has no place in the state the path is in. */
  unexpected: 1,
} as const;

export type Offence = keyof typeof penalties;

const HALF_LIFE_MS = 60_000;

interface Score {
  readonly points: number;
  /** When they were last halved, or first given. */
  readonly atMs: number;
}

export class LinkScores {
  readonly #clock: Clock;
  readonly #scores = new Map<string, Score>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Adds to the peer's points; true when it has now gone too far. */
  add(peer: HashAddress, offence: Offence): boolean {
    const key = peer.toString();
    const { points, atMs } = this.#present(key);
    this.#scores.delete(key); // re-inserted last: the map stays in order of the last offence
    if (this.#scores.size >= SCORES_MAX) this.#scores.delete(this.#scores.keys().next().value as string);
    this.#scores.set(key, { points: points + penalties[offence], atMs });
    return points + penalties[offence] >= PENALTY_CLOSE;
  }

  /** Present points, 0 for a peer without any. */
  points(peer: HashAddress): number {
    return this.#present(peer.toString()).points;
  }

  banned(peer: HashAddress): boolean {
    return this.points(peer) >= PENALTY_CLOSE;
  }

  /** The points halved for every half-life that has passed, and the moment of the last halving: the rest goes on. */
  #present(key: string): Score {
    const nowMs = this.#clock.now();
    let { points, atMs } = this.#scores.get(key) ?? { points: 0, atMs: nowMs };
    for (; points > 0 && nowMs - atMs >= HALF_LIFE_MS; atMs += HALF_LIFE_MS) points = Math.floor(points / 2);
    return points === 0 ? { points: 0, atMs: nowMs } : { points, atMs };
  }
}
