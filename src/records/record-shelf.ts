/**
 * The records that this node holds for others: bounded per key, per announcer and in all. Where there is no room for all,
 * neighbours have equal shares: of the one by whom most have come, one drawn at random makes room. So a crowd that comes
 * by one neighbour pushes out its own, and what is held of a key that more announce than fit is a random sample that
 * changes all the time, another one at each holder.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Verified } from '../address/signed.ts';
import type { Clock } from '../base/clock.ts';
import { SeaError } from '../base/errors.ts';
import { below, type Random } from '../base/random.ts';
import { CLOCK_SKEW_MS_MAX, ENDED_MAX, KEYS_PER_ANNOUNCER_MAX, RECORDS_MAX, RECORDS_PER_KEY_MAX } from './limits.ts';
import { hasTags, type SignedRecord } from './record.ts';

interface Held {
  readonly record: SignedRecord;
  readonly announcer: string;
  /** The neighbour by whom it came. */
  readonly by: string;
  /** Unix ms by this node's clock. */
  readonly endsMs: number;
}

/** A record as a holder gives it out. */
export interface HeldRecord {
  readonly record: SignedRecord;
  /** What is left of its life, ms. */
  readonly leftMs: number;
}

export interface ShelfView {
  readonly records: readonly HeldRecord[];
  /** The key is full: there may be others. */
  readonly more: boolean;
}

export class RecordShelf {
  readonly #clock: Clock;
  readonly #random: Random;
  /** By key, then by announcer. */
  readonly #records = new Map<string, Map<string, Held>>();
  /** Records of each announcer, and by each neighbour. */
  readonly #keysOf = new Map<string, number>();
  readonly #countBy = new Map<string, number>();
  /** Sequences of ended records, by key and announcer, for as long as an older one would be taken. */
  readonly #ended = new Map<string, number>();
  #count = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  get size(): number {
    return this.#count;
  }

  /** Takes a record in place of an older one: null; where a newer one was here: its sequence. Throws OVERLOADED. */
  put({ value: record, signer }: Verified<SignedRecord>, neighbour: HashAddress): number | null {
    const [key, announcer, from] = [record.key, signer, neighbour].map(String) as [string, string, string];
    this.#end(key);
    const before = this.#records.get(key)?.get(announcer);
    const known = before?.record.sequence ?? this.#ended.get(key + announcer) ?? -1;
    if (known >= record.sequence) return before !== undefined && known === record.sequence ? null : known;
    if (before === undefined) {
      this.#makeRoom(key, announcer, from);
      this.#ended.delete(key + announcer);
      this.#tally(announcer, from, 1);
    }
    const here = this.#records.get(key) ?? new Map<string, Held>();
    const endsMs = this.#clock.wallMs() + record.lifetimeMs;
    this.#records.set(key, here.set(announcer, { record, announcer, by: before?.by ?? from, endsMs }));
    return null;
  }

  /** The living records under a key whose announcers have all these tags. */
  get(key: HashAddress, tags: Uint8Array): ShelfView {
    this.#end(key.toString());
    const here = [...(this.#records.get(key.toString())?.values() ?? [])];
    const now = this.#clock.wallMs();
    return {
      records: here
        .filter(({ record }) => hasTags(record.tags, tags))
        .map(({ record, endsMs }) => ({ record, leftMs: Math.ceil(endsMs - now) })),
      more: here.length >= RECORDS_PER_KEY_MAX,
    };
  }

  /** Once in a while: drops what has ended. */
  sweep(): void {
    for (const key of this.#records.keys()) this.#end(key);
    const tooOld = this.#clock.wallMs() - CLOCK_SKEW_MS_MAX;
    for (const [name, sequence] of this.#ended) if (sequence < tooOld) this.#ended.delete(name);
  }

  /** Drops what has ended under a key; remembers that it was there. */
  #end(key: string): void {
    const now = this.#clock.wallMs();
    for (const held of this.#records.get(key)?.values() ?? []) {
      if (held.endsMs > now) continue;
      this.#drop(held);
      this.#ended.set(key + held.announcer, held.record.sequence);
      if (this.#ended.size > ENDED_MAX) this.#ended.delete(this.#ended.keys().next().value as string);
    }
  }

  #makeRoom(key: string, announcer: string, by: string): void {
    const isOverShare = (): boolean => (this.#keysOf.get(announcer) ?? 0) >= KEYS_PER_ANNOUNCER_MAX;
    if (isOverShare() || this.#count >= RECORDS_MAX) this.sweep();
    if (isOverShare()) throw new SeaError('OVERLOADED', 'this announcer holds its share of keys here');
    const here = this.#records.get(key);
    if (here !== undefined && here.size >= RECORDS_PER_KEY_MAX) {
      const counts = new Map<string, number>();
      for (const held of here.values()) add(counts, held.by, 1);
      this.#dropOne(here.values(), counts, by);
    }
    if (this.#count >= RECORDS_MAX) this.#dropOne(this.#all(), this.#countBy, by);
  }

  *#all(): Generator<Held> {
    for (const here of this.#records.values()) yield* here.values();
  }

  /**
   * Drops one of those by whose neighbours most have come, the one that comes now counted in. Where that is its own a coin
   * decides whether it comes in at all, at each holder another one: so holders keep different ones. Throws OVERLOADED.
   */
  #dropOne(all: Iterable<Held>, counts: ReadonlyMap<string, number>, by: string): void {
    const weight = (name: string): number => counts.get(name)! + (name === by ? 1 : 0);
    const most = Math.max(...[...counts.keys()].map(weight));
    const full = [...counts].filter(([name]) => weight(name) === most);
    const names = new Set(full.map(([name]) => name));
    if ((names.has(by) || most === 1) && below(this.#random, 2) === 0)
      throw new SeaError('OVERLOADED', 'there is no room for all, and others have drawn it');
    let left = below(
      this.#random,
      full.reduce((sum, [, count]) => sum + count, 0),
    );
    for (const held of all) if (names.has(held.by) && left-- === 0) return this.#drop(held);
  }

  #drop({ record, announcer, by }: Held): void {
    const key = record.key.toString();
    const here = this.#records.get(key);
    if (here === undefined || !here.delete(announcer)) return;
    if (here.size === 0) this.#records.delete(key);
    this.#tally(announcer, by, -1);
  }

  #tally(announcer: string, by: string, change: number): void {
    this.#count += change;
    add(this.#keysOf, announcer, change);
    add(this.#countBy, by, change);
  }
}

function add(counts: Map<string, number>, name: string, change: number): void {
  const count = (counts.get(name) ?? 0) + change;
  if (count === 0) counts.delete(name);
  else counts.set(name, count);
}
