/**
 * The shard coder of a page: it comes when a file is first stored, read or held. A page with a strict policy allows
 * `worker-src blob:` and `'wasm-unsafe-eval'`.
 */

import type { ShardCoder } from '../../ports/shard-coder.ts';
import { LateShardCoder } from '../worker/late-shard-coder.ts';

export function browserShardCoder(): ShardCoder {
  return new LateShardCoder(async () => {
    const { blobShardCoder } = await import('./blob-shard-coder.ts');
    return blobShardCoder();
  });
}
