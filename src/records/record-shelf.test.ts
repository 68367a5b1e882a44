/** What a holder keeps: newest of each announcer, bounded, fair to those by whom it came, ended ones dropped; and forged records. */

import { expect, test } from 'vitest';
import { NobleCrypto } from '../adapters/memory/noble-crypto.ts';
import { HashAddress } from '../address/hash-address.ts';
import type { Verified } from '../address/signed.ts';
import { concat } from '../base/bytes.ts';
import { isSeaError } from '../base/errors.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import type { SigningKey } from '../ports/crypto.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import {
  CLOCK_SKEW_MS_MAX,
  KEYS_PER_ANNOUNCER_MAX,
  LIFETIME_MS_MAX,
  RECORDS_MAX,
  RECORDS_PER_KEY_MAX,
} from './limits.ts';
import { readGetAnswer, readPutAnswer, writeGetAnswer } from './messages.ts';
import {
  decodeRecord,
  encodeRecord,
  isOfTime,
  keyAddress,
  type SignedRecord,
  signRecord,
  tagOf,
  verifyRecord,
} from './record.ts';
import { RecordShelf } from './record-shelf.ts';

const clock = new ManualClock();
const random = new SeededRandom('records');
const crypto = new NobleCrypto(random);
const neighbour = HashAddress.random(random);
const none = new Uint8Array(0);

async function record(key: SigningKey, name: string, sequence: number, lifetimeMs = 60_000, tags: Uint8Array = none) {
  const { publicKey } = key;
  const value = new Uint8Array([sequence]);
  return signRecord(key, { key: keyAddress(name), publicKey, sequence, lifetimeMs, value, tags });
}

/** As if its signature had been checked: what the shelf does with it needs none. */
function claimed(name: string, announcer = HashAddress.random(random), lifetimeMs = 60_000): Verified<SignedRecord> {
  const key = keyAddress(name);
  const value = { key, publicKey: none, sequence: 1, lifetimeMs, value: none, tags: none, signature: none };
  return { value, signer: announcer } as Verified<SignedRecord>;
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    error => (isSeaError(error) ? error.code : String(error)),
  );
}

async function put(shelf: RecordShelf, signed: SignedRecord): Promise<number | null> {
  return shelf.put(await verifyRecord(crypto, signed), neighbour);
}

function tryPut(shelf: RecordShelf, verified: Verified<SignedRecord>, by: HashAddress): boolean {
  try {
    return shelf.put(verified, by) === null;
  } catch (error) {
    expect(isSeaError(error, 'OVERLOADED')).toBe(true);
    return false;
  }
}

const sequences = (shelf: RecordShelf, name = 'k'): number[] =>
  shelf.get(keyAddress(name), none).records.map(({ record: { sequence } }) => sequence);

test('the higher sequence counts; an older one changes nothing and hears of the newer', async () => {
  const shelf = new RecordShelf(clock, random);
  const key = await crypto.passingKey();
  expect(await put(shelf, await record(key, 'k', 2))).toBe(null);
  expect(await put(shelf, await record(key, 'k', 1))).toBe(2);
  expect(sequences(shelf)).toEqual([2]);
  expect(await put(shelf, await record(key, 'k', 3))).toBe(null);
  expect(await put(shelf, await record(key, 'k', 3))).toBe(null); // the same again
  expect(sequences(shelf)).toEqual([3]);
  expect(shelf.size).toBe(1);
});

test('ended records are not given out, and go; what is left of a life is told', async () => {
  const shelf = new RecordShelf(clock, random);
  await put(shelf, await record(await crypto.passingKey(), 'k', 1, 1_000));
  await clock.pass(400);
  expect(shelf.get(keyAddress('k'), none).records[0]?.leftMs).toBe(600);
  await clock.pass(600);
  expect(sequences(shelf)).toEqual([]);
  shelf.sweep();
  expect(shelf.size).toBe(0);
});

