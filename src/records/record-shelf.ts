/** The records that this node holds for others: bounded per key, per announcer and in all; ended ones fall out. */

import type { HashAddress } from '../address/hash-address.ts';
import type { Verified } from '../address/signed.ts';
import type { Clock } from '../base/clock.ts';
import { SeaError } from '../base/errors.ts';
import { KEYS_PER_ANNOUNCER_MAX, RECORDS_MAX, RECORDS_PER_KEY_MAX } from './limits.ts';
import type { SignedRecord } from './record.ts';

export class RecordShelf {
  readonly #clock: Clock;
  /** By key, then by announcer. */
  readonly #records = new Map<string, Map<string, SignedRecord>>();
  readonly #keysOf = new Map<string, number>();
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#count;
  }

  /** Takes a record in place of an older one. False when a newer one is held. Throws OVERLOADED at a bound. */
  put({ value: record, signer }: Verified<SignedRecord>): boolean {
    const key = record.key.toString();
    const announcer = signer.toString();
    const held = this.#records.get(key)?.get(announcer);
    if (held !== undefined) {
      if (held.sequence >= record.sequence) return held.sequence === record.sequence;
      this.#records.get(key)!.set(announcer, record);
      return true;
    }
    this.#makeRoom(key, announcer, record);
    const here = this.#records.get(key) ?? new Map<string, SignedRecord>();
    this.#records.set(key, here.set(announcer, record));
    this.#keysOf.set(announcer, (this.#keysOf.get(announcer) ?? 0) + 1);
    this.#count++;
    return true;
  }

  /** The living records under a key, at most `count`. */
  get(key: HashAddress, count: number): SignedRecord[] {
    const now = this.#clock.wallMs();
    return [...(this.#records.get(key.toString())?.values() ?? [])]
      .filter(record => record.expiresMs > now)
      .slice(0, count);
  }

  /** Every living record; for handing on. */
  *all(): IterableIterator<SignedRecord> {
    for (const here of this.#records.values()) yield* here.values();
  }

  /** Once a beat: drops what has ended. */
  sweep(): void {
    const now = this.#clock.wallMs();
    for (const [key, here] of this.#records) {
      for (const [announcer, record] of here) if (record.expiresMs <= now) this.#drop(key, announcer);
    }
  }

  #makeRoom(key: string, announcer: string, record: SignedRecord): void {
    if ((this.#keysOf.get(announcer) ?? 0) >= KEYS_PER_ANNOUNCER_MAX)
      throw new SeaError('OVERLOADED', 'this announcer holds its share of keys here');
    const here = this.#records.get(key);
    if (here !== undefined && here.size >= RECORDS_PER_KEY_MAX) this.#dropShortest(key, here, record);
    if (this.#count >= RECORDS_MAX) throw new SeaError('OVERLOADED', 'this node holds all the records it can');
  }

  /** A full key keeps those that live longest, so that holders settle on the same set. */
  #dropShortest(key: string, here: Map<string, SignedRecord>, fresh: SignedRecord): void {
    let shortest: [string, SignedRecord] | undefined;
    for (const entry of here)
      if (shortest === undefined || entry[1].expiresMs < shortest[1].expiresMs) shortest = entry;
    if (shortest === undefined || shortest[1].expiresMs >= fresh.expiresMs)
      throw new SeaError('OVERLOADED', 'this key has all the records it can');
    this.#drop(key, shortest[0]);
  }

  #drop(key: string, announcer: string): void {
    const here = this.#records.get(key);
    if (here === undefined || !here.delete(announcer)) return;
    this.#count--;
    if (here.size === 0) this.#records.delete(key);
    const keys = (this.#keysOf.get(announcer) ?? 1) - 1;
    if (keys === 0) this.#keysOf.delete(announcer);
    else this.#keysOf.set(announcer, keys);
  }
}
