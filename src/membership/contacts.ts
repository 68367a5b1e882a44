/** Peers that others told of and that are not linked (yet): bounded, with the way to reach each and its failed dials. */

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

export class Contacts {
  readonly #clock: Clock;
  readonly #self: HashAddress;
  readonly #contacts = new Map<string, Contact>();

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

  /** Hears of a peer; a known one keeps its failures and gets the newer way. The longest unheard of make room. */
  learn(info: ContactInfo, via: HashAddress | undefined): void {
    if (info.address.equals(this.#self)) return;
    const key = info.address.toString();
    const known = this.#contacts.get(key);
    this.#contacts.delete(key);
    this.#contacts.set(key, {
      address: info.address,
      leaf: info.leaf,
      via,
      failures: known?.failures ?? 0,
      retryMs: known?.retryMs ?? 0,
    });
    if (this.#contacts.size > CONTACTS_MAX) this.#contacts.delete(this.#contacts.keys().next().value as string);
  }

  /** A dial failed: waits longer each time; forgotten after the wait has reached its maximum. */
  failed(address: HashAddress): void {
    const key = address.toString();
    const contact = this.#contacts.get(key);
    if (contact === undefined) return;
    const waitMs = REDIAL_MS * 2 ** contact.failures;
    if (waitMs > REDIAL_MS_MAX) this.#contacts.delete(key);
    else this.#contacts.set(key, { ...contact, failures: contact.failures + 1, retryMs: this.#clock.now() + waitMs });
  }

  /** Linked: its failures are forgiven. */
  reached(address: HashAddress): void {
    const key = address.toString();
    const contact = this.#contacts.get(key);
    if (contact !== undefined) this.#contacts.set(key, { ...contact, failures: 0, retryMs: 0 });
  }

  forget(address: HashAddress): void {
    this.#contacts.delete(address.toString());
  }

  /** Those that may be dialled now. */
  *ready(): IterableIterator<Contact> {
    const now = this.#clock.now();
    for (const contact of this.#contacts.values()) if (contact.retryMs <= now) yield contact;
  }
}
