/**
 * The members of a channel that this node knows of. One counts when it has shown itself: met by an exchange, or found by
 * a record of its own. What others tell is hearsay: whom to try. Bounded; the stale are forgotten.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Clock } from '../base/clock.ts';
import { type Random, shuffle } from '../base/random.ts';
import { MEMBER_AGE_MS, MEMBERS_MAX, MEMBERS_PER_MESSAGE } from './limits.ts';
import type { MemberEntry } from './messages.ts';

interface Known {
  readonly address: HashAddress;
  heardMs: number;
  /** It has shown itself. */
  isProven: boolean;
  /** Its clock minus the one here, ms; undefined for one that was not met. */
  clockOffsetMs: number | undefined;
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

  /** With hearsay. */
  get size(): number {
    return this.#known.size;
  }

  /** Those that count. */
  members(): HashAddress[] {
    return this.#proven().map(({ address }) => address);
  }

  /** With hearsay. */
  addresses(): HashAddress[] {
    return [...this.#known.values()].map(({ address }) => address);
  }

  has(address: HashAddress): boolean {
    return this.#known.has(address.toString());
  }

  /** What is known of its clock: that minus the one here, ms. */
  clockOffsetMs(address: HashAddress): number | undefined {
    return this.#known.get(address.toString())?.clockOffsetMs;
  }

  /** It has shown itself that long ago. */
  heard(address: HashAddress, ageMs: number): void {
    const known = this.#note(address, ageMs);
    if (known === undefined) return;
    known.heardMs = Math.max(known.heardMs, this.#clock.now() - ageMs);
    if (known.isProven) return;
    known.isProven = true;
    this.#onMember(address, true);
  }

  /** It has shown itself now, with its clock. */
  met(address: HashAddress, wallMs: number): void {
    this.heard(address, 0);
    const known = this.#known.get(address.toString());
    if (known !== undefined) known.clockOffsetMs = wallMs - this.#clock.wallMs();
  }

  /** Somebody says that it has heard of it that long ago. */
  told(address: HashAddress, ageMs: number): void {
    const known = this.#note(address, ageMs);
    if (known?.isProven === false) known.heardMs = Math.max(known.heardMs, this.#clock.now() - ageMs);
  }

  /** It left, or is not there. */
  gone(address: HashAddress): void {
    const key = address.toString();
    this.#gone.delete(key);
    this.#gone.set(key, this.#clock.now());
    if (this.#gone.size > MEMBERS_MAX) this.#gone.delete(this.#gone.keys().next().value as string);
    this.#forget(key);
  }

  /** A few at random of those that count, to be told to others. */
  sample(except: HashAddress): MemberEntry[] {
    const nowMs = this.#clock.now();
    return shuffle(this.#random, this.#proven())
      .filter(({ address }) => !address.equals(except))
      .slice(0, MEMBERS_PER_MESSAGE)
      .map(({ address, heardMs }) => ({
        address,
        ageMs: Math.min(MEMBER_AGE_MS, Math.max(0, Math.ceil(nowMs - heardMs))),
      }));
  }

  /** Forgets those not heard of for long. */
  sweep(): void {
    const beforeMs = this.#clock.now() - MEMBER_AGE_MS;
    for (const [key, { heardMs }] of this.#known) if (heardMs < beforeMs) this.#forget(key);
    for (const [key, goneMs] of this.#gone) if (goneMs < beforeMs) this.#gone.delete(key);
  }

  #proven(): Known[] {
    return [...this.#known.values()].filter(({ isProven }) => isProven);
  }

  /** Undefined for this node itself, and for what is too long ago. A full list loses hearsay first. */
  #note(address: HashAddress, ageMs: number): Known | undefined {
    const key = address.toString();
    const heardMs = this.#clock.now() - ageMs;
    if (address.equals(this.#self) || ageMs >= MEMBER_AGE_MS || heardMs < (this.#gone.get(key) ?? -1)) return undefined;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= MEMBERS_MAX) this.#makeRoom();
    this.#gone.delete(key);
    const fresh = { address, heardMs, isProven: false, clockOffsetMs: undefined };
    this.#known.set(key, fresh);
    return fresh;
  }

  #makeRoom(): void {
    const [first] = this.#known.keys();
    const hearsay = [...this.#known].find(([, { isProven }]) => !isProven)?.[0];
    this.#forget((hearsay ?? first) as string);
  }

  #forget(key: string): void {
    const known = this.#known.get(key);
    if (known === undefined) return;
    this.#known.delete(key);
    if (known.isProven) this.#onMember(known.address, false);
  }
}
