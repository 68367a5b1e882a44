/**
 * Announcements: a node says under a key that it is there, others find it. The 8 nodes nearest to the key hold the
 * record until it ends; its announcer renews it while it lives.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { addressOfKey, type Verified } from '../address/signed.ts';
import { concat } from '../base/bytes.ts';
import type { Cancel, Clock } from '../base/clock.ts';
import { deferred } from '../base/deferred.ts';
import { asSeaError, isSeaError, SeaError } from '../base/errors.ts';
import { below, type Random } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import type { Located } from '../membership/membership.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';
import type { Log } from '../ports/log.ts';
import type { Caller } from '../rpc/exchange.ts';
import {
  AHEAD_MS_MAX,
  ANNOUNCEMENTS_MAX,
  ASK_PATIENCE_MS,
  ASK_TIMEOUT_MS,
  ASKED_AT_ONCE,
  HOLDERS,
  LIFETIME_MS,
  LIFETIME_MS_MAX,
  PLACE_GAP_MS,
  REANNOUNCE_DIVISOR,
  RETELL_MS,
  VALUE_BYTES_MAX,
  WANTED_TAGS_MAX,
} from './limits.ts';
import {
  type GetRequest,
  readGet,
  readGetAnswer,
  readPutAnswer,
  scopes,
  writeGet,
  writeGetAnswer,
} from './messages.ts';
import {
  announcerOf,
  decodeRecord,
  encodeRecord,
  hasTags,
  isOfTime,
  keyAddress,
  type SignedRecord,
  signRecord,
  tagOf,
  verifyRecord,
} from './record.ts';
import { type HeldRecord, RecordShelf, type ShelfView } from './record-shelf.ts';

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
  /** Unix ms by this node's clock. */
  readonly expiresMs: number;
}

/** All that was found, in no order. */
export interface FoundList extends Array<Found> {
  /** Perhaps not all that there are: more announce it than its holders take (64 each). Another time others are found. */
  readonly more: boolean;
}

export interface AnnounceOptions {
  /** How long the record lives without being renewed, ms; default 5 minutes, at most an hour. */
  readonly lifetimeMs?: number | undefined;
  /** It is no tag: neither it nor this node's other announcements tell of one another. Default false. */
  readonly alone?: boolean | undefined;
}

/** Kept up until `stop`. */
export interface Standing {
  /**
   * Resolves when another node has it (when there is none: this one). Rejects when no holder took it: with CLOCK_SKEW where
   * the clocks of the holders and of this device differ too much.
   */
  readonly held: Promise<void>;
  stop(): void;
}

/** What is announced, or what makes it each time that it is renewed. */
export type Announced = Uint8Array | (() => Uint8Array | Promise<Uint8Array>);

interface Kept {
  readonly key: string;
  readonly address: HashAddress;
  readonly value: Announced;
  readonly lifetimeMs: number;
  readonly alone: boolean;
  /** How many tags had ever been announced when it was signed last. */
  tagsTold: number;
}

interface Seen extends HeldRecord {
  readonly announcer: HashAddress;
}

export class Records {
  readonly #options: RecordsOptions;
  readonly #shelf: RecordShelf;
  readonly #self: HashAddress;
  readonly #standing = new Map<string, Kept>();
  #sequence: number;
  #tagsEver = 0;
  #cancelRetell: Cancel | undefined;

