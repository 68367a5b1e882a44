/**
 * Seals what one carrier carries. A nonce is the carrier's epoch and a count, so that none is ever used twice with a key;
 * both sides count alike, so that nothing in between can leave out, repeat or reorder a frame unnoticed.
 */

import { NONCE_BYTES, type SealingPair } from '../ports/crypto.ts';

export class Envelope {
  readonly #pair: SealingPair;
  readonly #epoch: number;
  #sealed = 0;
  #opened = 0;

  constructor(pair: SealingPair, epoch: number) {
    this.#pair = pair;
    this.#epoch = epoch;
  }

  /** The nonce is taken at once: calls seal in the order they are made. */
  seal(plain: Uint8Array): Promise<Uint8Array> {
    return this.#pair.seal(nonce(this.#epoch, this.#sealed++), plain);
  }

  /** Rejects with BAD_SIGNATURE. */
  open(sealed: Uint8Array): Promise<Uint8Array> {
    return this.#pair.open(nonce(this.#epoch, this.#opened++), sealed);
  }
}

function nonce(epoch: number, count: number): Uint8Array {
  const bytes = new Uint8Array(NONCE_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, epoch);
  view.setUint32(4, Math.floor(count / 0x1_0000_0000));
  view.setUint32(8, count >>> 0);
  return bytes;
}
