/** Lets one endpoint use a shard coder: the program of the coder worker, in a page and in Node. */

import { expose, transfer } from 'comlink';
import { isSeaError } from '../../base/errors.ts';
import { SegmentCoder } from '../../kernels/segment-coder.ts';
import type { FoundShard, SealedSegment, SegmentSeal } from '../../ports/shard-coder.ts';
import { comlinkEndpoint } from './comlink-endpoint.ts';
import type { Reply, ShardProgram } from './shard-messages.ts';
import { webSealing } from './web-sealing.ts';
import type { WorkerEndpoint } from './worker-endpoint.ts';

/** Answers requests that come over the endpoint, for as long as the worker lives. */
export function serveShards(endpoint: WorkerEndpoint): void {
  const coder = new SegmentCoder(webSealing);
  const program: ShardProgram = {
    merkleRoot: bytes => replied(coder.merkleRoot(bytes), root => [root]),
    seal: (plain, secret, k, n) => replied(coder.seal(plain, secret, k, n), shardsOf),
    open: (shards: readonly FoundShard[], seal: SegmentSeal) => replied(coder.open(shards, seal), plain => [plain]),
  };
  expose(program, comlinkEndpoint(endpoint));
}

function shardsOf({ shards }: SealedSegment): Uint8Array[] {
  return shards.map(({ bytes }) => bytes);
}

/** The outcome as data, its large parts moved rather than copied. */
async function replied<T>(work: Promise<T>, moved: (value: T) => readonly Uint8Array[]): Promise<Reply<T>> {
  try {
    const value = await work;
    const buffers = new Set(moved(value).map(({ buffer }) => buffer as ArrayBuffer)); // shards may share one
    return transfer({ outcome: 'ok', value }, [...buffers]);
  } catch (error) {
    const known = (['DAMAGED', 'BAD_ARGUMENT'] as const).find(code => isSeaError(error, code));
    return {
      outcome: 'failed',
      code: known ?? 'HOST_FAILURE',
      detail: error instanceof Error ? error.message : String(error),
    };
  }
}
