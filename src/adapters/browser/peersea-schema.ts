/** What the IndexedDB database of an origin holds. */

import type { DBSchema } from 'idb';

/**
 * What is kept of a key pair. `native`: the private half is a handle that the browser never turns into bytes. `seed`: the
 * 32 bytes themselves, for browsers without Ed25519: any script of this origin could read them.
 */
export type KeptKey =
  | { readonly kind: 'native'; readonly publicKey: Uint8Array; readonly privateKey: CryptoKey }
  | { readonly kind: 'seed'; readonly seed: Uint8Array };

export interface BlockUse {
  /** Unix time, ms. */
  readonly usedAt: number;
  readonly byteLength: number;
}

export interface ShardRecord {
  /** Bytes of the shard. */
  readonly byteLength: number;
  /** The holder's own: leases and rights. */
  readonly record: Uint8Array;
}

export interface KeptReceipts {
  /** Receipts in it. */
  readonly count: number;
  readonly bytes: Uint8Array;
}

export interface PeerseaSchema extends DBSchema {
  /** Node keys by name. */
  keys: { key: string; value: KeptKey };
  /** Settings and the peer cache. */
  small: { key: string; value: Uint8Array };
  /** Blocks by hash. */
  blocks: { key: string; value: Uint8Array };
  /** When each block was used, and its length; apart from the blocks, so that looking for the oldest reads none. */
  blockUse: { key: string; value: BlockUse; indexes: { usedAt: number } };
  /** Bytes of all blocks: written with each of them, so that every tab counts alike. */
  totals: { key: 'blockBytes'; value: number };
  /** Shards held for others, by id. */
  shards: { key: string; value: Uint8Array };
  /** What goes with each; apart from the shards, so that listing them reads none. */
  shardRecords: { key: string; value: ShardRecord };
  /** Signed receipts, by kind and the number of receipts of that kind up to and with them. */
  receipts: { key: [kind: string, last: number]; value: KeptReceipts };
}
