/** What a holder agrees to, and what strangers cannot do at one. */

import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';
import { MemoryShardCoder } from '../adapters/memory/memory-shard-coder.ts';
import { NobleCrypto, seedKey } from '../adapters/memory/noble-crypto.ts';
import type { HashAddress } from '../address/hash-address.ts';
import { fromHex } from '../base/bytes.ts';
import type { ErrorCode } from '../base/errors.ts';
import { settle, testAddress } from '../compute/testing/test-network.ts';
import type { Caller } from '../rpc/exchange.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { parseLink } from './file-link.ts';
import { fetchManifest } from './get.ts';
import { decodeLeases } from './lease.ts';
import { LEASE_MS_DEFAULT, LEASE_MS_MAX, LEASE_SKEW_MS, PIECE_BYTES_MAX, SHARD_BYTES_MAX } from './limits.ts';
import { termsOf } from './manifest.ts';
import * as messages from './messages.ts';
import { RemoteHolder } from './remote-holder.ts';
import { scopes } from './scopes.ts';
import { checkAcceptance, signTerms, type Terms } from './terms.ts';
import { gather, TEST_SEGMENT_BYTES, TestSea, testBytes } from './testing/test-sea.ts';

const failing = (code: ErrorCode): unknown => expect.objectContaining({ code });
const key = (value: number): Uint8Array => new Uint8Array(32).fill(value);
const strangerKey = seedKey(key(77));

/** Somebody without any key but those it makes. */
class Stranger {
  readonly #caller: Caller;

  constructor(sea: TestSea) {
    this.#caller = sea.network.caller(testAddress(200));
  }

  async begin(at: HashAddress, terms: Terms, signature: Uint8Array): Promise<messages.Begun> {
    const body = messages.writeBegin({ terms, signature });
    return messages.readBegun(await this.#caller.call(at, scopes.begin, body));
  }

  /** With a key of its own. */
  async beginOwn(at: HashAddress, changes: Partial<Terms>): Promise<messages.Begun> {
    const keys = { fetchKey: key(1), deleteKey: strangerKey.publicKey, verifyKey: null };
    const terms = { shard: key(5), length: 1, root: key(2), endsAtMs: 1, ...keys, ...changes };
    return this.begin(at, terms, await signTerms(strangerKey, at, terms));
  }

  async piece(at: HashAddress, upload: number, bytes: Uint8Array): Promise<void> {
    await this.#caller.call(at, scopes.piece, messages.writePiece({ upload, offset: 0, bytes }));
  }

  async commit(at: HashAddress, upload: number): Promise<void> {
    await this.#caller.call(at, scopes.commit, messages.writeUpload(upload));
  }
}

describe('a lease', () => {
  it('is begun and renewed by its owner alone: who holds the manifest can end no file', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(10);
    const links = await owner.storage.put(testBytes(100_000));
    const stranger = new Stranger(sea);
    const evil = holders.find(({ address }) => parseLink(links.read).manifest.holders.some(at => at.equals(address)))!;
    const copies = await evil.shards.list();
    const before = await Promise.all(holders.map(({ shards }) => shards.list()));
    for (const { id, byteLength, record } of copies)
      for (const lease of decodeLeases(record))
        for (const { address } of holders) {
          if (address.equals(evil.address)) continue;
          const terms = { ...lease, shard: fromHex(id), length: byteLength };
          const shorter = { ...terms, endsAtMs: sea.clock.wallMs() + 1_000, fetchKey: key(3) };
          await expect(stranger.begin(address, terms, lease.signature)).rejects.toEqual(failing('NO_RIGHT'));
          const signatures = [lease.signature, await signTerms(strangerKey, address, shorter)];
          for (const signature of signatures)
            await expect(stranger.begin(address, shorter, signature)).rejects.toEqual(failing('NO_RIGHT'));
        }
    expect(await Promise.all(holders.map(({ shards }) => shards.list()))).toEqual(before);
    for (const { id } of copies) await evil.shards.delete(id);
    sea.clock.pass(40_000);
    expect(await sea.until(gather(owner.storage.get(links.read)))).toEqual(testBytes(100_000));
    expect(await sea.until(owner.storage.delete(links.delete))).toMatchObject({ deleted: expect.any(Number) });
  });

  it('is the holder’s word, which the manifest keeps', async () => {
    const sea = new TestSea();
    const { owner } = await sea.star(4);
    const { read } = await owner.storage.put(testBytes(TEST_SEGMENT_BYTES + 100), { k: 2, n: 4 });
    const crypto = new NobleCrypto(new SeededRandom('reader'));
    const caller = sea.network.caller(testAddress(201));
    const holder = (address: HashAddress) => new RemoteHolder(caller, crypto, address);
    const host = { clock: sea.clock, crypto, coder: new MemoryShardCoder(), holder };
    const manifest = await fetchManifest(host, parseLink(read).manifest, undefined);
    let words = 0;
    for (const segment of manifest.segments)
      for (const shard of segment.shards) {
        const acceptance = { publicKey: manifest.holderKeys[shard.holder]!, signature: shard.acceptance };
        const terms = termsOf(manifest, segment, shard);
        await checkAcceptance(crypto, manifest.holders[shard.holder]!, terms, acceptance);
        words++;
      }
    expect([words, manifest.endsAtMs]).toEqual([8, sea.clock.wallMs() + LEASE_MS_DEFAULT]);
  });

  it('that another node accepts is none: the next holder takes the shard', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(4);
    const liar = holders[0]!.address;
    sea.network.tamper = ({ scope, to }, answer) => {
      if (scope !== scopes.commit || !to.equals(liar)) return answer;
      return messages.writeAcceptance({ publicKey: strangerKey.publicKey, signature: new Uint8Array(64) });
    };
    const { read } = await owner.storage.put(testBytes(1_000), { k: 1, n: 3 });
    expect((await owner.storage.inspect(read)).segments[0]!.map(String)).not.toContain(liar.toString());
    await expect(owner.storage.put(testBytes(1_000, 2), { k: 1, n: 4 })).rejects.toEqual(failing('TOO_FEW_HOLDERS'));
  });

