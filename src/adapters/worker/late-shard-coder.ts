/** A shard coder that comes, with all that goes with it, when a file is first stored or read. */

import { SeaError } from '../../base/errors.ts';
import { late } from '../../base/late.ts';
import type { FoundShard, SealedSegment, SegmentSeal, ShardCoder } from '../../ports/shard-coder.ts';

export class LateShardCoder implements ShardCoder {
  readonly #come: () => Promise<ShardCoder>;
  #coder: ShardCoder | undefined;
  #closed = false;

  /** `load` is asked once, and again after a failure, which is thrown as HOST_FAILURE. */
  constructor(load: () => Promise<ShardCoder>) {
    this.#come = late(async () => this.#adopt(await load()));
  }

  async hash(bytes: Uint8Array): Promise<Uint8Array> {
    return (await this.#ready()).hash(bytes);
  }

  async merkleRoot(bytes: Uint8Array): Promise<Uint8Array> {
    return (await this.#ready()).merkleRoot(bytes);
  }

  async seal(plain: Uint8Array, secret: Uint8Array, k: number, n: number): Promise<SealedSegment> {
    return (await this.#ready()).seal(plain, secret, k, n);
  }

  async open(shards: readonly FoundShard[], seal: SegmentSeal): Promise<Uint8Array> {
    return (await this.#ready()).open(shards, seal);
  }

  close(): void {
    this.#closed = true;
    this.#coder?.close();
  }

  async #ready(): Promise<ShardCoder> {
    const coder = await this.#come();
    if (this.#closed) throw new SeaError('CLOSED', 'the shard coder was closed');
    return coder;
  }

  #adopt(coder: ShardCoder): ShardCoder {
    if (this.#closed) coder.close();
    this.#coder = coder;
    return coder;
  }
}
