/** What a holder keeps: newest of each announcer, bounded, ended ones dropped; and forged records. */

import { expect, test } from 'vitest';
import { NobleCrypto } from '../adapters/memory/noble-crypto.ts';
import { isSeaError } from '../base/errors.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import type { SigningKey } from '../ports/crypto.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { KEYS_PER_ANNOUNCER_MAX, LIFETIME_MS_MAX, RECORDS_PER_KEY_MAX } from './limits.ts';
import { decodeRecord, encodeRecord, keyAddress, type SignedRecord, signRecord, verifyRecord } from './record.ts';
import { RecordShelf } from './record-shelf.ts';

const clock = new ManualClock();
const crypto = new NobleCrypto(new SeededRandom('records'));
const wall = (): number => clock.wallMs();

async function record(key: SigningKey, name: string, sequence: number, lifetimeMs = 60_000): Promise<SignedRecord> {
  return signRecord(key, {
    key: keyAddress(name),
    publicKey: key.publicKey,
    sequence,
    expiresMs: Math.floor(wall() + lifetimeMs),
    value: new Uint8Array([sequence]),
  });
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    error => (isSeaError(error) ? error.code : String(error)),
  );
}

async function put(shelf: RecordShelf, signed: SignedRecord): Promise<boolean> {
  return shelf.put(await verifyRecord(crypto, signed, wall()));
}

test('the higher sequence counts, an older one changes nothing', async () => {
  const shelf = new RecordShelf(clock);
  const key = await crypto.passingKey();
  expect(await put(shelf, await record(key, 'k', 2))).toBe(true);
  expect(await put(shelf, await record(key, 'k', 1))).toBe(false);
  expect(shelf.get(keyAddress('k'), 10).map(({ sequence }) => sequence)).toEqual([2]);
  expect(await put(shelf, await record(key, 'k', 3))).toBe(true);
  expect(shelf.get(keyAddress('k'), 10).map(({ sequence }) => sequence)).toEqual([3]);
  expect(shelf.size).toBe(1);
});

test('ended records are not given out, and go', async () => {
  const shelf = new RecordShelf(clock);
  await put(shelf, await record(await crypto.passingKey(), 'k', 1, 1_000));
  await clock.pass(1_001);
  expect(shelf.get(keyAddress('k'), 10)).toEqual([]);
  shelf.sweep();
  expect(shelf.size).toBe(0);
});

test('a full key keeps those that live longest', async () => {
  const shelf = new RecordShelf(clock);
  for (let i = 0; i < RECORDS_PER_KEY_MAX; i++)
    await put(shelf, await record(await crypto.passingKey(), 'k', 1, 60_000 + i));
  expect(await codeOf(put(shelf, await record(await crypto.passingKey(), 'k', 7, 60_000)))).toBe('OVERLOADED');
  expect(await put(shelf, await record(await crypto.passingKey(), 'k', 8, 61_000))).toBe(true);
  expect(shelf.size).toBe(RECORDS_PER_KEY_MAX);
});

test('one announcer fills its share of keys and no more', async () => {
  const shelf = new RecordShelf(clock);
  const key = await crypto.passingKey();
  for (let i = 0; i < KEYS_PER_ANNOUNCER_MAX; i++) await put(shelf, await record(key, `k${i}`, 1));
  expect(await codeOf(put(shelf, await record(key, 'one more', 1)))).toBe('OVERLOADED');
});

test('forged, ended and overlong records are refused', async () => {
  const key = await crypto.passingKey();
  const good = await record(key, 'k', 1);
  expect(await codeOf(verifyRecord(crypto, good, wall()))).toBe('none');
  expect(await codeOf(verifyRecord(crypto, { ...good, value: new Uint8Array([9]) }, wall()))).toBe('BAD_SIGNATURE');
  expect(await codeOf(verifyRecord(crypto, { ...good, key: keyAddress('other') }, wall()))).toBe('BAD_SIGNATURE');
  expect(await codeOf(verifyRecord(crypto, good, good.expiresMs))).toBe('BAD_MESSAGE');
  expect(await codeOf(verifyRecord(crypto, await record(key, 'k', 1, LIFETIME_MS_MAX + 120_000), wall()))).toBe(
    'BAD_MESSAGE',
  );
  expect(decodeRecord(encodeRecord(good))).toEqual(good);
  for (const unfit of [
    null,
    [],
    [1, 2],
    (encodeRecord(good) as unknown[]).slice(1),
    [...(encodeRecord(good) as unknown[]), 1],
  ]) {
    expect(() => decodeRecord(unfit as never)).toThrow(/BAD_MESSAGE/);
  }
});