test('an older record that would have lived longer does not come back after the newer one', async () => {
  const shelf = new RecordShelf(clock, random);
  const key = await crypto.passingKey();
  const sequence = Math.floor(clock.wallMs());
  const old = await record(key, 'k', sequence, LIFETIME_MS_MAX);
  expect(await put(shelf, old)).toBe(null);
  expect(await put(shelf, await record(key, 'k', sequence + 1, 5_000))).toBe(null);
  await clock.pass(5_000);
  expect(await put(shelf, old)).toBe(sequence + 1);
  shelf.sweep();
  expect(await put(shelf, old)).toBe(sequence + 1);
  expect(sequences(shelf)).toEqual([]);
  await clock.pass(CLOCK_SKEW_MS_MAX);
  shelf.sweep(); // it is forgotten when nobody takes the older one any more
  expect(isOfTime(old, clock.wallMs())).toBe(false);
  expect(await put(shelf, await record(key, 'k', sequence + 2))).toBe(null);
});

test('a crowd that comes by one neighbour pushes out its own, however long it wants to live', async () => {
  const shelf = new RecordShelf(clock, random);
  const honest = Array.from({ length: 10 }, () => HashAddress.random(random));
  const crowdFrom = HashAddress.random(random);
  for (const announcer of honest) shelf.put(claimed('k', announcer, 30_000), announcer);
  const crowd = Array.from({ length: 300 }, () => tryPut(shelf, claimed('k', undefined, LIFETIME_MS_MAX), crowdFrom));
  expect(crowd.filter(taken => taken).length).toBeGreaterThan(100);
  const late = HashAddress.random(random);
  shelf.put(claimed('k', late, 30_000), late);
  const { records, more } = shelf.get(keyAddress('k'), none);
  expect([records.length, more]).toEqual([RECORDS_PER_KEY_MAX, true]);
  expect(records.filter(({ record: it }) => it.lifetimeMs === 30_000)).toHaveLength(11);
});

test('of thousands of honest announcers they take turns, and two holders keep different ones', () => {
  const announcers = Array.from({ length: 4_000 }, () => HashAddress.random(random));
  const ways = announcers.slice(0, 20);
  const shelves = [new RecordShelf(clock, random), new RecordShelf(clock, random)];
  const seen = new Set<number>();
  const values = announcers.map((announcer, at) => {
    const { value, signer } = claimed('k', announcer);
    return { value: { ...value, sequence: at }, signer } as Verified<SignedRecord>;
  });
  for (const [at, verified] of values.entries()) {
    for (const shelf of shelves) tryPut(shelf, verified, ways[at % ways.length]!);
    if (at % 100 === 99) for (const sequence of sequences(shelves[0]!)) seen.add(sequence);
  }
  const [one, two] = shelves.map(shelf => sequences(shelf));
  expect(one).toHaveLength(RECORDS_PER_KEY_MAX);
  expect(one!.filter(sequence => two!.includes(sequence)).length).toBeLessThan(RECORDS_PER_KEY_MAX / 2);
  expect(seen.size).toBeGreaterThan(1_000);
});

test('a full shelf takes room from the neighbour by whom most has come', () => {
  const shelf = new RecordShelf(clock, random);
  const crowdFrom = HashAddress.random(random);
  const honest = HashAddress.random(random);
  for (let i = 0; i < RECORDS_MAX; i++) shelf.put(claimed(`k${i % 1_000}`), crowdFrom);
  for (let i = 0; i < 200; i++) shelf.put(claimed(`own ${i}`, honest), honest);
  expect(shelf.size).toBe(RECORDS_MAX);
  for (let i = 0; i < 300; i++) tryPut(shelf, claimed(`k${i}`), crowdFrom);
  for (let i = 0; i < 200; i++) expect(sequences(shelf, `own ${i}`)).toEqual([1]);
});

