/**
 * Stores one file: segments are sealed and coded while those before are under way to n holders; the manifest goes last, to
 * as many holders as may be lost and one.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { checkAborted } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import { isSeaError, SeaError } from '../base/errors.ts';
import { type FileSource, lengthOf, segmentsOf } from '../base/file-source.ts';
import type { Random } from '../base/random.ts';
import { Turns } from '../base/turns.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';
import type { CodedShard, ShardCoder } from '../ports/shard-coder.ts';
import { formatLink } from './file-link.ts';
import {
  K_DEFAULT,
  LEASE_MS_DEFAULT,
  LEASE_MS_MAX,
  LEASE_MS_MIN,
  N_DEFAULT,
  NAME_LENGTH_MAX,
  SEGMENTS_IN_FLIGHT,
  SEGMENTS_MAX,
  SHARDS_IN_FLIGHT,
  SHARDS_MAX,
} from './limits.ts';
import { encodeDetails, encodeManifest, type ManifestSegment, type ManifestShard } from './manifest.ts';
import { Places, type PlacesHost } from './places.ts';
import type { RemoteHolder } from './remote-holder.ts';
import type { Acceptance, RightKeys, Terms } from './terms.ts';

export interface PutProgress {
  /** Bytes of the file whose shards are all durable at their holders. */
  readonly storedBytes: number;
  /** Bytes of the file; undefined while the source has not told. */
  readonly totalBytes: number | undefined;
  /** Shards that are durable at their holders. */
  readonly shards: number;
  /** Bytes of the file that are sealed and coded. */
  readonly sealedBytes: number;
}

/** A shard that is durable at its holder. */
export interface StoredShard {
  readonly segment: number;
  /** 0 to n - 1. */
  readonly shard: number;
  readonly holder: HashAddress;
}

export interface PutOptions {
  /** Shards that are enough to read. Default 4. */
  readonly k?: number | undefined;
  /** Shards of each segment, at as many holders. Default 10. */
  readonly n?: number | undefined;
  /** How long holders are asked to keep it, ms. Default 30 days. */
  readonly leaseMs?: number | undefined;
  /** Kept for readers, unseen by holders. Default: a File's own. */
  readonly name?: string | undefined;
  /** MIME type, likewise. */
  readonly type?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: PutProgress) => void) | undefined;
  readonly onShard?: ((stored: StoredShard) => void) | undefined;
}

/** Texts that are all one needs; see `file-link.ts`. */
export interface FileLinks {
  readonly read: string;
  readonly delete: string;
}

export interface PutHost extends PlacesHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly coder: ShardCoder;
  /** 32 bytes of this owner alone: equal segments of one owner become equal shards. */
  readonly secret: () => Promise<Uint8Array>;
  readonly segmentBytes: number;
}

interface Rights {
  readonly fetch: { readonly seed: Uint8Array; readonly key: SigningKey };
  readonly locate: { readonly seed: Uint8Array; readonly key: SigningKey };
  readonly delete: { readonly seed: Uint8Array; readonly key: SigningKey };
}

/** Throws BAD_ARGUMENT, TOO_FEW_HOLDERS, TOO_LARGE, ABORTED, and what the source throws. What was stored in vain is deleted. */
export async function putFile(host: PutHost, source: FileSource, options: PutOptions): Promise<FileLinks> {
  const put = new Put(host, options, lengthOf(source), await makeRights(host));
  try {
    return await put.run(source, nameOf(source, options));
  } catch (error) {
    put.undo();
    throw error;
  }
}

class Put {
  readonly #host: PutHost;
  readonly #options: PutOptions;
  readonly #totalBytes: number | undefined;
  readonly #rights: Rights;
  readonly #k: number;
  readonly #n: number;
  readonly #leaseMs: number;
  readonly #endsAtMs: number;
  /** Of shards on their way. */
  readonly #turns = new Turns(SHARDS_IN_FLIGHT);
  readonly #holders: HashAddress[] = [];
  readonly #holderKeys: Uint8Array[] = [];
  readonly #stored: { readonly holder: RemoteHolder; readonly id: Uint8Array }[] = [];
  readonly #seals: { readonly key: Uint8Array; readonly tag: Uint8Array }[] = [];
  readonly #segments: ManifestSegment[] = [];
  #storedBytes = 0;
  #sealedBytes = 0;

