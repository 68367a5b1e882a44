/** The members of a channel that this node knows of, and when somebody last heard of each. Bounded; the stale are forgotten. */

import type { HashAddress } from '../address/hash-address.ts';
import type { Clock } from '../base/clock.ts';
import { type Random, shuffle } from '../base/random.ts';
import { MEMBER_AGE_MS, MEMBERS_MAX, MEMBERS_PER_MESSAGE } from './limits.ts';
import type { MemberEntry } from './messages.ts';

interface Known {
  readonly address: HashAddress;
  heardMs: number;
}

export class MemberView {
  readonly #self: HashAddress;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #onMember: (address: HashAddress, present: boolean) => void;
  readonly #known = new Map<string, Known>();
  /** Who left or could not be found, and when: what others heard of it before that counts no more. */
  readonly #gone = new Map<string, number>();

  constructor(
    self: HashAddress,
    clock: Clock,
    random: Random,
    onMember: (address: HashAddress, present: boolean) => void,
  ) {
    this.#self = self;
    this.#clock = clock;
    this.#random = random;
    this.#onMember = onMember;
  }

  get size(): number {
    return this.#known.size;
  }

  addresses(): HashAddress[] {
    return [...this.#known.values()].map(({ address }) => address);
  }

  /** True when the member is new here. */
  heard(address: HashAddress, ageMs: number): boolean {
    const key = address.toString();
    const heardMs = this.#clock.now() - ageMs;
    if (address.equals(this.#self) || ageMs >= MEMBER_AGE_MS || heardMs < (this.#gone.get(key) ?? -1)) return false;
    const known = this.#known.get(key);
    if (known !== undefined) {
      known.heardMs = Math.max(known.heardMs, heardMs);
      return false;
    }
    if (this.#known.size >= MEMBERS_MAX) this.#forget(this.#known.keys().next().value as string);
    this.#gone.delete(key);
    this.#known.set(key, { address, heardMs });
    this.#onMember(address, true);
    return true;
  }

  /** It left, or is not there. */
  gone(address: HashAddress): void {
    const key = address.toString();
    this.#gone.delete(key);
    this.#gone.set(key, this.#clock.now());
    if (this.#gone.size > MEMBERS_MAX) this.#gone.delete(this.#gone.keys().next().value as string);
    this.#forget(key);
  }

  /** A few at random, to be told to others. */
  sample(except: HashAddress): MemberEntry[] {
    const nowMs = this.#clock.now();
    return shuffle(this.#random, [...this.#known.values()])
      .filter(({ address }) => !address.equals(except))
      .slice(0, MEMBERS_PER_MESSAGE)
      .map(({ address, heardMs }) => ({
        address,
        ageMs: Math.min(MEMBER_AGE_MS, Math.max(0, Math.ceil(nowMs - heardMs))),
      }));
  }

  /** Forgets those nobody has heard of for long. */
  sweep(): void {
    const beforeMs = this.#clock.now() - MEMBER_AGE_MS;
    for (const [key, { heardMs }] of this.#known) if (heardMs < beforeMs) this.#forget(key);
    for (const [key, goneMs] of this.#gone) if (goneMs < beforeMs) this.#gone.delete(key);
  }

  #forget(key: string): void {
    const known = this.#known.get(key);
    if (known === undefined) return;
    this.#known.delete(key);
    this.#onMember(known.address, false);
  }
}
