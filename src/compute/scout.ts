/**
 * Finds providers beyond the neighbours. Who contributes posts it under one key of the sea; a node that has a map to
 * run and few candidates asks for links to some of those it finds. A link opened, the provider tells its slots itself.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Cancel } from '../base/clock.ts';
import { asSeaError } from '../base/errors.ts';
import { type Random, shuffle } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import type { Log } from '../ports/log.ts';
import type { Board } from './compute-options.ts';
import { SCOUT_EVERY_MS, SCOUT_LINKS_AT_ONCE, SCOUT_WANTED } from './limits.ts';
import { type AskedPrice, PROVIDERS_KEY, readProviderRecord } from './provider-record.ts';

/** Whether a map would pay as much. */
export type Affords = (price: AskedPrice) => Promise<boolean>;

export interface ScoutOptions {
  readonly self: HashAddress;
  readonly random: Random;
  readonly scope: Scope;
  readonly log: Log;
  readonly board: Pick<Board, 'read'>;
  /** Asks for a link to a node; rejects when there is none to be had. */
  readonly reach: (address: HashAddress) => Promise<void>;
  /** Candidates known now, by hex address. */
  readonly known: () => ReadonlyMap<string, unknown>;
}

export class Scout {
  readonly #options: ScoutOptions;
  /** One for each map under way. */
  readonly #maps = new Set<Affords>();
  #cancel: Cancel = () => {};
  #looking = false;

  constructor(options: ScoutOptions) {
    this.#options = options;
  }

  /** A map begins: looks around now and again until the returned function is called. */
  begin(affords: Affords): () => void {
    this.#maps.add(affords);
    if (this.#maps.size === 1) this.#look();
    return () => {
      if (this.#maps.delete(affords) && this.#maps.size === 0) this.#cancel();
    };
  }

  #look(): void {
    this.#cancel = this.#options.scope.after(SCOUT_EVERY_MS, () => this.#look());
    if (this.#looking || this.#options.known().size >= SCOUT_WANTED) return;
    this.#looking = true;
    this.#reachSome()
      .catch(error =>
        this.#options.log.write('debug', 'no further providers found', { error: asSeaError(error).message }),
      )
      .finally(() => {
        this.#looking = false;
      });
  }

  async #reachSome(): Promise<void> {
    const { board, known, random, reach, self } = this.#options;
    const chosen: HashAddress[] = [];
    for (const { announcer, value } of shuffle(random, await board.read(PROVIDERS_KEY))) {
      if (chosen.length === SCOUT_LINKS_AT_ONCE) break;
      const isStranger = !announcer.equals(self) && !known().has(announcer.toString());
      if (isStranger && (await this.#isWanted(value))) chosen.push(announcer);
    }
    await Promise.all(chosen.map(address => reach(address).catch(() => {}))); // some are gone, some have no room
  }

  /** Unless it asks more than any map pays. */
  async #isWanted(value: Uint8Array): Promise<boolean> {
    const price = readProviderRecord(value)?.price;
    if (price === undefined) return true;
    return (await Promise.all([...this.#maps].map(affords => affords(price)))).includes(true);
  }
}