  constructor(host: PutHost, options: PutOptions, totalBytes: number | undefined, rights: Rights) {
    const { k = K_DEFAULT, n = N_DEFAULT, leaseMs = LEASE_MS_DEFAULT } = options;
    checkCode(k, n, leaseMs);
    this.#host = host;
    this.#options = options;
    this.#totalBytes = totalBytes;
    this.#rights = rights;
    this.#k = k;
    this.#n = n;
    this.#leaseMs = leaseMs;
    this.#endsAtMs = host.clock.wallMs() + leaseMs;
  }

  async run(source: FileSource, { name, type }: { name: string | null; type: string | null }): Promise<FileLinks> {
    const { signal } = this.#options;
    checkAborted(signal);
    const bytes = Math.ceil((this.#totalBytes ?? 0) / this.#k);
    const places = await Places.find(this.#host, this.#n, { bytes, leaseMs: this.#leaseMs }, signal);
    await this.#storeSegments(source, places);
    const details = encodeDetails({ name, type, seals: this.#seals });
    return this.#storeManifest(places, details);
  }

  /** Deletes what was stored, as far as holders can be reached; nobody waits for it. */
  undo(): void {
    const { key } = this.#rights.delete;
    for (const { holder, id } of this.#stored) void holder.delete(id, key, undefined).catch(() => {}); // leases end anyway
  }

  async #storeSegments(source: FileSource, places: Places): Promise<void> {
    const secret = await this.#host.secret();
    const underWay: Promise<void>[] = [];
    let index = 0;
    try {
      for await (const plain of segmentsOf(source, this.#host.segmentBytes)) {
        checkAborted(this.#options.signal);
        if (index >= SEGMENTS_MAX) throw new SeaError('TOO_LARGE', 'the file has too many segments');
        const storing = this.#storeSegment(index++, plain, secret, places);
        storing.catch(() => {}); // heard when its turn comes
        underWay.push(storing);
        if (underWay.length >= SEGMENTS_IN_FLIGHT) await underWay.shift();
      }
      await Promise.all(underWay);
    } finally {
      await Promise.allSettled(underWay); // nothing is stored after an undo
    }
  }

  async #storeSegment(index: number, plain: Uint8Array, secret: Uint8Array, places: Places): Promise<void> {
    const { length } = plain;
    const sealed = await this.#host.coder.seal(plain, secret, this.#k, this.#n);
    this.#seals[index] = { key: sealed.key, tag: sealed.tag };
    this.#sealedBytes += length;
    this.#tell();
    const rights = this.#rightKeys(this.#rights.fetch.key);
    const storing = sealed.shards.map(async (shard, slot) => {
      const stored = await this.#storeShard(shard, slot, places, rights);
      this.#options.onShard?.({ segment: index, shard: slot, holder: this.#holders[stored.holder]! });
      return stored;
    });
    await Promise.allSettled(storing);
    const shards: readonly ManifestShard[] = await Promise.all(storing);
    this.#segments[index] = { length, shards };
    this.#storedBytes += length;
    this.#tell();
  }

  /** Leaves the shard with the holder of its slot, or with one that takes over. */
  async #storeShard(shard: CodedShard, slot: number, places: Places, rights: RightKeys): Promise<ManifestShard> {
    const { id, root, bytes } = shard;
    const terms: Terms = { ...rights, shard: id, length: bytes.length, root, endsAtMs: this.#endsAtMs };
    for (;;) {
      let holder = places.at(slot);
      try {
        const accepted = await this.#turns.run(`${slot}`, () => {
          holder = places.at(slot); // that of a while ago may have failed another shard
          return holder.store(terms, bytes, this.#rights.delete.key, this.#options.signal);
        });
        this.#stored.push({ holder, id });
        this.#tell();
        return { id, root, holder: this.#indexOf(holder.address, accepted), acceptance: accepted.signature };
      } catch (error) {
        checkAborted(this.#options.signal);
        if (isSeaError(error, 'CLOSED')) throw error;
        await places.replace(slot, holder, error);
      }
    }
  }

  async #storeManifest(places: Places, details: Uint8Array): Promise<FileLinks> {
    const { coder, random } = this.#host;
    const inner = await coder.seal(details, random.bytes(32), 1, 1);
    const plain = encodeManifest({
      k: this.#k,
      n: this.#n,
      endsAtMs: this.#endsAtMs,
      holderKeys: this.#holderKeys,
      rights: this.#rightKeys(this.#rights.fetch.key),
      segments: this.#segments,
      details: { bytes: inner.shards[0]!.bytes, tag: inner.tag },
    });
    const { length } = plain;
    const sealed = await coder.seal(plain, random.bytes(32), 1, 1);
    const shard = sealed.shards[0]!;
    const rights = this.#rightKeys(this.#rights.locate.key);
    const copies = Array.from({ length: this.#n - this.#k + 1 }, (_, slot) =>
      this.#storeShard(shard, slot, places, rights),
    );
    await Promise.allSettled(copies);
    const holders = (await Promise.all(copies)).map(({ holder }) => this.#holders[holder]!);
    const manifest = {
      id: shard.id,
      length,
      key: sealed.key,
      tag: sealed.tag,
      fetchSeed: this.#rights.locate.seed,
      holders,
    };
    return {
      read: formatLink({ kind: 'read', manifest, seed: this.#rights.fetch.seed, detailsKey: inner.key }),
      delete: formatLink({ kind: 'delete', manifest, seed: this.#rights.delete.seed }),
    };
  }

  #rightKeys(fetch: SigningKey): RightKeys {
    return { fetchKey: fetch.publicKey, deleteKey: this.#rights.delete.key.publicKey, verifyKey: null };
  }

  #indexOf(address: HashAddress, { publicKey }: Acceptance): number {
    const known = this.#holders.findIndex(each => each.equals(address));
    if (known !== -1) return known;
    this.#holderKeys.push(publicKey);
    return this.#holders.push(address) - 1;
  }

  #tell(): void {
    const { onProgress } = this.#options;
    onProgress?.({
      storedBytes: this.#storedBytes,
      totalBytes: this.#totalBytes,
      shards: this.#stored.length,
      sealedBytes: this.#sealedBytes,
    });
  }
}

async function makeRights({ random, crypto }: PutHost): Promise<Rights> {
  const make = async (): Promise<Rights['fetch']> => {
    const seed = random.bytes(32);
    return { seed, key: await crypto.seedKey(seed) };
  };
  return { fetch: await make(), locate: await make(), delete: await make() };
}

function nameOf(source: FileSource, options: PutOptions): { name: string | null; type: string | null } {
  const told = source as { readonly name?: unknown; readonly type?: unknown };
  const text = (given: string | undefined, own: unknown): string | null => {
    const value = given ?? (typeof own === 'string' && own !== '' ? own : null);
    return value === null ? null : value.slice(0, NAME_LENGTH_MAX).replace(/\p{Surrogate}/gu, '?');
  };
  return { name: text(options.name, told.name), type: text(options.type, told.type) };
}

function checkCode(k: number, n: number, leaseMs: number): void {
  if (!Number.isInteger(k) || !Number.isInteger(n) || k < 1 || n < k || n > SHARDS_MAX)
    throw new SeaError('BAD_ARGUMENT', `a file is stored with 1 ≤ k ≤ n ≤ ${SHARDS_MAX}, not k=${k} n=${n}`);
  if (!Number.isSafeInteger(leaseMs) || leaseMs < LEASE_MS_MIN || leaseMs > LEASE_MS_MAX)
    throw new SeaError('BAD_ARGUMENT', `a lease lasts ${LEASE_MS_MIN} to ${LEASE_MS_MAX} ms, not ${leaseMs}`);
}
