/** Chance from the browser's (or Node's) cryptographic generator. */

import type { Random } from '../../base/random.ts';

/** Most bytes that getRandomValues gives at once (Web Cryptography API §10.1.1). */
const SLICE_BYTES = 65_536;

export class WebRandom implements Random {
  bytes(length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    for (let offset = 0; offset < length; offset += SLICE_BYTES) {
      crypto.getRandomValues(bytes.subarray(offset, offset + SLICE_BYTES));
    }
    return bytes;
  }
}
