/** Chance from the browser's (or Node's) cryptographic generator, asked for a stock at a time: each call of it is slow. */

import type { Random } from '../../base/random.ts';

/** Most bytes that getRandomValues gives at once (Web Cryptography API §10.1.1). */
const SLICE_BYTES = 65_536;

const STOCK_BYTES = 4_096;

/** What is asked for in larger pieces is not worth taking from the stock. */
const PIECE_BYTES_MAX = 64;

export class WebRandom implements Random {
  readonly #stock = new Uint8Array(STOCK_BYTES);
  #used = STOCK_BYTES;

  bytes(length: number): Uint8Array<ArrayBuffer> {
    return length <= PIECE_BYTES_MAX ? this.#piece(length) : fresh(length);
  }

  #piece(length: number): Uint8Array<ArrayBuffer> {
    if (this.#used + length > STOCK_BYTES) {
      crypto.getRandomValues(this.#stock);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += length;
    const piece = this.#stock.slice(start, this.#used);
    this.#stock.fill(0, start, this.#used); // nonces and seeds are kept nowhere else
    return piece;
  }
}

function fresh(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let offset = 0; offset < length; offset += SLICE_BYTES) {
    crypto.getRandomValues(bytes.subarray(offset, offset + SLICE_BYTES));
  }
  return bytes;
}
