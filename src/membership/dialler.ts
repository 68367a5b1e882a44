/** Hears of peers and dials those that are wanted, a few at a time. How a dial is made is `link/`'s business. */

import type { HashAddress } from '../address/hash-address.ts';
import type { Clock } from '../base/clock.ts';
import { asSeaError } from '../base/errors.ts';
import type { Links } from '../link/links.ts';
import type { Log } from '../ports/log.ts';
import { type Contact, Contacts } from './contacts.ts';
import { DIALS_AT_ONCE } from './limits.ts';
import { directlyLinked } from './linked-peers.ts';
import type { ContactInfo } from './messages.ts';
import type { PeerCache } from './peer-cache.ts';
import { wanted } from './wanted.ts';

export interface DiallerOptions {
  readonly self: HashAddress;
  readonly leaf: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly cache: PeerCache;
  readonly links: () => Links;
  /** False while the node wants no part in the sea. */
  active(): boolean;
}

export class Dialler {
  readonly contacts: Contacts;
  readonly #options: DiallerOptions;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: DiallerOptions) {
    this.#options = options;
    this.contacts = new Contacts(options.clock, options.self);
  }

  /** Contacts by way of whom told of them. New ones may be worth a dial. */
  learn(contacts: readonly ContactInfo[], teller: HashAddress | undefined): void {
    if (this.hear(contacts, teller)) this.dialWanted();
  }

  /** Keeps contacts and where they listen. True when one of them was not known. */
  hear(contacts: readonly ContactInfo[], via: HashAddress | undefined): boolean {
    const { self, cache } = this.#options;
    let news = false;
    for (const contact of contacts) {
      if (contact.url !== null && !contact.address.equals(self)) cache.heardOf(contact.url);
      if (this.contacts.learn(contact, via)) news = true;
    }
    return news;
  }

  /** The dials that have begun; each settles when it has ended, however. */
  get underWay(): readonly Promise<void>[] {
    return [...this.#underWay];
  }

  /** Begins the most wanted dials. */
  dialWanted(): void {
    const { self, leaf, active } = this.#options;
    const links = this.#options.links();
    const room = DIALS_AT_ONCE - this.#underWay.size;
    if (!active() || room <= 0 || !links.negotiates) return;
    const ready = [...this.contacts.ready()].filter(contact => !links.dialling(contact.address));
    for (const contact of wanted(self, directlyLinked(links.table), ready, leaf).slice(0, room)) {
      const dial = this.#dial(contact);
      this.#underWay.add(dial);
      void dial.then(() => this.#underWay.delete(dial));
    }
  }

  async #dial({ address, via }: Contact): Promise<void> {
    const { links, log } = this.#options;
    try {
      await links().connect(address, { via });
    } catch (error) {
      const { code, message } = asSeaError(error);
      log.write('debug', 'a dial failed', { peer: address.toString(), error: message });
      if (!links().table.has(address) || code !== 'DUPLICATE_LINK') this.contacts.failed(address);
    }
  }
}
