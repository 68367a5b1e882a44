/**
 * The one IndexedDB database of an origin, opened on first use and shared by the key store, the small store, the block
 * store, the shard store and the receipt store. Whatever the browser refuses (no storage in this window, full, held by an old tab) comes out as NO_STORAGE.
 */

import { type IDBPDatabase, openDB } from 'idb';
import type { Clock } from '../../base/clock.ts';
import { deferred } from '../../base/deferred.ts';
import { SeaError } from '../../base/errors.ts';
import type { PeerseaSchema } from './peersea-schema.ts';

export type Connection = IDBPDatabase<PeerseaSchema>;

/** Raise by one with each change of the schema, and add its step to `upgrade`. */
const VERSION = 3;

/** An open that takes longer is given up, ms: some browsers leave one hanging for ever. */
const OPEN_TIMEOUT_MS = 10_000;

export class PeerseaDatabase {
  readonly #clock: Clock;
  readonly #name: string;
  #connection: Promise<Connection> | undefined;

  /** Nothing is opened yet. `name` tells databases of one origin apart. */
  constructor(clock: Clock, name: string = 'peersea') {
    this.#clock = clock;
    this.#name = name;
  }

  /** What `work` gives. It may run twice: do one transaction in it. Throws NO_STORAGE; SeaErrors of `work` pass. */
  async use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#connect());
    } catch (error) {
      if (!isClosedUnderUs(error)) throw asNoStorage(error);
    }
    try {
      return await work(await this.#connect());
    } catch (error) {
      throw asNoStorage(error);
    }
  }

  /** Closes the connection; the next use opens it again. */
  close(): void {
    this.#connection?.then(connection => connection.close()).catch(() => {}); // one that never opened needs no closing
    this.#connection = undefined;
  }

  #connect(): Promise<Connection> {
    this.#connection ??= this.#open();
    return this.#connection;
  }

  #open(): Promise<Connection> {
    const late = deferred<never>();
    const opening = (async () =>
      openDB<PeerseaSchema>(this.#name, VERSION, {
        upgrade: (connection, oldVersion) => upgrade(connection, oldVersion),
        blocked: () =>
          late.reject(new SeaError('NO_STORAGE', 'another tab of this site runs an older version: close it')),
        blocking: () => this.close(), // a newer version in another tab waits for this one to let go
        terminated: () => this.close(),
      }))();
    const cancel = this.#clock.after(OPEN_TIMEOUT_MS, () =>
      late.reject(new SeaError('NO_STORAGE', `the browser did not open its storage within ${OPEN_TIMEOUT_MS} ms`)),
    );
    const connection = Promise.race([opening, late.promise]);
    // One that opens late serves from then on; until it does, every use fails at once. A refusal is tried again next time.
    opening.then(
      () => this.#settle(cancel, connection, opening),
      () => this.#settle(cancel, connection, undefined),
    );
    return connection;
  }

  #settle(cancel: () => void, tried: Promise<Connection>, opened: Promise<Connection> | undefined): void {
    cancel();
    if (this.#connection === tried) this.#connection = opened;
    else opened?.then(connection => connection.close());
  }
}

function upgrade(connection: Connection, oldVersion: number): void {
  if (oldVersion < 1) {
    connection.createObjectStore('keys');
    connection.createObjectStore('small');
    connection.createObjectStore('blocks');
    connection.createObjectStore('blockUse').createIndex('usedAt', 'usedAt');
    connection.createObjectStore('totals');
  }
  if (oldVersion < 2) {
    connection.createObjectStore('shards');
    connection.createObjectStore('shardRecords');
  }
  if (oldVersion < 3) connection.createObjectStore('receipts');
}

/** A connection that was closed (see `close`) between the moment it was had and its transaction. */
function isClosedUnderUs(error: unknown): boolean {
  return nameOf(error) === 'InvalidStateError';
}

function asNoStorage(error: unknown): SeaError {
  if (error instanceof SeaError) return error;
  return new SeaError('NO_STORAGE', sentence(nameOf(error), error), { cause: error });
}

function sentence(name: string, error: unknown): string {
  switch (name) {
    case 'QuotaExceededError':
      return "the browser's storage for this site is full";
    case 'VersionError':
      return 'a newer version of this page has been here: reload it';
    case 'SecurityError':
      return 'the browser allows this page no storage (a sandboxed frame, or cookies are blocked)';
    case 'ReferenceError':
      return 'this browser has no IndexedDB';
    default:
      return `the browser refused to store or read (${String(error)})`;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : '';
}
