/** The page of the platform adapters' browser tests: what a test asks of them, as functions on `probe`. */

import { IndexedDbBlockStore } from '../../src/adapters/browser/indexed-db-block-store.ts';
import { IndexedDbKeyStore } from '../../src/adapters/browser/indexed-db-key-store.ts';
import { IndexedDbReceiptStore } from '../../src/adapters/browser/indexed-db-receipt-store.ts';
import { IndexedDbSmallStore } from '../../src/adapters/browser/indexed-db-small-store.ts';
import { PeerseaDatabase } from '../../src/adapters/browser/peersea-database.ts';
import { WebCrypto } from '../../src/adapters/browser/web-crypto.ts';
import { WebLocks } from '../../src/adapters/browser/web-locks.ts';
import { WebRandom } from '../../src/adapters/browser/web-random.ts';
import { WorkerClock } from '../../src/adapters/browser/worker-clock.ts';
import { NoblePayKeys } from '../../src/adapters/evm/noble-pay-keys.ts';
import { toHex, utf8Encode } from '../../src/base/bytes.ts';
import type { Clock } from '../../src/base/clock.ts';
import { isSeaError } from '../../src/base/errors.ts';
import { agreementCases } from '../../src/ports/acceptance/agreement.ts';
import { blockStoreCases } from '../../src/ports/acceptance/block-store.ts';
import { type CaseOutcome, runCases } from '../../src/ports/acceptance/case.ts';
import { clockCases, passRealTime } from '../../src/ports/acceptance/clock.ts';
import { cryptoCases } from '../../src/ports/acceptance/crypto.ts';
import { deviceLockCases } from '../../src/ports/acceptance/device-lock.ts';
import { payKeysCases } from '../../src/ports/acceptance/pay-keys.ts';
import { receiptStoreCases } from '../../src/ports/acceptance/receipt-store.ts';
import { smallStoreCases } from '../../src/ports/acceptance/small-store.ts';

const clock = new WorkerClock();
const random = new WebRandom();
const database = new PeerseaDatabase(clock);
const crypto = new WebCrypto(new IndexedDbKeyStore(database), random);
const locks = new WebLocks(clock);
const releases = new Map<string, () => void>();

let fresh = 0;
/** A name that nobody used before. */
const freshName = (): string => `test ${performance.timeOrigin} ${fresh++}`;

const suites = {
  crypto: () => cryptoCases(() => makeCrypto(globalThis.crypto.subtle)),
  cryptoWithoutNative: () => cryptoCases(() => makeCrypto(null)),
  agreement: () => agreementCases(async () => crypto),
  smallStore: () =>
    smallStoreCases(async () => {
      const name = freshName();
      const store = new IndexedDbSmallStore(new PeerseaDatabase(clock, name));
      return { store, reopened: async () => new IndexedDbSmallStore(new PeerseaDatabase(clock, name)) };
    }),
  blockStore: () =>
    blockStoreCases(async ({ bytesMax, clock: time }) => {
      const name = freshName();
      const make = (): IndexedDbBlockStore => new IndexedDbBlockStore(new PeerseaDatabase(clock, name), time, bytesMax);
      return { store: make(), reopened: async () => make() };
    }),
  receiptStore: () =>
    receiptStoreCases(async keptMin => {
      const name = freshName();
      const make = (): IndexedDbReceiptStore => new IndexedDbReceiptStore(new PeerseaDatabase(clock, name), keptMin);
      return { store: make(), reopened: async () => make() };
    }),
  payKeys: () =>
    payKeysCases(async () => {
      const name = freshName();
      const make = (): NoblePayKeys =>
        new NoblePayKeys(new IndexedDbSmallStore(new PeerseaDatabase(clock, name)), random);
      return { payKeys: make(), reopened: async () => make() };
    }),
  deviceLock: () => deviceLockCases(async () => ({ here: new WebLocks(clock), there: new WebLocks(clock) })),
  clock: () => clockCases(async () => ({ clock, pass: ms => passRealTime(clock, ms) })),
};

async function makeCrypto(subtle: SubtleCrypto | null) {
  const name = freshName();
  const make = (): WebCrypto => new WebCrypto(new IndexedDbKeyStore(new PeerseaDatabase(clock, name)), random, subtle);
  return { crypto: make(), reopened: async () => make() };
}

