/**
 * Announcements: a node says under a key that it is there, others find it. The 8 nodes nearest to the key hold the
 * record until it expires; its announcer renews it while it lives.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { addressOfKey, type Verified } from '../address/signed.ts';
import type { Cancel, Clock } from '../base/clock.ts';
import { asSeaError, SeaError } from '../base/errors.ts';
import { below, type Random } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import type { Located } from '../membership/membership.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';
import type { Log } from '../ports/log.ts';
import type { Caller } from '../rpc/exchange.ts';
import { Reader } from '../wire/reader.ts';
import {
  ANNOUNCEMENTS_MAX,
  ASK_TIMEOUT_MS,
  ASKED_AT_ONCE,
  HOLDERS,
  LIFETIME_MS,
  LIFETIME_MS_MAX,
  REANNOUNCE_DIVISOR,
  RECORDS_PER_ANSWER_MAX,
  VALUE_BYTES_MAX,
} from './limits.ts';
import {
  announcerOf,
  decodeRecord,
  encodeRecord,
  keyAddress,
  type SignedRecord,
  signRecord,
  verifyRecord,
} from './record.ts';
import { RecordShelf } from './record-shelf.ts';

const scopes = { put: 'records:put', get: 'records:get' } as const;

export interface RecordsOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly scope: Scope;
  readonly crypto: Crypto;
  readonly key: SigningKey;
  readonly caller: Caller;
  readonly log: Log;
  /** The nodes nearest to an address, this one among them where it is, nearest first. */
  readonly locate: (target: HashAddress) => Promise<readonly Located[]>;
}

/** What was found under a key. */
export interface Found {
  readonly announcer: HashAddress;
  readonly value: Uint8Array;
  /** Unix ms. */
  readonly expiresMs: number;
}

export interface AnnounceOptions {
  /** How long the record lives without being renewed, ms; default 5 minutes, at most an hour. */
  readonly lifetimeMs?: number | undefined;
}

/** Kept up until `stop`. */
export interface Standing {
  /** Resolves when holders have it; rejects when no holder took it. */
  readonly held: Promise<void>;
  stop(): void;
}

export class Records {
  readonly #options: RecordsOptions;
  readonly #shelf: RecordShelf;
  readonly #self: HashAddress;
  readonly #standing = new Set<string>();
  #sequence: number;

  constructor(options: RecordsOptions) {
    this.#options = options;
    this.#self = addressOfKey(options.key.publicKey);
    this.#shelf = new RecordShelf(options.clock);
    this.#sequence = Math.floor(options.clock.wallMs()); // later runs of this node go on above earlier ones
    options.caller.handle(scopes.put, async incoming => {
      this.#shelf.put(await verifyRecord(options.crypto, decodeRecord(incoming.body.value), options.clock.wallMs()));
      return { value: null };
    });
    options.caller.handle(scopes.get, async incoming => ({
      value: this.#shelf.get(readKey(incoming.body.value), RECORDS_PER_ANSWER_MAX).map(encodeRecord),
    }));
    options.scope.every(LIFETIME_MS / REANNOUNCE_DIVISOR, () => this.#shelf.sweep());
  }

  /** Records held for others. */
  get held(): number {
    return this.#shelf.size;
  }

  /** Announces a value under a key and renews it until stopped. BAD_ARGUMENT, TOO_LARGE, OVERLOADED. */
  announce(key: string, value: Uint8Array, { lifetimeMs = LIFETIME_MS }: AnnounceOptions = {}): Standing {
    const address = keyAddress(key);
    if (value.length > VALUE_BYTES_MAX)
      throw new SeaError(
        'TOO_LARGE',
        `an announced value has at most ${VALUE_BYTES_MAX} bytes, this has ${value.length}`,
      );
    if (!(lifetimeMs >= 1_000 && lifetimeMs <= LIFETIME_MS_MAX))
      throw new SeaError('BAD_ARGUMENT', `a lifetime is 1,000 to ${LIFETIME_MS_MAX} ms`);
    if (this.#standing.has(key))
      throw new SeaError('BAD_ARGUMENT', `${JSON.stringify(key)} is announced already: stop that first`);
    if (this.#standing.size >= ANNOUNCEMENTS_MAX)
      throw new SeaError('OVERLOADED', `at most ${ANNOUNCEMENTS_MAX} announcements at once`);
    this.#standing.add(key);
    const { scope, random } = this.#options;
    let cancel: Cancel = () => {};
    const renew = (): void => {
      const everyMs = lifetimeMs / REANNOUNCE_DIVISOR;
      cancel = scope.after(everyMs - below(random, Math.ceil(everyMs / 8)), () => {
        renew();
        this.#place(address, value, lifetimeMs).catch(error =>
          this.#options.log.write('debug', 'an announcement found no holder', {
            key,
            error: asSeaError(error).message,
          }),
        );
      });
    };
    renew();
    const held = this.#place(address, value, lifetimeMs);
    held.catch(() => {});
    return {
      held,
      stop: () => {
        cancel();
        this.#standing.delete(key);
      },
    };
  }

