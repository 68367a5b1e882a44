/**
 * The nodes that one content is fetched from: whom to ask for the next block. The one with the fewest failures and the
 * least to do comes first, those alike take turns; another is asked when it fails or is slow; who gives wrong bytes is asked no more.
 */

import { ContentId } from '../address/content-id.ts';
import type { HashAddress } from '../address/hash-address.ts';
import type { Clock } from '../base/clock.ts';
import { asSeaError, SeaError } from '../base/errors.ts';
import { firstOf } from '../base/first-of.ts';
import type { Caller } from '../rpc/exchange.ts';
import { BLOCK_TIMEOUT_MS, HEDGE_MS, IN_FLIGHT_MAX, IN_FLIGHT_PER_SOURCE, SOURCES_MAX } from './limits.ts';
import { readBlock, scopes, writeGet } from './messages.ts';

export interface SourcesOptions {
  readonly clock: Clock;
  readonly caller: Caller;
  /** Hears of a node that gave other bytes than those it was asked for. */
  readonly offend: (peer: HashAddress) => void;
}

interface Source {
  readonly address: HashAddress;
  failures: number;
  /** Calls under way to it, and calls in all. */
  busy: number;
  asked: number;
}

export class Sources {
  readonly #options: SourcesOptions;
  readonly #sources: Set<Source>;
  /** Why the last source was struck out. */
  #lastLie: SeaError | undefined;

  /** At most SOURCES_MAX of the addresses are asked. */
  constructor(options: SourcesOptions, addresses: readonly HashAddress[]) {
    this.#options = options;
    this.#sources = new Set(
      addresses.slice(0, SOURCES_MAX).map(address => ({ address, failures: 0, busy: 0, asked: 0 })),
    );
  }

  /** Blocks to have under way at once. */
  get inFlight(): number {
    return Math.max(1, Math.min(IN_FLIGHT_MAX, IN_FLIGHT_PER_SOURCE * this.#sources.size));
  }

  /** The bytes of a block, checked. Throws DAMAGED naming who gave others, NOT_FOUND, and what calls throw. */
  async bring(id: ContentId, signal: AbortSignal): Promise<Uint8Array> {
    const untried = new Set(this.#sources);
    const tries = [...untried].map(() => (over: AbortSignal) => this.#ask(takeBest(untried), id, over));
    if (tries.length === 0) throw this.#lastLie ?? new SeaError('NOT_FOUND', 'nobody is left to ask for a block');
    const outcome = await firstOf(this.#options.clock, 1, tries, HEDGE_MS, signal);
    if (outcome.state === 'enough') return outcome.values[0] as Uint8Array;
    throw gravest(outcome.failures);
  }

  async #ask(source: Source, id: ContentId, signal: AbortSignal): Promise<Uint8Array> {
    const { caller } = this.#options;
    source.busy++;
    source.asked++;
    try {
      const options = { signal, timeoutMs: BLOCK_TIMEOUT_MS, about: 'a block' };
      const bytes = readBlock(await caller.call(source.address, scopes.get, writeGet(id), options));
      if (!ContentId.of(bytes).equals(id)) throw this.#strikeOut(source);
      return bytes;
    } catch (error) {
      source.failures++;
      throw error;
    } finally {
      source.busy--;
    }
  }

  #strikeOut(source: Source): SeaError {
    const peer = source.address;
    this.#lastLie = new SeaError('DAMAGED', 'other bytes than the id names', { peer: peer.toString() });
    if (this.#sources.delete(source)) this.#options.offend(peer);
    return this.#lastLie;
  }
}

function takeBest(untried: Set<Source>): Source {
  const [best] = [...untried].sort((a, b) => a.failures - b.failures || a.busy - b.busy || a.asked - b.asked);
  untried.delete(best as Source);
  return best as Source;
}

/** What says most about why nobody delivered: a lie, then a failed call; that a node has not got the block, last. */
function gravest(failures: readonly unknown[]): SeaError {
  const errors = failures.map(failure => asSeaError(failure));
  const rank = ({ code }: SeaError): number => (code === 'DAMAGED' ? 2 : code === 'NOT_FOUND' ? 0 : 1);
  return errors.reduce((worst, error) => (rank(error) > rank(worst) ? error : worst));
}
