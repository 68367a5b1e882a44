/** Tells each neighbour how many slots this device contributes, until it has heard the number that holds now. */

import type { HashAddress } from '../address/hash-address.ts';
import { isSeaError } from '../base/errors.ts';
import type { Scope } from '../base/scope.ts';
import type { Log } from '../ports/log.ts';
import type { Caller } from '../rpc/exchange.ts';
import { ANNOUNCE_RETRY_MS, ANNOUNCE_TIMEOUT_MS, ANNOUNCE_TRIES_MAX } from './limits.ts';
import { scopes, writeSlots } from './messages.ts';

interface Neighbour {
  readonly address: HashAddress;
  /** Ends with the link. */
  readonly scope: Scope;
  /** What it has heard; 0 is what it assumes of a stranger. */
  heard: number;
  telling: boolean;
}

export class SlotAnnouncer {
  readonly #scope: Scope;
  readonly #caller: Caller;
  readonly #log: Log;
  readonly #neighbours = new Map<string, Neighbour>();
  #slots = 0;

  constructor(scope: Scope, caller: Caller, log: Log) {
    this.#scope = scope;
    this.#caller = caller;
    this.#log = log;
  }

  linkOpened(address: HashAddress): void {
    this.linkClosed(address);
    const neighbour = { address, scope: this.#scope.fork(), heard: 0, telling: false };
    this.#neighbours.set(address.toString(), neighbour);
    void this.#tell(neighbour);
  }

  linkClosed(address: HashAddress): void {
    this.#neighbours.get(address.toString())?.scope.close();
    this.#neighbours.delete(address.toString());
  }

  announce(slots: number): void {
    this.#slots = slots;
    for (const neighbour of this.#neighbours.values()) void this.#tell(neighbour);
  }

  /** One call at a time to each neighbour, so that a late old number never follows a new one. */
  async #tell(neighbour: Neighbour, tries = 1): Promise<void> {
    if (neighbour.telling) return;
    neighbour.telling = true;
    try {
      while (neighbour.heard !== this.#slots && !neighbour.scope.closed) {
        const slots = this.#slots;
        const options = { signal: neighbour.scope.signal, timeoutMs: ANNOUNCE_TIMEOUT_MS };
        await this.#caller.call(neighbour.address, scopes.slots, writeSlots(slots), options);
        neighbour.heard = slots;
      }
    } catch (error) {
      this.#retry(neighbour, tries, error);
    } finally {
      neighbour.telling = false;
    }
  }

  #retry(neighbour: Neighbour, tries: number, error: unknown): void {
    if (neighbour.scope.closed || isSeaError(error, 'NO_HANDLER')) return; // gone, or a node that never computes
    if (tries === ANNOUNCE_TRIES_MAX)
      this.#log.write('debug', 'a neighbour does not take our slots', {
        peer: neighbour.address.toString(),
        error: String(error),
      });
    const doublings = Math.min(tries, ANNOUNCE_TRIES_MAX) - 1; // as long as the link stands: it may be busy for minutes
    neighbour.scope.after(ANNOUNCE_RETRY_MS * 2 ** doublings, () => void this.#tell(neighbour, tries + 1));
  }
}