  /** What is announced under a key, each announcer's newest, this node's own included; in no order. */
  async find(key: string, signal?: AbortSignal): Promise<Found[]> {
    const address = keyAddress(key);
    const located = (await this.#options.locate(address)).slice(0, HOLDERS);
    const newest = new Map<string, Verified<SignedRecord>>();
    for (let at = 0; at < located.length; at += ASKED_AT_ONCE) {
      const before = newest.size;
      const answers = await Promise.all(
        located.slice(at, at + ASKED_AT_ONCE).map(holder => this.#ask(holder, address, signal).catch(() => [])),
      );
      for (const record of answers.flat()) await this.#keepNewer(newest, address, record);
      if (newest.size > 0 && newest.size === before) break; // the second ring of holders knew nothing new
    }
    return [...newest.values()].map(({ value: { value, expiresMs }, signer }) => ({
      announcer: signer,
      value,
      expiresMs,
    }));
  }

  /** Who announces every one of the tags, with the value under the first. BAD_ARGUMENT for none. */
  async findTagged(tags: readonly string[], signal?: AbortSignal): Promise<Found[]> {
    const [first, ...others] = await Promise.all(tags.map(tag => this.find(tag, signal)));
    if (first === undefined) throw new SeaError('BAD_ARGUMENT', 'name at least one tag');
    const sets = others.map(found => new Set(found.map(({ announcer }) => announcer.toString())));
    return first.filter(({ announcer }) => sets.every(set => set.has(announcer.toString())));
  }

  async #place(key: HashAddress, value: Uint8Array, lifetimeMs: number): Promise<void> {
    const { clock, key: signingKey, locate } = this.#options;
    this.#sequence = Math.max(this.#sequence + 1, Math.floor(clock.wallMs()));
    const record = await signRecord(signingKey, {
      key,
      publicKey: signingKey.publicKey,
      sequence: this.#sequence,
      expiresMs: Math.floor(clock.wallMs() + lifetimeMs),
      value,
    });
    const holders = (await locate(key)).slice(0, HOLDERS);
    await Promise.any(holders.map(holder => this.#put(holder, record))).catch(({ errors }: AggregateError) => {
      throw asSeaError(errors[0] ?? new SeaError('NOT_ONLINE', 'nobody is there to hold the record'));
    });
  }

  async #put(holder: Located, record: SignedRecord): Promise<void> {
    const { caller, crypto, clock } = this.#options;
    if (holder.address.equals(this.#self)) this.#shelf.put(await verifyRecord(crypto, record, clock.wallMs()));
    else
      await caller.call(
        holder.address,
        scopes.put,
        { value: encodeRecord(record) },
        { via: holder.via, timeoutMs: ASK_TIMEOUT_MS },
      );
  }

  async #ask(holder: Located, key: HashAddress, signal: AbortSignal | undefined): Promise<SignedRecord[]> {
    if (holder.address.equals(this.#self)) return this.#shelf.get(key, RECORDS_PER_ANSWER_MAX);
    const { value } = await this.#options.caller.call(
      holder.address,
      scopes.get,
      { value: [key.bytes] },
      { via: holder.via, timeoutMs: ASK_TIMEOUT_MS, signal },
    );
    if (!Array.isArray(value) || value.length > RECORDS_PER_ANSWER_MAX)
      throw new SeaError('BAD_MESSAGE', 'not a list of records');
    return value.map(decodeRecord);
  }

  /** Holders are not trusted: each record is checked, and stands for what it says only. */
  async #keepNewer(newest: Map<string, Verified<SignedRecord>>, key: HashAddress, record: SignedRecord): Promise<void> {
    if (!record.key.equals(key)) return;
    const announcer = announcerOf(record).toString();
    const known = newest.get(announcer);
    if (known !== undefined && known.value.sequence >= record.sequence) return;
    try {
      newest.set(announcer, await verifyRecord(this.#options.crypto, record, this.#options.clock.wallMs()));
    } catch {
      return; // a forged or ended record counts as none
    }
  }
}

function readKey(value: unknown): HashAddress {
  const reader = new Reader(value as never, 'key');
  const key = reader.address('key');
  reader.end();
  return key;
}
