/** The n holders of a file that is being stored, one for each shard of a segment, and who takes over for one that fails. */

import type { HashAddress } from '../address/hash-address.ts';
import { nearest } from '../address/xor.ts';
import { checkAborted } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import { deferred } from '../base/deferred.ts';
import { SeaError } from '../base/errors.ts';
import { type Random, shuffle } from '../base/random.ts';
import { ASKED_AGAIN_MAX, ASKED_MAX, OFFER_GRACE_MS, OFFER_PATIENCE_MS } from './limits.ts';
import type { OfferRequest } from './messages.ts';
import type { RemoteHolder } from './remote-holder.ts';
import { isUnreached } from './unreached.ts';

export interface PlacesHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly self: HashAddress;
  /** Nodes with an open link now: the first to be asked. */
  readonly neighbours: () => readonly HashAddress[];
  /** Nodes that say in the sea that they lend, and do not say that they have less room. */
  readonly find: (bytes: number, signal: AbortSignal | undefined) => Promise<readonly HashAddress[]>;
  readonly holder: (address: HashAddress) => RemoteHolder;
}

export class Places {
  readonly #host: PlacesHost;
  readonly #request: OfferRequest;
  readonly #signal: AbortSignal | undefined;
  readonly #asked = new Set<string>();
  readonly #slots: RemoteHolder[] = [];
  readonly #spare: RemoteHolder[] = [];
  /** Questions under way, and who hears that one of them ended. */
  #open = 0;
  #onAnswer: (() => void) | undefined;
  /** Whom those name that answered. */
  #named: HashAddress[] = [];
  /** Nodes that could not be reached. */
  readonly #silent: HashAddress[] = [];
  #searching: Promise<void> | undefined;
  /** Why the last node that answered is no holder. */
  #refusal: unknown;

  private constructor(host: PlacesHost, request: OfferRequest, signal: AbortSignal | undefined) {
    this.#host = host;
    this.#request = request;
    this.#signal = signal;
    this.#asked.add(host.self.toString()); // what this device loses its own shards go with
  }

  /** Finds n distinct nodes that answered an offer. Throws TOO_FEW_HOLDERS, ABORTED. */
  static async find(
    host: PlacesHost,
    n: number,
    request: OfferRequest,
    signal: AbortSignal | undefined,
  ): Promise<Places> {
    const places = new Places(host, request, signal);
    await places.#search(n);
    if (places.#spare.length < n) {
      throw new SeaError('TOO_FEW_HOLDERS', `${places.#spare.length} nodes offered room, ${n} are needed`, {
        cause: places.#refusal,
      });
    }
    // The order is this owner's own and lasting: a segment stored again meets the holders that have it.
    const offered = nearest(host.self, places.#spare.splice(0));
    places.#slots.push(...offered.slice(0, n));
    places.#spare.push(...offered.slice(n));
    return places;
  }

  /** Up to `wanted` nodes that offer room now; who is slow to answer is not waited for. Throws ABORTED. */
  static async offers(
    host: PlacesHost,
    wanted: number,
    request: OfferRequest,
    signal: AbortSignal | undefined,
  ): Promise<HashAddress[]> {
    const places = new Places(host, request, signal);
    await places.#ask(wanted);
    return places.#spare.slice(0, wanted).map(({ address }) => address);
  }

  /** Who holds the shards of this index now. */
  at(slot: number): RemoteHolder {
    return this.#slots[slot]!;
  }

  /** Puts another holder in the place of one that failed, if nobody has yet. Throws TOO_FEW_HOLDERS, ABORTED. */
  async replace(slot: number, failed: RemoteHolder, cause: unknown): Promise<void> {
    if (this.#slots[slot] !== failed) return;
    if (this.#spare.length === 0) {
      this.#searching ??= this.#search(1).finally(() => {
        this.#searching = undefined;
      });
      await this.#searching;
      if (this.#slots[slot] !== failed) return;
    }
    const next = this.#spare.shift();
    if (next === undefined)
      throw new SeaError('TOO_FEW_HOLDERS', 'a holder failed and no other node offers room', { cause });
    this.#slots[slot] = next;
  }

  /** Makes `wanted` spare, or as many as there are: who is slow is waited for then, and who is silent asked again. */
  async #search(wanted: number): Promise<void> {
    await this.#ask(wanted);
    for (let again = 0; this.#spare.length < wanted; again++) {
      await this.#until(() => this.#open === 0 || this.#spare.length >= wanted);
      checkAborted(this.#signal);
      if (again === ASKED_AGAIN_MAX || this.#silent.length === 0) return;
      for (const address of this.#silent.splice(0)) void this.#offer(address);
    }
  }

  /** Asks neighbours, then who is found, then whom those name, until `wanted` are spare or nobody is left. */
  async #ask(wanted: number): Promise<void> {
    await this.#round(wanted, this.#host.neighbours());
    if (this.#spare.length < wanted) await this.#round(wanted, await this.#find());
    while (this.#named.length > 0 && this.#spare.length < wanted) await this.#round(wanted, this.#named.splice(0));
  }

  async #find(): Promise<readonly HashAddress[]> {
    try {
      return await this.#host.find(this.#request.bytes, this.#signal);
    } catch {
      checkAborted(this.#signal);
      return []; // there are still those whom neighbours name
    }
  }

  /**
   * Asks those not asked yet. The others do not wait long for one that is silent, for it may just have left; its answer counts
   * whenever it comes.
   */
  async #round(wanted: number, addresses: readonly HashAddress[]): Promise<void> {
    for (const address of shuffle(this.#host.random, addresses)) if (this.#isNew(address)) void this.#offer(address);
    await this.#until(() => this.#open === 0 || this.#spare.length >= wanted, OFFER_PATIENCE_MS);
    if (this.#spare.length >= wanted) await this.#until(() => this.#open === 0, OFFER_GRACE_MS);
    checkAborted(this.#signal);
  }

  /** Resolved when `isSo` after a question has ended, or when `ms` have passed. */
  async #until(isSo: () => boolean, ms?: number): Promise<void> {
    if (isSo()) return;
    const { promise, resolve } = deferred<void>();
    const cancel = ms === undefined ? undefined : this.#host.clock.after(ms, resolve);
    this.#onAnswer = () => {
      if (isSo()) resolve();
    };
    await promise;
    cancel?.();
    this.#onAnswer = undefined;
  }

  #isNew(address: HashAddress): boolean {
    const key = address.toString();
    if (this.#asked.has(key) || this.#asked.size >= ASKED_MAX) return false;
    this.#asked.add(key);
    return true;
  }

  async #offer(address: HashAddress): Promise<void> {
    this.#open++;
    const holder = this.#host.holder(address);
    try {
      const { nearby } = await holder.offer(this.#request, this.#signal);
      this.#spare.push(holder);
      this.#named.push(...nearby);
    } catch (error) {
      // Full, or lends nothing: no holder. But one that came back a moment ago may be behind a link that is not yet known dead.
      if (isUnreached(error)) this.#silent.push(address);
      else this.#refusal = error;
    }
    this.#open--;
    this.#onAnswer?.();
  }
}
