/** What this node hands out, and only while somebody offers it: knowing a block's name is enough to be given it. */

import type { ContentId } from '../address/content-id.ts';
import { checkAborted } from '../base/abort.ts';
import { SeaError } from '../base/errors.ts';
import { Turns } from '../base/turns.ts';
import type { Body, Incoming } from '../rpc/exchange.ts';
import { OFFERED_BLOCKS_MAX, READS_AT_ONCE } from './limits.ts';
import { readGet, writeBlock } from './messages.ts';

/** A block that can be had when it is asked for. */
export interface Offered {
  readonly id: ContentId;
  /** Undefined when it is here no more. */
  readonly read: () => Promise<Uint8Array | undefined>;
}

export class Offers {
  /** By hex digest: the offers that name the block, the newest last. */
  readonly #offered = new Map<string, Offered[]>();
  readonly #turns = new Turns(READS_AT_ONCE);
  #count = 0;

  /** Hands these blocks out until the returned function is called. OVERLOADED: then none of them is. */
  add(blocks: readonly Offered[]): () => void {
    if (this.#count + blocks.length > OFFERED_BLOCKS_MAX)
      throw new SeaError('OVERLOADED', `${OFFERED_BLOCKS_MAX} blocks are offered at most`);
    this.#count += blocks.length;
    for (const block of blocks) {
      const known = this.#offered.get(block.id.hex);
      if (known === undefined) this.#offered.set(block.id.hex, [block]);
      else known.push(block);
    }
    let stands = true;
    return () => {
      if (!stands) return;
      stands = false;
      this.#count -= blocks.length;
      for (const block of blocks) this.#remove(block);
    };
  }

  /** Answers `blocks:get`. Throws NOT_FOUND, BAD_MESSAGE, the signal's reason. */
  async answer({ body, caller, by = caller, signal }: Incoming): Promise<Body> {
    const id = readGet(body);
    const read = async (): Promise<Uint8Array | undefined> => {
      checkAborted(signal);
      return this.#offered.get(id.hex)?.at(-1)?.read();
    };
    const bytes = await this.#turns.run(by.toString(), read);
    if (bytes === undefined) throw new SeaError('NOT_FOUND', 'the block is not offered here');
    return writeBlock(bytes);
  }

  #remove(block: Offered): void {
    const known = this.#offered.get(block.id.hex) ?? [];
    const at = known.indexOf(block);
    if (at >= 0) known.splice(at, 1);
    if (known.length === 0) this.#offered.delete(block.id.hex);
  }
}
