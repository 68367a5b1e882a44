/** One holder as owners and readers see it: calls in their order, shards in pieces. */

import type { HashAddress } from '../address/hash-address.ts';
import { isSeaError, SeaError } from '../base/errors.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';
import type { Body, Caller } from '../rpc/exchange.ts';
import { holderFailure } from './holder-failure.ts';
import { inLanes } from './in-lanes.ts';
import { OFFER_TIMEOUT_MS, PIECE_BYTES_MAX, PIECES_IN_FLIGHT, TRANSFER_TIMEOUT_MS } from './limits.ts';
import * as messages from './messages.ts';
import { type Right, type ShownRight, showRight } from './right.ts';
import { scopes } from './scopes.ts';
import { type Acceptance, checkAcceptance, signTerms, type Terms } from './terms.ts';

export class RemoteHolder {
  readonly address: HashAddress;
  readonly #caller: Caller;
  readonly #crypto: Crypto;
  #challenge: Promise<Uint8Array> | undefined;

  constructor(caller: Caller, crypto: Crypto, address: HashAddress) {
    this.#caller = caller;
    this.#crypto = crypto;
    this.address = address;
  }

  /** Asks for room. Throws QUOTA, LEASE_TOO_LONG, and what calls throw. */
  async offer(request: messages.OfferRequest, signal: AbortSignal | undefined): Promise<messages.Offer> {
    const body = messages.writeOfferRequest(request);
    return messages.readOffer(await this.#call(scopes.offer, body, signal, OFFER_TIMEOUT_MS));
  }

  /**
   * Leaves a shard with the holder, or only a lease where it has the shard; `key` is the right to delete it. Resolved when both
   * are durable there, with the holder's word. Throws QUOTA, LEASE_TOO_LONG, CLOCK_SKEW, NO_RIGHT, OVERLOADED, NO_STORAGE,
   * DAMAGED, BAD_SIGNATURE (that word is another's), and what calls throw.
   */
  async store(terms: Terms, bytes: Uint8Array, key: SigningKey, signal: AbortSignal | undefined): Promise<Acceptance> {
    const signature = await signTerms(key, this.address, terms);
    const request = messages.writeBegin({ terms, signature });
    const begun = messages.readBegun(await this.#call(scopes.begin, request, signal));
    const acceptance = begun.state === 'held' ? begun.acceptance : await this.#upload(begun.upload, bytes, signal);
    await checkAcceptance(this.#crypto, this.address, terms, acceptance);
    return acceptance;
  }

  async #upload(upload: number, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<Acceptance> {
    await inLanes(offsetsOf(bytes.length), PIECES_IN_FLIGHT, async offset => {
      const piece = messages.writePiece({ upload, offset, bytes: bytes.subarray(offset, offset + PIECE_BYTES_MAX) });
      messages.readEmpty(await this.#call(scopes.piece, piece, signal));
    });
    return messages.readAcceptance(await this.#call(scopes.commit, messages.writeUpload(upload), signal));
  }

  /** The bytes that the holder has for a shard, unchecked but for their length. Throws NO_RIGHT, NOT_FOUND, DAMAGED. */
  async fetch(id: Uint8Array, length: number, key: SigningKey, signal: AbortSignal | undefined): Promise<Uint8Array> {
    return this.#withRight('fetch', id, key, signal, async right => {
      const bytes = new Uint8Array(length);
      await inLanes(offsetsOf(length), PIECES_IN_FLIGHT, async offset => {
        const expected = Math.min(PIECE_BYTES_MAX, length - offset);
        const request = messages.writeGet({ shard: id, offset, length: expected, right });
        const piece = messages.readBytes(await this.#call(scopes.get, request, signal));
        if (piece.length !== expected)
          throw new SeaError('DAMAGED', 'a piece of another length', { peer: this.address.toString() });
        bytes.set(piece, offset);
      });
      return bytes;
    });
  }

  /** Reads none of its bytes: resolved when the holder has the shard and takes this key. Throws as `fetch`. */
  async has(id: Uint8Array, key: SigningKey, signal: AbortSignal | undefined): Promise<void> {
    await this.#withRight('fetch', id, key, signal, async right => {
      const nothing = messages.writeGet({ shard: id, offset: 0, length: 0, right });
      messages.readBytes(await this.#call(scopes.get, nothing, signal));
    });
  }

  /** Ends the lease of this key. Throws NO_RIGHT, NOT_FOUND, and what calls throw. */
  async delete(id: Uint8Array, key: SigningKey, signal: AbortSignal | undefined): Promise<void> {
    await this.#withRight('delete', id, key, signal, async right => {
      messages.readEmpty(await this.#call(scopes.delete, messages.writeDelete({ shard: id, right }), signal));
    });
  }

  /** Runs `work` with the right shown; once more with a fresh challenge where the last one had grown stale. */
  async #withRight<T>(
    right: Right,
    id: Uint8Array,
    key: SigningKey,
    signal: AbortSignal | undefined,
    work: (shown: ShownRight) => Promise<T>,
  ): Promise<T> {
    const attempt = async (): Promise<T> =>
      work(await showRight(right, key, id, this.address, await this.#challenged(signal)));
    try {
      return await attempt();
    } catch (error) {
      if (!isSeaError(error, 'REPLAYED')) throw error;
      this.#challenge = undefined;
      return attempt();
    }
  }

  #challenged(signal: AbortSignal | undefined): Promise<Uint8Array> {
    const known = this.#challenge;
    if (known !== undefined) return known;
    const asked = this.#call(scopes.challenge, messages.empty, signal).then(messages.readChallenge);
    this.#challenge = asked;
    asked.catch(() => {
      if (this.#challenge === asked) this.#challenge = undefined;
    });
    return asked;
  }

  async #call(
    scope: string,
    body: Body,
    signal: AbortSignal | undefined,
    timeoutMs: number = TRANSFER_TIMEOUT_MS,
  ): Promise<Body> {
    try {
      return await this.#caller.call(this.address, scope, body, { signal, timeoutMs, about: 'a shard' });
    } catch (error) {
      throw holderFailure(error);
    }
  }
}

function offsetsOf(length: number): number[] {
  return Array.from({ length: Math.ceil(length / PIECE_BYTES_MAX) }, (_, i) => i * PIECE_BYTES_MAX);
}