/** The code and text of what a promise rejects with, or what it resolves to. */
async function outcome(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    value => `resolved: ${String(value)}`,
    (error: unknown) => (isSeaError(error) ? error.message : `not a SeaError: ${String(error)}`),
  );
}

const probe = {
  run: (suite: keyof typeof suites): Promise<CaseOutcome[]> => runCases(suites[suite]()),

  /** Resolves when the clock has found out whether it gets its worker. */
  async clockSource(): Promise<string> {
    for (let i = 0; i < 60 && clock.source === 'page'; i++) await passRealTime(clock, 10);
    return clock.source;
  },

  /** Rings of 50 timers while the page's own setTimeout does nothing. */
  async ringsWithoutPageTimers(): Promise<number> {
    const own = globalThis.setTimeout;
    globalThis.setTimeout = (() => 0) as unknown as typeof setTimeout;
    let rings = 0;
    for (let i = 0; i < 50; i++) clock.after(i, () => rings++);
    await passRealTime(clock, 100);
    globalThis.setTimeout = own;
    return rings;
  },

  /** The kept key's public half, after a signature of it was verified. */
  async keptKey(): Promise<string> {
    const key = await crypto.keptKey('node');
    const message = utf8Encode('again');
    if (!(await crypto.verify(key.publicKey, message, await key.sign(message))))
      throw new Error('its signature does not fit');
    return toHex(key.publicKey);
  },

  /** How the key of `keptKey` is kept, read past the adapters. */
  async rawKey() {
    const record = await database.use(connection => connection.get('keys', 'node'));
    if (record?.kind !== 'native') return { kind: record?.kind };
    const { privateKey } = record;
    const exported = await globalThis.crypto.subtle.exportKey('pkcs8', privateKey).then(
      () => 'exported',
      (error: DOMException) => error.name,
    );
    return { kind: record.kind, extractable: privateKey.extractable, usages: privateKey.usages, exported };
  },

  async lock(name: string): Promise<boolean> {
    const release = await locks.acquire(name);
    if (release !== undefined) releases.set(name, release);
    return release !== undefined;
  },
  unlock: (name: string): void => releases.get(name)?.(),

  async keep(key: string, value: number[]): Promise<string> {
    return outcome(new IndexedDbSmallStore(database).set(key, Uint8Array.from(value)));
  },
  async read(key: string): Promise<number[] | undefined> {
    const value = await new IndexedDbSmallStore(database).get(key);
    return value && [...value];
  },
  async keepBlock(digit: string, byteLength: number): Promise<string> {
    return outcome(new IndexedDbBlockStore(database, clock).put(digit.repeat(64), random.bytes(byteLength)));
  },
  async blockLength(digit: string): Promise<number | undefined> {
    return (await new IndexedDbBlockStore(database, clock).get(digit.repeat(64)))?.length;
  },
  keyOutcome: (): Promise<string> => outcome(crypto.keptKey('node').then(() => 'a key')),

  /** Another page's later version of the same database arrives. */
  async upgradeElsewhere(): Promise<void> {
    const request = indexedDB.open('peersea', 99);
    await new Promise((resolve, reject) => {
      request.onsuccess = resolve;
      request.onerror = reject;
      request.onblocked = () => reject(new Error('the adapter kept its connection'));
    });
    request.result.close();
  },

  /** Opening hangs behind a deletion that waits for somebody's connection; then that one lets go. */
  async openThatHangs(): Promise<string[]> {
    const name = freshName();
    const holder = await new Promise<IDBDatabase>(resolve => {
      const request = indexedDB.open(name, 1);
      request.onsuccess = () => resolve(request.result);
    });
    indexedDB.deleteDatabase(name);
    const hasty: Clock = {
      now: () => clock.now(),
      wallMs: () => clock.wallMs(),
      after: (_, fn) => clock.after(50, fn),
    };
    const store = new IndexedDbSmallStore(new PeerseaDatabase(hasty, name));
    const whileHeld = [
      await outcome(store.set('a', Uint8Array.of(1))),
      await outcome(store.set('a', Uint8Array.of(1))),
    ];
    holder.close();
    let later = await outcome(store.set('a', Uint8Array.of(1)));
    for (let i = 0; i < 100 && later.startsWith('NO_STORAGE'); i++) {
      await passRealTime(clock, 20);
      later = await outcome(store.set('a', Uint8Array.of(1)));
    }
    return [...whileHeld, later];
  },
};

export type Probe = typeof probe;
(globalThis as unknown as { probe: Probe }).probe = probe;
