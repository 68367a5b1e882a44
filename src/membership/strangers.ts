/**
 * Coming in once more: now and then a node enters anew by an address it is not linked with and looks for its own place
 * from there, so that seas that were parted, or began apart, find together: a bootstrap node that was started again
 * knows nobody, and those who stayed have each other and miss nothing.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { withTimeout } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import type { ErrorCode } from '../base/errors.ts';
import { pick, type Random } from '../base/random.ts';
import type { Links } from '../link/links.ts';
import { ENTRY_TIMEOUT_MS, STRANGERS_BEATS, STRANGERS_BEATS_MAX } from './limits.ts';

export interface StrangersOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly links: () => Pick<Links, 'table' | 'dialUrl'>;
  /** Where others listen, as far as this node knows. */
  readonly urls: () => readonly string[];
  /** A peer that this node has heard of. */
  readonly contact: () => HashAddress | undefined;
  /** Looks for this node's own place, by way of a peer. */
  look(via: HashAddress | undefined): Promise<void>;
}

export class Strangers {
  readonly #options: StrangersOptions;
  /** Where neighbours listen, by address. */
  readonly #doors = new Map<string, string>();
  /** Of a neighbour that has gone, until it is found or many visits were in vain: it may only be started again. */
  #lost: string | undefined;
  /** Since the last visit. */
  #beats = 0;
  /** Visits in a row that found nobody. */
  #failures = 0;
  #isOut = false;

  constructor(options: StrangersOptions) {
    this.#options = options;
  }

  /** Once a beat. */
  beat(): void {
    if (++this.#beats >= this.#pause && !this.#isOut) void this.meet();
  }

  opened(address: HashAddress, url: string | null): void {
    if (url !== null) this.#doors.set(address.toString(), url);
  }

  gone(address: HashAddress, code: ErrorCode): void {
    const url = this.#doors.get(address.toString());
    this.#doors.delete(address.toString());
    if (code === 'DUPLICATE_LINK' || code === 'LINK_BUDGET') return; // the link was let go, the neighbour is there
    this.#failures = 0;
    this.#lost = url ?? this.#lost;
  }

  /** Goes to one that is known and not linked with, who was lost first; where there is none, looks anew among the peers. */
  async meet(): Promise<void> {
    const { random, contact, look } = this.#options;
    const strange = this.#strange();
    if (!strange.includes(this.#lost ?? '')) this.#lost = undefined;
    const url = this.#lost ?? pick(random, strange);
    this.#beats = 0;
    if (url === undefined) return look(contact());
    this.#isOut = true;
    const found = await this.#reach(url);
    this.#isOut = false;
    if (found !== undefined) {
      this.#failures = 0;
      this.#lost = undefined;
      await look(found); // the link goes the way of every entry
    } else if (2 ** ++this.#failures >= STRANGERS_BEATS_MAX) this.#lost = undefined;
  }

  async #reach(url: string): Promise<HashAddress | undefined> {
    const { clock, links } = this.#options;
    const giveUp = new AbortController();
    try {
      const dial = links().dialUrl(url, giveUp.signal);
      return (await withTimeout(clock, dial, ENTRY_TIMEOUT_MS, `reaching ${url}`)).address;
    } catch {
      giveUp.abort(); // nobody is there now
      return undefined;
    }
  }

  /** Beats between two visits. Few neighbours may be the whole sea, so it is they who must look; many share the work. */
  get #pause(): number {
    const others = Math.max(0, this.#options.links().table.size - 1);
    const beats = this.#lost === undefined ? STRANGERS_BEATS + others * others : 1;
    return Math.min(beats * 2 ** this.#failures, STRANGERS_BEATS_MAX);
  }

  #strange(): string[] {
    const met = new Set([...this.#options.links().table.links()].map(link => link.peer.url));
    return this.#options.urls().filter(url => !met.has(url));
  }
}