  constructor(options: RecordsOptions) {
    const { clock, random, key, caller, scope } = options;
    this.#options = options;
    this.#self = addressOfKey(key.publicKey);
    this.#shelf = new RecordShelf(clock, random);
    this.#sequence = Math.floor(clock.wallMs()); // later runs of this node go on above earlier ones
    caller.handle(scopes.put, async incoming => {
      const record = decodeRecord(incoming.body.value);
      if (!announcerOf(record).equals(incoming.caller))
        throw new SeaError('DECLINED', 'a record is taken of its announcer');
      return { value: [await this.#take(record, incoming.by ?? incoming.caller)] };
    });
    caller.handle(scopes.get, async incoming => {
      const { key, tags } = readGet(incoming.body.value);
      return { value: writeGetAnswer(this.#shelf.get(key, tags)) };
    });
    scope.every(LIFETIME_MS / REANNOUNCE_DIVISOR, () => this.#shelf.sweep());
  }

  /** Records held for others. */
  get held(): number {
    return this.#shelf.size;
  }

  /** Announces a value under a key and renews it until stopped. BAD_ARGUMENT, TOO_LARGE, OVERLOADED. */
  announce(key: string, value: Announced, options: AnnounceOptions = {}): Standing {
    const { lifetimeMs = LIFETIME_MS, alone = false } = options;
    const kept: Kept = { key, address: keyAddress(key), value, lifetimeMs, alone, tagsTold: 0 };
    if (value instanceof Uint8Array) checkSize(value);
    if (!(lifetimeMs >= 1_000 && lifetimeMs <= LIFETIME_MS_MAX))
      throw new SeaError('BAD_ARGUMENT', `a lifetime is 1,000 to ${LIFETIME_MS_MAX} ms`);
    if (this.#standing.has(key))
      throw new SeaError('BAD_ARGUMENT', `${JSON.stringify(key)} is announced already: stop that first`);
    if (this.#standing.size >= ANNOUNCEMENTS_MAX)
      throw new SeaError('OVERLOADED', `at most ${ANNOUNCEMENTS_MAX} announcements at once`);
    this.#standing.set(key, kept);
    const { scope, random } = this.#options;
    let cancel: Cancel = () => {};
    const renew = (): void => {
      const everyMs = lifetimeMs / REANNOUNCE_DIVISOR;
      cancel = scope.after(everyMs - below(random, Math.ceil(everyMs / 8)), () => {
        renew();
        this.#renew(kept);
      });
    };
    renew();
    const held = this.#place(kept);
    held.catch(() => {});
    if (!alone) this.#retell();
    return {
      held,
      stop: () => {
        cancel();
        if (this.#standing.get(key) === kept) this.#standing.delete(key);
      },
    };
  }

  /** This node has a place in the sea, perhaps a new one: what it announces gets holders there. */
  online(): void {
    this.#renewAll(() => true);
  }

  /** What is announced under a key, each announcer's newest, this node's own included. BAD_ARGUMENT. */
  find(key: string, signal?: AbortSignal): Promise<FoundList> {
    return this.findTagged([key], signal);
  }

  /** Who announces every one of the tags, with the value under the first whose holders know it. BAD_ARGUMENT for none, or more than 16. */
  async findTagged(tags: readonly string[], signal?: AbortSignal): Promise<FoundList> {
    if (tags.length === 0 || tags.length > WANTED_TAGS_MAX)
      throw new SeaError('BAD_ARGUMENT', `name 1 to ${WANTED_TAGS_MAX} tags`);
    const keys = tags.map(keyAddress);
    const wanted = keys.length === 1 ? new Uint8Array(0) : concat(...keys.map(tagOf));
    const seen = await Promise.all(keys.map(key => this.#search({ key, tags: wanted }, signal)));
    const nowMs = this.#options.clock.wallMs();
    const all = new Map(seen.reverse().flatMap(({ newest }) => [...newest]));
    const found = [...all.values()].map(({ announcer, record, leftMs }) => ({
      announcer,
      value: record.value,
      expiresMs: Math.floor(nowMs + leftMs),
    }));
    // beside the items: it is no item, and shows in no listing of them
    return Object.defineProperty(found, 'more', { value: seen.every(({ more }) => more) }) as unknown as FoundList;
  }

  async #search(
    request: GetRequest,
    signal: AbortSignal | undefined,
  ): Promise<{ newest: Map<string, Seen>; more: boolean }> {
    const located = (await this.#options.locate(request.key)).slice(0, HOLDERS);
    const newest = new Map<string, Seen>();
    let more = false;
    const answers: ShelfView[] = [];
    const take = async (): Promise<void> => {
      for (const answer of answers.splice(0)) {
        more ||= answer.more;
        for (const held of answer.records) await this.#keepNewer(newest, request, held);
      }
    };
    const asked: Promise<unknown>[] = [];
    for (let at = 0; at < located.length; at += ASKED_AT_ONCE) {
      const before = newest.size;
      for (const holder of located.slice(at, at + ASKED_AT_ONCE)) {
        const answered = this.#ask(holder, request, signal).then(answer => answers.push(answer));
        asked.push(answered.catch(() => {}));
      }
      await this.#patiently(Promise.all(asked)); // one that has just left is silent
      await take();
      if (newest.size > 0 && newest.size === before) break; // the second ring of holders knew nothing new
    }
    if (newest.size === 0) {
      await Promise.all(asked); // the silent may know what the others do not
      await take();
    }
    return { newest, more };
  }

  async #patiently(answers: Promise<unknown>): Promise<void> {
    const { promise, resolve } = deferred<void>();
    const cancel = this.#options.clock.after(ASK_PATIENCE_MS, resolve);
    await Promise.race([answers, promise]);
    cancel();
  }

  /** Those announced before have to say that there is a further tag. */
  #retell(): void {
    this.#tagsEver++;
    this.#cancelRetell ??= this.#options.scope.after(RETELL_MS, () => {
      this.#cancelRetell = undefined;
      this.#renewAll(({ alone, tagsTold }) => !alone && tagsTold < this.#tagsEver);
    });
  }

  /** One after another: each is eight calls. */
  #renewAll(which: (kept: Kept) => boolean): void {
    for (const [place, kept] of [...this.#standing.values()].filter(which).entries())
      this.#options.scope.after(place * PLACE_GAP_MS, () => this.#renew(kept));
  }

  #renew(kept: Kept): void {
    this.#place(kept).catch(error =>
      this.#options.log.write('debug', 'an announcement found no holder', {
        key: kept.key,
        error: asSeaError(error).message,
      }),
    );
  }

  async #place(kept: Kept, again = true): Promise<void> {
    const holders = (await this.#options.locate(kept.address)).slice(0, HOLDERS);
    const record = await this.#sign(kept);
    let newer = 0;
    const put = async (holder: Located): Promise<void> => {
      const sequence = await this.#put(holder, record);
      if (sequence === null) return;
      newer = Math.max(newer, sequence);
      throw new SeaError('REPLAYED', 'a newer record is held');
    };
    const puts = holders.map(put);
    const others = puts.filter((_, at) => !holders[at]!.address.equals(this.#self));
    // An earlier run had a clock that was ahead: go on above it.
    const above = Promise.allSettled(puts).then(() => {
      if (newer === 0 || !again || newer > this.#options.clock.wallMs() + AHEAD_MS_MAX) return false;
      this.#sequence = Math.max(this.#sequence, newer);
      return this.#place(kept, false).then(() => true);
    });
    above.catch(() => {}); // told by the next renewal, unless it is awaited here
    await Promise.any(others.length > 0 ? others : puts).catch(async ({ errors }: AggregateError) => {
      if (!(await above)) throw reasonOf(errors);
    });
  }

  /** The record as it is now. Throws ABORTED when it was stopped meanwhile. */
  async #sign(kept: Kept): Promise<SignedRecord> {
    const { clock, key: signingKey } = this.#options;
    const value = kept.value instanceof Uint8Array ? kept.value : await kept.value();
    checkSize(value);
    if (this.#standing.get(kept.key) !== kept) throw new SeaError('ABORTED', 'the announcement was stopped');
    this.#sequence = Math.max(this.#sequence + 1, Math.floor(clock.wallMs()));
    kept.tagsTold = this.#tagsEver;
    const tagged = kept.alone ? [] : [...this.#standing.values()].filter(({ alone }) => !alone);
    return signRecord(signingKey, {
      key: kept.address,
      publicKey: signingKey.publicKey,
      sequence: this.#sequence,
      lifetimeMs: Math.floor(kept.lifetimeMs),
      value,
      tags: concat(...tagged.map(({ address }) => tagOf(address))),
    });
  }

  async #put(holder: Located, record: SignedRecord): Promise<number | null> {
    if (holder.address.equals(this.#self)) return this.#take(record, this.#self);
    const body = { value: encodeRecord(record) };
    const options = { via: holder.via, timeoutMs: ASK_TIMEOUT_MS, about: 'an announcement' };
    return readPutAnswer((await this.#options.caller.call(holder.address, scopes.put, body, options)).value);
  }

  /** Puts a record on the shelf. Throws CLOCK_SKEW, BAD_SIGNATURE, OVERLOADED. */
  async #take(record: SignedRecord, by: HashAddress): Promise<number | null> {
    const { crypto, clock } = this.#options;
    if (!isOfTime(record, clock.wallMs())) throw new SeaError('CLOCK_SKEW', 'the record is of another time');
    return this.#shelf.put(await verifyRecord(crypto, record), by);
  }

  async #ask(holder: Located, request: GetRequest, signal: AbortSignal | undefined): Promise<ShelfView> {
    if (holder.address.equals(this.#self)) return this.#shelf.get(request.key, request.tags);
    const options = { via: holder.via, timeoutMs: ASK_TIMEOUT_MS, signal };
    const body = { value: writeGet(request) };
    return readGetAnswer((await this.#options.caller.call(holder.address, scopes.get, body, options)).value);
  }

  /** Holders are not trusted: each record is checked, and stands for what it says only. */
  async #keepNewer(newest: Map<string, Seen>, { key, tags }: GetRequest, held: HeldRecord): Promise<void> {
    const { crypto, clock } = this.#options;
    const { record } = held;
    if (!record.key.equals(key) || !hasTags(record.tags, tags)) return;
    if (!isOfTime(record, clock.wallMs(), record.lifetimeMs)) return;
    const name = announcerOf(record).toString();
    if ((newest.get(name)?.record.sequence ?? -1) >= record.sequence) return;
    try {
      const { signer }: Verified<SignedRecord> = await verifyRecord(crypto, record);
      newest.set(name, { ...held, announcer: signer });
    } catch {
      return; // a forged record counts as none
    }
  }
}

function checkSize({ length }: Uint8Array): void {
  if (length > VALUE_BYTES_MAX)
    throw new SeaError('TOO_LARGE', `an announced value has at most ${VALUE_BYTES_MAX} bytes, this has ${length}`);
}

/** Why no holder took a record. */
function reasonOf(errors: readonly unknown[]): SeaError {
  if (errors.some(error => isSeaError(error, 'CLOCK_SKEW')))
    return new SeaError('CLOCK_SKEW', "this device's clock and those of the holders are more than an hour apart");
  return asSeaError(errors[0] ?? new SeaError('NOT_ONLINE', 'nobody is there to hold the record'));
}
