/**
 * Holds shards for others within the quota of this device: answers the service's calls. It takes what its hash says, gives
 * to who shows the right, and lets go when a lease ends. It sees ciphertext alone. `storage.ts` loads it when it is first
 * needed.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { equal, toHex } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { SeaError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';
import type { Log } from '../ports/log.ts';
import type { ShardCoder } from '../ports/shard-coder.ts';
import type { ShardStore } from '../ports/shard-store.ts';
import type { Body, Caller, Handler, Incoming } from '../rpc/exchange.ts';
import type { Challenges } from './challenge.ts';
import type { HolderRecord } from './holder-record.ts';
import type { Lease } from './lease.ts';
import { LEASE_MS_LENT, LEASE_MS_MAX, LEASE_MS_MIN, LEASE_SKEW_MS, NEARBY_MAX, READ_SHARDS_MAX } from './limits.ts';
import * as messages from './messages.ts';
import { checkRight, type Right, type ShownRight } from './right.ts';
import { scopes } from './scopes.ts';
import { Shelf } from './shelf.ts';
import { acceptTerms, checkTerms } from './terms.ts';
import { Uploads } from './uploads.ts';

/** What this device holds for others. */
export interface HolderStatus {
  readonly quotaBytes: number;
  /** Of the quota: bytes of shards, and for each a little for its records. */
  readonly usedBytes: number;
  readonly shards: number;
  /** When the last lease on what is held ends, Unix time, ms; undefined where nothing is held. */
  readonly endsAtMs: number | undefined;
  /** Bytes of shards given out since the node was made. */
  readonly servedBytes: number;
}

/** What a device lends. */
export interface Loan {
  /** In all; 0 takes nothing new. */
  readonly quotaBytes: number;
  /** The longest lease that is given, ms: 1 s to a year. Default 30 days. */
  readonly leaseMsMax?: number | undefined;
}

export interface HolderOptions {
  readonly self: HashAddress;
  /** The node's: it signs what it agrees to. */
  readonly key: SigningKey;
  readonly clock: Clock;
  readonly random: Random;
  readonly scope: Scope;
  readonly caller: Caller;
  readonly crypto: Crypto;
  readonly coder: ShardCoder;
  readonly shards: ShardStore;
  /** Nodes with an open link now. */
  readonly neighbours: () => readonly HashAddress[];
  readonly log: Log;
  /** Hears every change of what is held. */
  readonly onStatus: (status: HolderStatus) => void;
}

export class Holder {
  readonly #options: HolderOptions;
  readonly #shelf: Shelf;
  readonly #uploads: Uploads;
  readonly #challenges: Challenges;
  readonly #handlers: ReadonlyMap<string, Handler>;
  /** Shards read a moment ago, the oldest first: their pieces are asked for one after another. */
  readonly #read = new Map<string, Promise<Uint8Array>>();
  #servedBytes = 0;
  #leaseMsMax = LEASE_MS_LENT;