test('one announcer fills its share of keys and no more; ended ones do not count', async () => {
  const shelf = new RecordShelf(clock, random);
  const announcer = HashAddress.random(random);
  for (let i = 0; i < KEYS_PER_ANNOUNCER_MAX; i++) shelf.put(claimed(`k${i}`, announcer), neighbour);
  const more = (): number | null => shelf.put(claimed('one more', announcer), neighbour);
  expect(more).toThrow(/OVERLOADED/);
  await clock.pass(60_000);
  expect(more()).toBe(null);
});

test('a key is filtered by the tags that its records carry', async () => {
  const shelf = new RecordShelf(clock, random);
  const tags = concat(...['gpu', 'big'].map(tag => tagOf(keyAddress(tag))));
  await put(shelf, await record(await crypto.passingKey(), 'gpu', 1, 60_000, tags));
  await put(shelf, await record(await crypto.passingKey(), 'gpu', 2, 60_000, tagOf(keyAddress('gpu'))));
  const found = (wanted: Uint8Array): number => shelf.get(keyAddress('gpu'), wanted).records.length;
  expect(found(none)).toBe(2);
  expect(found(tags)).toBe(1);
  expect(found(concat(tags, tagOf(keyAddress('cheap'))))).toBe(0);
});

test('forged records are refused, overlong lives too; clocks may differ by an hour', async () => {
  const key = await crypto.passingKey();
  const good = await record(key, 'k', 1);
  expect(await codeOf(verifyRecord(crypto, good))).toBe('none');
  expect(await codeOf(verifyRecord(crypto, { ...good, value: new Uint8Array([9]) }))).toBe('BAD_SIGNATURE');
  expect(await codeOf(verifyRecord(crypto, { ...good, tags: new Uint8Array(4) }))).toBe('BAD_SIGNATURE');
  expect(await codeOf(verifyRecord(crypto, { ...good, key: keyAddress('other') }))).toBe('BAD_SIGNATURE');
  const at = (offMs: number, ageMsMax = 0): boolean => isOfTime(good, good.sequence + offMs, ageMsMax);
  expect([at(-CLOCK_SKEW_MS_MAX), at(CLOCK_SKEW_MS_MAX), at(CLOCK_SKEW_MS_MAX + 5, 5)]).toEqual([true, true, true]);
  expect([at(-CLOCK_SKEW_MS_MAX - 1), at(CLOCK_SKEW_MS_MAX + 1), at(CLOCK_SKEW_MS_MAX + 6, 5)]).toEqual(
    Array(3).fill(false),
  );
  expect(decodeRecord(encodeRecord(good))).toEqual(good);
  const fields = encodeRecord(good) as unknown[];
  const overlong = fields.map((field, index) => (index === 3 ? LIFETIME_MS_MAX + 1 : field));
  for (const unfit of [null, [], [1, 2], fields.slice(1), [...fields, 1], overlong])
    expect(() => decodeRecord(unfit as never)).toThrow(/BAD_MESSAGE/);
});

test('answers travel whole; no more life is believed than the announcer asked for', async () => {
  const held = { record: await record(await crypto.passingKey(), 'k', 1), leftMs: 59_000 };
  expect(readGetAnswer(writeGetAnswer({ more: true, records: [held] }))).toEqual({ more: true, records: [held] });
  const liar = writeGetAnswer({ more: false, records: [{ ...held, leftMs: 9e9 }] });
  expect(readGetAnswer(liar).records[0]?.leftMs).toBe(60_000);
  const many = { more: true, records: Array(RECORDS_PER_KEY_MAX + 1).fill(held) };
  for (const unfit of [null, [], [true], [1, []], [true, [[1]]], writeGetAnswer(many)])
    expect(() => readGetAnswer(unfit as never)).toThrow(/BAD_MESSAGE/);
  expect([readPutAnswer([null]), readPutAnswer([7])]).toEqual([null, 7]);
  for (const unfit of [null, [], [-1], [null, 1]]) expect(() => readPutAnswer(unfit as never)).toThrow(/BAD_MESSAGE/);
});
