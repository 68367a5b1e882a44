/**
 * Finds providers beyond the neighbours. Who contributes announces it under one key of the sea; a node that has a map to
 * run and few candidates asks for links to some of those it finds. A link opened, the provider tells its slots itself.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Cancel } from '../base/clock.ts';
import { asSeaError } from '../base/errors.ts';
import { type Random, shuffle } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import type { Log } from '../ports/log.ts';
import { SCOUT_EVERY_MS, SCOUT_LINKS_AT_ONCE, SCOUT_WANTED } from './limits.ts';

/** The announcements of the sea, as far as this service needs them. */
export interface Board {
  /** Keeps up an announcement until the returned function is called. */
  post(key: string): () => void;
  /** Who has posted under the key. */
  read(key: string): Promise<readonly HashAddress[]>;
}

export interface ScoutOptions {
  readonly self: HashAddress;
  readonly random: Random;
  readonly scope: Scope;
  readonly log: Log;
  readonly board: Board;
  /** Asks for a link to a node; rejects when there is none to be had. */
  readonly reach: (address: HashAddress) => Promise<void>;
  /** Candidates known now, by hex address. */
  readonly known: () => ReadonlyMap<string, unknown>;
}

const KEY = 'compute:providers';

export class Scout {
  readonly #options: ScoutOptions;
  #unpost: (() => void) | undefined;
  #maps = 0;
  #cancel: Cancel = () => {};
  #looking = false;

  constructor(options: ScoutOptions) {
    this.#options = options;
    options.scope.defer(() => this.contributes(false));
  }

  /** Lets others find this node, or no longer. */
  contributes(yes: boolean): void {
    if (yes === (this.#unpost !== undefined)) return;
    if (yes) {
      this.#unpost = this.#options.board.post(KEY);
    } else {
      this.#unpost?.();
      this.#unpost = undefined;
    }
  }

  /** A map begins: looks around now and again until the returned function is called. */
  begin(): () => void {
    if (this.#maps++ === 0) this.#look();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      if (--this.#maps === 0) this.#cancel();
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
    const posted = await board.read(KEY);
    const strangers = posted.filter(address => !address.equals(self) && !known().has(address.toString()));
    const chosen = shuffle(random, strangers).slice(0, SCOUT_LINKS_AT_ONCE);
    await Promise.all(chosen.map(address => reach(address).catch(() => {}))); // some are gone, some have no room
  }
}