  constructor(options: HolderOptions, challenges: Challenges) {
    this.#options = options;
    this.#shelf = new Shelf(options.shards, options.log);
    this.#uploads = new Uploads(options.clock);
    this.#challenges = challenges;
    this.#handlers = new Map<string, Handler>([
      [scopes.offer, async ({ body }) => messages.writeOffer(this.#offer(messages.readOfferRequest(body)))],
      [scopes.begin, async incoming => messages.writeBegun(await this.#begin(incoming))],
      [scopes.piece, async incoming => this.#piece(incoming)],
      [scopes.commit, incoming => this.#commit(incoming)],
      [scopes.challenge, async incoming => this.#challenge(incoming)],
      [scopes.get, async incoming => messages.writeBytes(await this.#get(incoming))],
      [scopes.delete, incoming => this.#delete(incoming)],
    ]);
  }

  /** Every answer waits for what was held before. */
  async answer(scope: string, incoming: Incoming): Promise<Body> {
    await this.#shelf.load();
    return this.#handlers.get(scope)!(incoming);
  }

  /** Lends room to the sea. What is leased stays until its lease ends. BAD_ARGUMENT, NO_STORAGE. */
  async lend({ quotaBytes, leaseMsMax = LEASE_MS_LENT }: Loan): Promise<void> {
    if (!Number.isSafeInteger(quotaBytes) || quotaBytes < 0)
      throw new SeaError('BAD_ARGUMENT', `a quota is a whole number of bytes, not ${quotaBytes}`);
    if (!Number.isSafeInteger(leaseMsMax) || leaseMsMax < LEASE_MS_MIN || leaseMsMax > LEASE_MS_MAX)
      throw new SeaError('BAD_ARGUMENT', `a lease lasts ${LEASE_MS_MIN} to ${LEASE_MS_MAX} ms, not ${leaseMsMax}`);
    await this.#shelf.load();
    this.#shelf.quotaBytes = quotaBytes;
    this.#leaseMsMax = leaseMsMax;
    this.#report();
  }

  /** Gives up everything held: its owners lose these shards. NO_STORAGE. */
  async giveUp(): Promise<void> {
    await this.#shelf.load();
    this.#read.clear();
    await this.#shelf.sweep(Number.POSITIVE_INFINITY);
    this.#report();
  }

  status(): HolderStatus {
    const { quotaBytes, usedBytes, count, endsAtMs } = this.#shelf;
    return { quotaBytes, usedBytes, shards: count, endsAtMs, servedBytes: this.#servedBytes };
  }

  /** What the sea is told of it. */
  get room(): HolderRecord {
    return { roomBytes: this.#shelf.freeBytes, leaseMsMax: this.#leaseMsMax };
  }

  #offer({ bytes, leaseMs }: messages.OfferRequest): messages.Offer {
    const { freeBytes } = this.#shelf;
    if (freeBytes === 0 || bytes > freeBytes) throw new SeaError('QUOTA', `${bytes} bytes do not fit here`);
    this.#checkLease(leaseMs);
    return { freeBytes, leaseMsMax: this.#leaseMsMax, nearby: this.#options.neighbours().slice(0, NEARBY_MAX) };
  }

  #checkLease(leaseMs: number): void {
    if (leaseMs > this.#leaseMsMax)
      throw new SeaError('LEASE_TOO_LONG', `a lease lasts ${this.#leaseMsMax} ms here, not ${leaseMs}`);
  }

  /** A shard that is here is leased at once, by the owner's signature alone. */
  async #begin({ body, caller, by = caller }: Incoming): Promise<messages.Begun> {
    const request = messages.readBegin(body);
    const { terms, signature } = request;
    const { crypto, clock, self } = this.#options;
    const leaseMs = terms.endsAtMs - clock.wallMs();
    if (leaseMs <= 0) throw new SeaError('CLOCK_SKEW', 'the lease is over before it begins');
    this.#checkLease(leaseMs - LEASE_SKEW_MS);
    await checkTerms(crypto, self, terms, signature);
    if (!(await this.#shelf.lease(toHex(terms.shard), terms.length, leaseOf(request)))) {
      const reserve = (): (() => void) => this.#shelf.reserve(terms.length);
      return { state: 'awaited', upload: this.#uploads.begin({ owner: caller, by }, request, reserve) };
    }
    this.#report();
    return { state: 'held', acceptance: await acceptTerms(this.#options.key, terms) };
  }

  #piece({ body, caller }: Incoming): Body {
    this.#uploads.add(caller, messages.readPiece(body));
    return messages.empty;
  }

  async #commit({ body, caller }: Incoming): Promise<Body> {
    const { request, bytes, release } = this.#uploads.take(caller, messages.readUpload(body));
    const { terms } = request;
    try {
      if (!equal(await this.#options.coder.hash(bytes), terms.shard))
        throw new SeaError('DAMAGED', 'the bytes that came are not the shard that was named');
      await this.#shelf.keep(toHex(terms.shard), bytes, leaseOf(request));
    } finally {
      release();
      this.#uploads.recycle(bytes);
    }
    this.#report();
    return messages.writeAcceptance(await acceptTerms(this.#options.key, terms));
  }

  #challenge({ body, caller }: Incoming): Body {
    messages.readEmpty(body);
    return messages.writeChallenge(this.#challenges.issue(caller));
  }

  async #get({ body, caller }: Incoming): Promise<Uint8Array> {
    const { shard, offset, length, right } = messages.readGet(body);
    await this.#check('fetch', shard, caller, right);
    const bytes = await this.#readShard(toHex(shard));
    if (offset + length > bytes.length) throw new SeaError('BAD_MESSAGE', 'a piece beyond the end of its shard');
    this.#servedBytes += length;
    return bytes.slice(offset, offset + length);
  }

  async #delete({ body, caller }: Incoming): Promise<Body> {
    const { shard, right } = messages.readDelete(body);
    await this.#check('delete', shard, caller, right);
    const id = toHex(shard);
    this.#read.delete(id);
    await this.#shelf.endLeases(id, ({ deleteKey }) => equal(deleteKey, right.publicKey));
    this.#report();
    return messages.empty;
  }

  /** NOT_FOUND for a shard that is not here, REPLAYED for a stale challenge, NO_RIGHT. */
  async #check(right: Right, shard: Uint8Array, caller: HashAddress, shown: ShownRight): Promise<void> {
    const now = this.#options.clock.wallMs();
    const leases = this.#shelf.leases(toHex(shard)).filter(({ endsAtMs }) => endsAtMs > now);
    if (leases.length === 0) throw new SeaError('NOT_FOUND', 'the shard is not held here');
    const keyOf = (lease: Lease): Uint8Array => (right === 'fetch' ? lease.fetchKey : lease.deleteKey);
    if (!leases.some(lease => equal(keyOf(lease), shown.publicKey)))
      throw new SeaError('NO_RIGHT', `no lease gives this key the right to ${right}`);
    if (!this.#challenges.isFresh(caller, shown.challenge)) throw new SeaError('REPLAYED', 'the challenge is stale');
    await checkRight(this.#options.crypto, right, shard, this.#options.self, shown);
  }

  #readShard(id: string): Promise<Uint8Array> {
    const known = this.#read.get(id);
    if (known !== undefined) return known;
    const reading = this.#shelf.read(id);
    this.#read.set(id, reading);
    reading.catch(() => this.#read.delete(id));
    for (const oldest of this.#read.keys()) {
      if (this.#read.size <= READ_SHARDS_MAX) break;
      this.#read.delete(oldest);
    }
    return reading;
  }

  /** Lets go of what nobody waits for any more, and of leases that ended. NO_STORAGE. */
  async sweep(): Promise<void> {
    this.#uploads.dropIdle();
    this.#uploads.forgetSpare();
    this.#read.clear();
    const { usedBytes, endsAtMs } = this.#shelf;
    await this.#shelf.load();
    await this.#shelf.sweep(this.#options.clock.wallMs());
    if (this.#shelf.usedBytes !== usedBytes || this.#shelf.endsAtMs !== endsAtMs) this.#report();
  }

  #report(): void {
    this.#options.onStatus(this.status());
  }
}

function leaseOf({ terms, signature }: messages.BeginRequest): Lease {
  const { fetchKey, deleteKey, verifyKey, endsAtMs, root } = terms;
  return { fetchKey, deleteKey, verifyKey, endsAtMs, root, signature };
}