  it('lasts no longer than its holder lends for, which the offer says', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(2);
    const [short, long] = holders.map(({ address }) => address) as [HashAddress, HashAddress];
    await holders[0]!.storage.lend({ quotaBytes: 64_000_000, leaseMsMax: 5_000 });
    await holders[1]!.storage.lend({ quotaBytes: 64_000_000, leaseMsMax: LEASE_MS_MAX });
    const crypto = new NobleCrypto(new SeededRandom('asker'));
    const ask = (at: HashAddress, leaseMs: number) =>
      new RemoteHolder(sea.network.caller(testAddress(201)), crypto, at).offer({ bytes: 1, leaseMs }, undefined);
    expect(await ask(short, 5_000)).toMatchObject({ leaseMsMax: 5_000 });
    await expect(ask(short, 5_001)).rejects.toEqual(failing('LEASE_TOO_LONG'));
    expect(await ask(long, LEASE_MS_MAX)).toMatchObject({ leaseMsMax: LEASE_MS_MAX });
    const { read } = await owner.storage.put(testBytes(10), { k: 1, n: 1, leaseMs: LEASE_MS_MAX });
    expect((await owner.storage.inspect(read)).segments).toEqual([[long]]);
    const none = await owner.storage.put(testBytes(10), { k: 1, n: 2 }).catch(error => error);
    expect([none, none.cause]).toEqual([failing('TOO_FEW_HOLDERS'), failing('LEASE_TOO_LONG')]);
    const stranger = new Stranger(sea);
    const now = sea.clock.wallMs();
    const slack = { endsAtMs: now + 5_000 + LEASE_SKEW_MS }; // its owner's clock may be ahead
    expect(await stranger.beginOwn(short, slack)).toMatchObject({ state: 'awaited' });
    const beyond = stranger.beginOwn(short, { endsAtMs: slack.endsAtMs + 1 });
    await expect(beyond).rejects.toEqual(failing('LEASE_TOO_LONG'));
    await expect(stranger.beginOwn(short, { endsAtMs: now })).rejects.toEqual(failing('CLOCK_SKEW'));
    for (const leaseMsMax of [0, 1.5, LEASE_MS_MAX + 1])
      await expect(holders[0]!.storage.lend({ quotaBytes: 1, leaseMsMax })).rejects.toEqual(failing('BAD_ARGUMENT'));
  });
});

describe('a stranger', () => {
  it('who keeps uploads open leaves room for those of others', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(1, 500_000_000);
    const { address } = holders[0]!;
    const stranger = new Stranger(sea);
    const uploads: number[] = [];
    for (let i = 0; i < 16; i++) {
      const terms = { shard: key(i), length: SHARD_BYTES_MAX, endsAtMs: sea.clock.wallMs() + 1_000_000 };
      const begun = await stranger.beginOwn(address, terms).catch(error => error);
      if (begun.state === 'awaited') uploads.push(begun.upload);
      else expect(begun).toEqual(failing('OVERLOADED'));
    }
    expect(uploads.length).toBe(8);
    await owner.storage.put(testBytes(1_000), { k: 1, n: 1 });
    for (const upload of uploads) await stranger.piece(address, upload, new Uint8Array(PIECE_BYTES_MAX));
    for (let half = 0; half < 2; half++) {
      sea.clock.pass(20_000);
      await settle();
      for (const upload of uploads)
        await stranger.piece(address, upload, new Uint8Array(PIECE_BYTES_MAX)).catch(() => {});
    }
    const again = stranger.piece(address, uploads[0]!, new Uint8Array(PIECE_BYTES_MAX));
    await expect(again).rejects.toEqual(failing('NOT_FOUND')); // the same piece again is no life
    await owner.storage.put(testBytes(TEST_SEGMENT_BYTES, 2), { k: 1, n: 1 });
  });

  it('with shards of two bytes takes no more of the disk than the quota', async () => {
    const sea = new TestSea();
    const { holders } = await sea.star(1, 200_000);
    const { address, shards, storage } = holders[0]!;
    const stranger = new Stranger(sea);
    const codes = new Set<ErrorCode>();
    for (let i = 0; i < 40; i++) {
      const bytes = Uint8Array.of(i, 1);
      const terms = { shard: sha256(bytes), length: 2, endsAtMs: sea.clock.wallMs() + 1_000_000 };
      const begun = await stranger.beginOwn(address, terms).catch(error => void codes.add(error.code));
      if (begun?.state !== 'awaited') continue;
      await stranger.piece(address, begun.upload, bytes);
      await stranger.commit(address, begun.upload);
    }
    const blocks = (length: number): number => Math.ceil(length / 4_096) * 4_096;
    const kept = await shards.list();
    const onDisk = kept.reduce((sum, { byteLength, record }) => sum + blocks(byteLength) + blocks(record.length), 0);
    expect([kept.length, codes]).toEqual([21, new Set(['QUOTA'])]);
    expect(onDisk).toBeLessThanOrEqual(200_000);
    expect(storage.status()).toMatchObject({ shards: 21, usedBytes: 21 * (2 + 8_192 + 1_024) });
  });
});
