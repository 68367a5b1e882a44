/** What the coder worker and its owner say to each other, by comlink. Both run our own code: replies are taken on trust. */

import type { ErrorCode } from '../../base/errors.ts';
import type { FoundShard, SealedSegment, SegmentSeal } from '../../ports/shard-coder.ts';

export type Reply<T> =
  | { readonly outcome: 'ok'; readonly value: T }
  | {
      readonly outcome: 'failed';
      readonly code: Extract<ErrorCode, 'DAMAGED' | 'BAD_ARGUMENT' | 'HOST_FAILURE'>;
      readonly detail: string;
    };

/** See ShardCoder, whose methods these are. */
export interface ShardProgram {
  merkleRoot(bytes: Uint8Array): Promise<Reply<Uint8Array>>;
  seal(plain: Uint8Array, secret: Uint8Array, k: number, n: number): Promise<Reply<SealedSegment>>;
  open(shards: readonly FoundShard[], seal: SegmentSeal): Promise<Reply<Uint8Array>>;
}
