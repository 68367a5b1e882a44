/** Peers that others told of, linked or not: bounded, with the way to reach each and its failed dials. */

import type { HashAddress } from '../address/hash-address.ts';
import type { Clock } from '../base/clock.ts';
import { CONTACTS_MAX, REDIAL_MS, REDIAL_MS_MAX } from './limits.ts';
import type { ContactInfo } from './messages.ts';

export interface Contact {
  readonly address: HashAddress;
  readonly leaf: boolean;
  /** Who told of it and is linked with it. */
  readonly via: HashAddress | undefined;
  readonly failures: number;
  /** Not dialled before this time, ms of the clock. */
  readonly retryMs: number;
}

interface Entry extends Contact {
  leaf: boolean;
  via: HashAddress | undefined;
  failures: number;
  retryMs: number;
  /** Grows with every word of any peer: the smallest belongs to the one longest unheard of. */
  heard: number;
}

export class Contacts {
  readonly #clock: Clock;
  readonly #self: HashAddress;
  readonly #contacts = new Map<string, Entry>();
  #words = 0;

  constructor(clock: Clock, self: HashAddress) {
    this.#clock = clock;
    this.#self = self;
  }

  get size(): number {
    return this.#contacts.size;
  }

  [Symbol.iterator](): IterableIterator<Contact> {
    return this.#contacts.values();
  }

  /**
   * Hears of a peer; a known one keeps its failures and gets the newer way. The longest unheard of makes room. True when
   * the peer was not known.
   */
  learn({ address, leaf }: Pick<ContactInfo, 'address' | 'leaf'>, via: HashAddress | undefined): boolean {
    if (address.equals(this.#self)) return false;
    const heard = ++this.#words;
    const known = this.#contacts.get(address.toString());
    if (known !== undefined) {
      known.leaf = leaf;
      known.via = via;
      known.heard = heard;
      return false;
    }
    if (this.#contacts.size >= CONTACTS_MAX) this.#dropOldest();
    this.#contacts.set(address.toString(), { address, leaf, via, failures: 0, retryMs: 0, heard });
    return true;
  }

  /** A dial failed: waits longer each time; forgotten after the wait has reached its maximum. */
  failed(address: HashAddress): void {
    const contact = this.#contacts.get(address.toString());
    if (contact === undefined) return;
    const waitMs = REDIAL_MS * 2 ** contact.failures;
    if (waitMs > REDIAL_MS_MAX) return this.forget(address);
    contact.failures++;
    contact.retryMs = this.#clock.now() + waitMs;
  }

  /** Linked: its failures are forgiven. */
  reached(address: HashAddress): void {
    const contact = this.#contacts.get(address.toString());
    if (contact === undefined) return;
    contact.failures = 0;
    contact.retryMs = 0;
  }

  forget(address: HashAddress): void {
    this.#contacts.delete(address.toString());
  }

  /** Those that may be dialled now. */
  *ready(): IterableIterator<Contact> {
    const now = this.#clock.now();
    for (const contact of this.#contacts.values()) if (contact.retryMs <= now) yield contact;
  }

  #dropOldest(): void {
    let oldest: Entry | undefined;
    for (const contact of this.#contacts.values()) if (contact.heard < (oldest?.heard ?? Infinity)) oldest = contact;
    if (oldest !== undefined) this.forget(oldest.address);
  }
}
