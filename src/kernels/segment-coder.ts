/**
 * Seals and codes one segment, and opens it from any k of its shards: the body of every shard coder, whatever thread it
 * runs on. What it needs of cryptography is given.
 */

import { SeaError } from '../base/errors.ts';
import type { CodedShard, FoundShard, SealedSegment, SegmentSeal } from '../ports/shard-coder.ts';
import { CODE_SHARDS_MAX } from './galois.ts';
import { Kernel } from './kernel.ts';

export const TAG_BYTES = 16;
export const KEY_BYTES = 32;

/** Cryptography in bulk. Keys are 32 bytes. */
export interface Sealing {
  sha256(bytes: Uint8Array): Promise<Uint8Array>;
  /** HKDF-SHA-256 (RFC 5869) with info "peersea/segment", 32 bytes. */
  deriveKey(secret: Uint8Array, salt: Uint8Array): Promise<Uint8Array>;
  /** AES-256-GCM with a nonce of 12 zero bytes: the ciphertext and its 16-byte tag. */
  encrypt(key: Uint8Array, plain: Uint8Array): Promise<Uint8Array>;
  /** Undefined when the tag does not fit. */
  decrypt(key: Uint8Array, sealed: Uint8Array): Promise<Uint8Array | undefined>;
}

export class SegmentCoder {
  readonly #sealing: Sealing;
  #kernel: Kernel | undefined;

  constructor(sealing: Sealing) {
    this.#sealing = sealing;
  }

  hash(bytes: Uint8Array): Promise<Uint8Array> {
    return this.#sealing.sha256(bytes);
  }

  async merkleRoot(bytes: Uint8Array): Promise<Uint8Array> {
    return this.#engine().merkleRoot(bytes);
  }

  /** See ShardCoder.seal. */
  async seal(plain: Uint8Array, secret: Uint8Array, k: number, n: number): Promise<SealedSegment> {
    checkCode(plain.length, k, n);
    const key = await this.#sealing.deriveKey(secret, await this.#sealing.sha256(plain));
    const sealed = await this.#sealing.encrypt(key, plain);
    const data = cut(sealed, plain.length, k);
    const strings = [...data, ...this.#engine().parity(data, k, n)];
    const ids = Promise.all(strings.map(bytes => this.#sealing.sha256(bytes))); // beside the trees where there are threads
    const roots = strings.map(bytes => this.#engine().merkleRoot(bytes));
    const shards: CodedShard[] = (await ids).map((id, i) => ({ bytes: strings[i]!, id, root: roots[i]! }));
    return { key, tag: sealed.slice(plain.length), shards };
  }

  /** See ShardCoder.open. */
  async open(found: readonly FoundShard[], { k, length, key, tag }: SegmentSeal): Promise<Uint8Array> {
    checkCode(length, k, k);
    const shardBytes = Math.ceil(length / k);
    const different = new Map(found.map(shard => [shard.index, shard]));
    const present = [...different.values()].slice(0, k);
    if (present.length < k) throw new SeaError('BAD_ARGUMENT', `${present.length} shards, ${k} are needed`);
    if (present.some(({ bytes, index }) => bytes.length !== shardBytes || !isIndex(index)))
      throw new SeaError('DAMAGED', 'a shard has another length than its segment says');
    const sealed = new Uint8Array(length + TAG_BYTES);
    const place = (index: number, bytes: Uint8Array): void =>
      sealed.set(bytes.subarray(0, Math.max(0, length - index * shardBytes)), index * shardBytes);
    const absent = Array.from({ length: k }, (_, i) => i).filter(i => !present.some(({ index }) => index === i));
    for (const { index, bytes } of present) if (index < k) place(index, bytes);
    if (absent.length > 0) {
      const recovered = this.#engine().recover(k, present, absent);
      for (const [i, index] of absent.entries()) place(index, recovered[i]!);
    }
    sealed.set(tag, length);
    const plain = await this.#sealing.decrypt(key, sealed);
    if (plain === undefined)
      throw new SeaError('DAMAGED', 'the segment does not open: its shards are not what was sealed');
    return plain;
  }

  #engine(): Kernel {
    this.#kernel ??= new Kernel();
    return this.#kernel;
  }
}

/** The first `used` bytes as k strings of equal length: views, where what is used fills them; else filled up with zeros. */
function cut(bytes: Uint8Array, used: number, k: number): Uint8Array[] {
  const length = Math.ceil(used / k);
  return Array.from({ length: k }, (_, i) => {
    const end = (i + 1) * length;
    if (end <= used) return bytes.subarray(i * length, end);
    const shard = new Uint8Array(length);
    shard.set(bytes.subarray(Math.min(i * length, used), used));
    return shard;
  });
}

function checkCode(length: number, k: number, n: number): void {
  if (!Number.isInteger(k) || !Number.isInteger(n) || k < 1 || n < k || n > CODE_SHARDS_MAX)
    throw new SeaError('BAD_ARGUMENT', `a code has 1 ≤ k ≤ n ≤ ${CODE_SHARDS_MAX}, not k=${k} n=${n}`);
  if (length < 1) throw new SeaError('BAD_ARGUMENT', 'a segment has at least one byte');
}

function isIndex(index: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < CODE_SHARDS_MAX;
}
