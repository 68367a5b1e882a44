/**
 * Turns one segment of a file into sealed, coded shards and back, off the main thread where the platform has other ones.
 * Sealing: AES-256-GCM (NIST SP 800-38D) with nonce 0 and the key HKDF-SHA-256(secret, salt = SHA-256 of the plain bytes),
 * which is another one for other bytes. Coding and Merkle tree: `kernels/`.
 */

/** One of the n byte strings that a segment becomes, all of length ⌈length of the segment / k⌉. */
export interface CodedShard {
  /** Shards of one segment may be views of one memory. */
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, 32 bytes: the digest of its content id. */
  readonly id: Uint8Array;
  /** Merkle root over its blocks of 1 KiB, 32 bytes. */
  readonly root: Uint8Array;
}

export interface SealedSegment {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 16 bytes; stands beside the shards, so that they hold the ciphertext alone. */
  readonly tag: Uint8Array;
  /** n of them; the first k are the ciphertext itself. */
  readonly shards: readonly CodedShard[];
}

/** A shard as it came from its holder. */
export interface FoundShard {
  /** Its place among the n. */
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** How a segment was sealed and coded. */
export interface SegmentSeal {
  readonly k: number;
  /** Bytes of the plain segment. */
  readonly length: number;
  readonly key: Uint8Array;
  readonly tag: Uint8Array;
}

export interface ShardCoder {
  /** SHA-256 of any number of bytes. */
  hash(bytes: Uint8Array): Promise<Uint8Array>;
  /** The Merkle root of any bytes. */
  merkleRoot(bytes: Uint8Array): Promise<Uint8Array>;
  /**
   * Seals a segment (at least one byte; its memory may move away) and codes it into n shards, any k of which give it
   * back; 1 ≤ k ≤ n ≤ 256. `secret`: 32 bytes. Throws BAD_ARGUMENT, HOST_FAILURE, CLOSED.
   */
  seal(plain: Uint8Array, secret: Uint8Array, k: number, n: number): Promise<SealedSegment>;
  /**
   * The plain segment from k different shards, whose memory may move away. Throws DAMAGED when they do not open,
   * BAD_ARGUMENT, HOST_FAILURE, CLOSED.
   */
  open(shards: readonly FoundShard[], seal: SegmentSeal): Promise<Uint8Array>;
  /** Ends what works for it. Idempotent. */
  close(): void;
}
