/** What this device asks for computing: a setting. */

import { SeaError } from '../base/errors.ts';
import type { Reader } from '../wire/reader.ts';
import { AMOUNT_BYTES, checkAmount, fromBytes, toBytes } from './amount.ts';
import type { Kept } from './kept.ts';
import { EGRESS_KIB_MAX } from './limits.ts';
import { NO_PRICES, priceMaxOf } from './quote.ts';
import type { Ask } from './views.ts';

const NOTHING: Ask = { part: 0n, egress: 0n, free: true };

export class PriceTag {
  readonly #kept: Kept;
  #ask: Ask;

  private constructor(kept: Kept, ask: Ask) {
    this.#kept = kept;
    this.#ask = ask;
  }

  static async open(kept: Kept): Promise<PriceTag> {
    return new PriceTag(kept, (await kept.get('ask', readAsk)) ?? NOTHING);
  }

  get ask(): Ask {
    return this.#ask;
  }

  /** Throws BAD_ARGUMENT, NO_STORAGE. */
  async change(price: { readonly part: bigint; readonly egress?: bigint; readonly free?: boolean }): Promise<void> {
    const part = checkAmount('part', price.part);
    const egress = checkAmount('egress', price.egress ?? 0n);
    checkAmount(
      'the most that a part may cost',
      1_000_000n * priceMaxOf({ ...NO_PRICES, part, egress }, EGRESS_KIB_MAX),
    );
    const free = price.free ?? (part === 0n && egress === 0n);
    if (typeof free !== 'boolean') throw new SeaError('BAD_ARGUMENT', 'free is true or false');
    await this.#kept.set('ask', [toBytes(part, AMOUNT_BYTES), toBytes(egress, AMOUNT_BYTES), free]);
    this.#ask = { part, egress, free };
  }
}

function readAsk(reader: Reader): Ask {
  const part = fromBytes(reader.bytes('part', AMOUNT_BYTES));
  const egress = fromBytes(reader.bytes('egress', AMOUNT_BYTES));
  return { part, egress, free: reader.flag('free') };
}
